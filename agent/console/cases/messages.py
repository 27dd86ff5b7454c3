"""Messages between the console and the process of a case: one JSON object a line, over the process's own pipes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from agent.asks import Ask


class Message(BaseModel):
    """Base of every line: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def line(self) -> bytes:
        """Return the line, its end included."""
        return self.model_dump_json().encode() + b"\n"


class CaseOrder(Message):
    """The first line: what is to be done. It may hold passwords of mock sites, so it is never an argument.

    Args:
        profile: The notice's id.
        out: The case folder.
        assisted: Somebody helps the student; the consent lies in the case folder.
        headless: Without a browser window; decided by whether there is a display when left out.
        by_hand: Whether there is a browser window in which the person can do something.
        today: A rehearsed day.
        overrides: Settings that outrank the environment.
        form: What the student has filled in, as a TOML file.
        only_looks: Nothing is changed: everything is read and reported.
        demo: It is a rehearsal with an invented student, and every page of the report says so.
    """

    profile: str
    out: Path
    assisted: bool = False
    headless: bool | None = None
    by_hand: bool = True
    today: date | None = None
    overrides: dict[str, Any] | None = None
    form: Path | None = None
    only_looks: bool = False
    demo: bool = False


class Answered(Message):
    """The answer to the ask of this number."""

    said: Literal["answered"] = "answered"
    number: int
    value: str = Field(repr=False)


class StopOrder(Message):
    """Stop before the next step; the end of the stream says the same."""

    said: Literal["stop"] = "stop"


class StepStarted(Message):
    """A step began."""

    said: Literal["step_started"] = "step_started"
    id: str
    title: str


class StepEnded(Message):
    """A step came to its end; ``status`` as in the report."""

    said: Literal["step_ended"] = "step_ended"
    id: str
    status: str
    seconds: float
    detail: str


class Sentence(Message):
    """A Chinese sentence for the person, at any time of the run."""

    said: Literal["told"] = "told"
    text: str


class Asked(Message):
    """An ask is put to the person."""

    said: Literal["asked"] = "asked"
    number: int
    ask: Ask


class AskOver(Message):
    """The ask of this number is waited for no longer."""

    said: Literal["ask_over"] = "ask_over"
    number: int


class Refused(Message):
    """The run could not begin: no report was written."""

    said: Literal["refused"] = "refused"
    message: str
    remedy: str


Command = Annotated[Answered | StopOrder, Field(discriminator="said")]
Event = Annotated[StepStarted | StepEnded | Sentence | Asked | AskOver | Refused, Field(discriminator="said")]
COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
