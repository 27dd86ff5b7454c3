"""The durable queue on DBOS; the only module that knows DBOS.

What DBOS keeps of a task (its arguments, result and any exception) goes through ``SealedJson``: DBOS itself would write
pickles, which are readable, and run code when read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, Serializer
from sqlalchemy.exc import DBAPIError

from agent.cohort.model import Task
from agent.cohort.sealing import Sealer
from agent.cohort.worker import Work
from agent.errors import UsageError

NAME, QUEUE, WORKFLOW = "gradsync", "gradsync.cohort", "gradsync.case"
VERSION = "1"
"""Of what a task means: workers take only tasks of theirs. DBOS's own is a digest of the code, which any change changes."""
PLACE = "dbos"
POLL_SECONDS = 0.2
TOGETHER = 500
"""Tasks that are put in one transaction."""
LONGEST_CASE = 3600
"""Seconds for which a worker that was told to stop may go on with the case it has."""


class SealedJson(Serializer):
    """JSON, sealed; of an exception only the type's name, since its text may hold what a page showed."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def serialize(self, data: object) -> str:
        """Return sealed JSON."""
        return self._sealer.seal(json.dumps(data, default=_plain, ensure_ascii=False), PLACE)

    def deserialize(self, serialized_data: str) -> object:
        """Return what was sealed."""
        return json.loads(self._sealer.open(serialized_data, PLACE))

    def name(self) -> str:
        """Return what stands beside each value in the store."""
        return "gradsync_sealed_json"


def _plain(value: object) -> object:
    return {"exception": type(value).__name__} if isinstance(value, BaseException) else repr(type(value))


class DbosQueue:
    """A queue in the cohort's database (``agent.cohort.worker.Queue``).

    Args:
        address: The database's address.
        engine: The same database, connected.
        sealer: Seals what the queue holds.

    Raises:
        UsageError: The database cannot be used.
    """

    def __init__(self, address: str, engine: sa.Engine, sealer: Sealer) -> None:
        self._address, self._engine, self._serializer = address, engine, SealedJson(sealer)
        try:
            DBOS.migrate(address)
        except DBAPIError as error:
            raise UsageError(f"名单的数据库不能用作队列（{type(error.orig).__name__}）。") from None
        self._client = DBOSClient(
            system_database_engine=engine, serializer=self._serializer, application_name=NAME
        )

    def close(self) -> None:
        """Let go of the database."""
        self._client.destroy()

    def put(self, tasks: Iterable[Task]) -> None:
        """Queue tasks; one whose id was queued before is not queued twice."""
        left = iter(tasks)
        while together := list(islice(left, TOGETHER)):
            with self._engine.begin() as connection:
                for task in together:
                    options = EnqueueOptions(workflow_name=WORKFLOW, queue_name=QUEUE, workflow_id=task.id)
                    self._client.enqueue_in_transaction(connection, options, task.model_dump(mode="json"))

    @contextmanager
    def serve(self, worker: str, work: Work) -> Iterator[None]:
        """Let tasks be worked on, one at a time, while the context is open; its end waits for the one that runs."""

        @DBOS.workflow(name=WORKFLOW)
        def case(data: dict[str, Any]) -> None:
            work(Task.model_validate(data))

        DBOS(config=self._config(worker))
        DBOS.listen_queues([QUEUE])
        DBOS.launch()
        try:
            DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=POLL_SECONDS)
            yield
        finally:
            DBOS.destroy(workflow_completion_timeout_sec=LONGEST_CASE, destroy_registry=True)

    def is_waiting(self) -> bool:
        """Return whether any task is queued or taken."""
        found = self._client.list_workflows(
            queue_name=QUEUE, status=["ENQUEUED", "PENDING"], limit=1, load_input=False, load_output=False
        )
        return bool(found)

    def give_back(self, worker: str) -> int:
        """Queue again what a dead worker had taken, and return how many that was."""
        taken = self._client.list_workflows(
            executor_id=worker, status="PENDING", load_input=False, load_output=False
        )
        for workflow in taken:
            self._client.resume_workflow(workflow.workflow_id, queue_name=QUEUE)
        return len(taken)

    def _config(self, worker: str) -> DBOSConfig:
        return DBOSConfig(
            name=NAME,
            system_database_url=self._address,
            executor_id=worker,
            application_version=VERSION,
            serializer=self._serializer,
            log_level="ERROR",
            run_migrations=False,
        )
