"""Interface of the durable queue; ``agent.cohort.durable_queue`` implements it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from agent.cohort.model import Task

Work = Callable[[Task], None]
"""Works on one task to its end; returning is what ends it, so it must not return from what is not done."""


class Queue(Protocol):
    """A queue of tasks that outlives the processes that work on it."""

    def put(self, tasks: Iterable[Task]) -> None:
        """Queue tasks; one whose id was queued before is not queued twice."""

    def serve(self, worker: str, work: Work) -> AbstractContextManager[None]:
        """Let tasks be worked on, one at a time, while the context is open; its end waits for the one that runs."""

    def is_waiting(self) -> bool:
        """Return whether any task is queued or taken."""

    def give_back(self, worker: str) -> int:
        """Queue again what a dead worker had taken, and return how many that was."""
