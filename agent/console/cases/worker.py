"""The process of one case: carries an order out, tells the console how it goes, and puts every ask to it.

A process of its own, because Playwright's objects belong to one thread, because a crash must not take other students' cases
along, and because a case must outlive nothing but itself: when the console goes, the pipe ends and the case stops.
"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from io import FileIO, RawIOBase
from queue import Empty, SimpleQueue
from typing import BinaryIO

from agent.ask_registry import is_in_window
from agent.asks import SKIP, YES, Answer, Answerer, Ask, AskKind
from agent.console.cases import messages
from agent.engine.steps import Progress
from agent.errors import GradsyncError, Interrupted

BY = "console"
Run = Callable[[messages.CaseOrder, Progress, Sequence[Answerer]], int]
"""Carries an order out and returns the exit status; a report is there at every end."""


def work(run: Run, stopped: Callable[[Callable[[], None]], GradsyncError | None]) -> int:
    """Read the order from stdin, carry it out, and return the exit status.

    Args:
        run: Carries it out.
        stopped: The boundary that catches everything and returns what stopped the work.
    """
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # ignored where the console runs in the background
    lines = FileIO(sys.stdin.fileno(), closefd=False)  # a buffer's lock would still be held at the exit
    stream = sys.stdout.buffer
    sys.stdout = sys.stderr  # what is printed by mistake must not be taken for a line of ours
    order = messages.CaseOrder.model_validate_json(lines.readline())
    caller = ConsoleClient(stream, windows=order.by_hand)
    threading.Thread(target=caller.listen, args=(lines,), daemon=True).start()
    status: list[int] = []
    error = stopped(lambda: status.append(run(order, caller, [caller])))
    if error:
        caller.say_refused(error)
    return status[0] if status else int(error.exit_status if error else 0)


class ConsoleClient:
    """The console, as the run sees it: whoever is told how it goes, and whoever answers.

    Args:
        stream: Where the lines go.
        windows: Whether there is a browser window in which the person can do something.
    """

    def __init__(self, stream: BinaryIO, *, windows: bool) -> None:
        self._stream, self._windows = stream, windows
        self._answers: SimpleQueue[messages.Answered | None] = SimpleQueue()
        self._number = 0
        self._stopping = False
        self._by_hand = False

    def step_started(self, step_id: str, title: str) -> None:
        """Send that a step began; a run that is to stop does so here, between two steps.

        Raises:
            Interrupted: The person stopped it, withdrew, or the console is gone.
        """
        self._by_hand = False
        self._stop_if_wanted()
        self._send(messages.StepStarted(id=step_id, title=title))

    def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
        """Send how a step came out."""
        self._by_hand = False
        self._send(messages.StepEnded(id=step_id, status=status, seconds=seconds, detail=detail))

    def say(self, text: str) -> None:
        """Send a Chinese sentence."""
        self._send(messages.Sentence(text=text))

    def say_refused(self, error: GradsyncError) -> None:
        """Tell why the run could not begin."""
        self._send(messages.Refused(message=error.message, remedy=error.remedy))

    def expects(self, ask_id: str) -> bool:
        """True: the person sits at the page; without a window nothing can be done there."""
        return self._windows or not is_in_window(ask_id)

    def answer(self, ask: Ask) -> Answer | None:
        """Put the ask on the page and wait; None when its time is over, or there is no window for what is to be done.

        What is done in the browser window is noticed there: nobody has to come back to the page and say so, unless the ask
        has options for what they may say.

        Raises:
            Interrupted: The run is to stop.
        """
        self._stop_if_wanted()
        if ask.kind is AskKind.DONE and not self._windows:
            return None
        self._number += 1
        self._by_hand = ask.kind is AskKind.DONE and not ask.options
        self._send(messages.Asked(number=self._number, ask=ask))
        if self._by_hand:
            return Answer(YES, BY)
        answered = self._awaited(ask.seconds)
        self._stop_if_wanted()
        return Answer(answered.value, BY) if answered else None

    def skipped(self, ask: Ask) -> bool:
        """True once the person has pressed on the page that what is waited for in the window is to be left out."""
        try:
            given = self._answers.get_nowait()
        except Empty:
            return False
        self._stop_if_wanted()
        return given is not None and given.number == self._number and given.value == SKIP

    def _awaited(self, seconds: float) -> messages.Answered | None:
        """Wait for the answer to the present ask; one to an ask that is over is dropped."""
        try:
            while (given := self._answers.get(timeout=seconds)) and given.number != self._number:
                pass
        except Empty:
            given = None
        self._send(messages.AskOver(number=self._number))
        return given

    def listen(self, lines: RawIOBase) -> None:
        """Take the console's lines, in a thread of its own, until it says stop or is gone."""
        for line in iter(lines.readline, b""):
            command = messages.COMMANDS.validate_json(line)
            if not isinstance(command, messages.Answered):
                break
            self._answers.put(command)
        self._stopping = True
        self._answers.put(None)
        if self._by_hand:
            _interrupt()

    def _stop_if_wanted(self) -> None:
        if self._stopping:
            raise Interrupted("办理已停下。")

    def _send(self, said: messages.Message) -> None:
        """Write a line; when the console is gone there is nobody to tell, and the pipe's other end says so."""
        try:
            self._stream.write(said.line())
            self._stream.flush()
        except OSError:
            self._stopping = True


def _interrupt() -> None:
    """End the wait for a person who signs in by hand, as Ctrl-C would: no step begins that could be stopped before."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()
