"""Plan as a value: the changes that would be made, what is there now, what would be there after, and a digest over it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from agent.errors import PlanStale, UsageError
from agent.plain_text import without_steering
from agent.privacy.private_files import Json

SCHEMA_ID = "gradsync/plan/1"
FILE_NAME = "plan.json"


def _plain(text: Any) -> Any:  # noqa: ANN401  a field of a file that may have been edited
    """Return a text as the case's writer would; what is none, from a file that was edited, stays for ``load`` to refuse."""
    return without_steering(text) if isinstance(text, str) else text


@dataclass(frozen=True)
class Change:
    """One change on a site.

    Args:
        step: The write step's id.
        title: What would be done, in Chinese with the site's words.
        before: What is there now, in Chinese.
        after: What would be there afterwards, in Chinese.
        before_digest: Digest over what was seen; another one makes the plan stale.
        key: Idempotency key over subject, site, duty and content.
    """

    step: str
    duty: str
    title: str
    before: str
    after: str
    before_digest: str
    key: str

    def __post_init__(self) -> None:
        """Keep a site's words as they are written to the file, so that the digest is the same there."""
        for name, value in vars(self).copy().items():
            object.__setattr__(self, name, _plain(value))


@dataclass(frozen=True)
class Plan:
    """The changes of one run, in the order in which they would be made."""

    profile: str
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        """See ``Change``."""
        object.__setattr__(self, "profile", _plain(self.profile))

    @property
    def digest(self) -> str:
        """SHA-256 over the profile and every change, as hex."""
        body = json.dumps(
            [self.profile, [asdict(change) for change in self.changes]], ensure_ascii=False, sort_keys=True
        )
        return hashlib.sha256(body.encode()).hexdigest()

    def to_data(self) -> dict[str, Json]:
        """Return what plan.json holds."""
        return {
            "schema": SCHEMA_ID,
            "profile": self.profile,
            "digest": self.digest,
            "changes": [asdict(change) for change in self.changes],
        }

    def describe(self) -> tuple[str, ...]:
        """Return one Chinese line per change, for the person who is asked."""
        return tuple(
            f"{change.title}：现在「{change.before}」，之后「{change.after}」" for change in self.changes
        )

    def check_still_true(self, now: Plan) -> None:
        """Compare with the plan that the same look would give now.

        Raises:
            PlanStale: Something is not as it was; the message says what.
        """
        if self.digest == now.digest:
            return
        if self.profile != now.profile:
            raise PlanStale(f"计划是为通知 {self.profile} 做的，不是 {now.profile}。")
        then = {change.key: change for change in self.changes}
        today = {change.key: change for change in now.changes}
        gone = [f"「{then[key].title}」已不需要" for key in then if key not in today]
        new = [f"多了「{today[key].title}」" for key in today if key not in then]
        moved = [
            f"「{then[key].title}」原来是「{then[key].before}」，现在是「{today[key].before}」"
            for key in then
            if key in today and then[key] != today[key]
        ]
        raise PlanStale(
            f"网站上的情况和计划不一样了：{'；'.join([*gone, *new, *moved]) or '计划的顺序变了'}。"
        )


def load(path: Path) -> Plan:
    """Read plan.json.

    Raises:
        UsageError: It cannot be read, is of another schema, or was edited.
    """
    try:
        body = json.loads(path.read_text("utf-8"))
        plan = Plan(body["profile"], tuple(Change(**change) for change in body["changes"]))
        schema, digest = body["schema"], body["digest"]
        digest_now = plan.digest
        texts = [plan.profile, *(text for one in plan.changes for text in astuple(one))]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(
            f"计划文件 {path} 读不出来，或不是 gradsync plan 写出的。", "请用 gradsync plan 重新生成。"
        ) from None
    if schema != SCHEMA_ID or digest != digest_now or not all(isinstance(text, str) for text in texts):
        raise UsageError(f"计划文件 {path} 被改动过，或不是这个版本生成的。", "请用 gradsync plan 重新生成。")
    return plan
