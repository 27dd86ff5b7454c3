"""The outcome in one sentence: the worst thing first, then what was done, then how much is left. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from agent.engine.engine import DutyStatus
from agent.errors import ActionNeeded, GradsyncError
from agent.report.model import NextStep
from flows.profiles.schema import Profile
from flows.report.facts import Facts
from flows.sites.chaoxing.conditions import Conditions, unseen

PHOTO = "photo"


def headline(facts: Facts, steps: Sequence[NextStep]) -> str:
    """Return the sentence."""
    trouble = facts.outcome.trouble
    if trouble is not None:
        return _stopped(trouble, facts)
    left = sum(step.who == "student" for step in steps)
    parts = [
        *_mismatch_words(facts),
        *_registration_words(facts),
        *_made_words(facts),
        *_photo_words(facts),
        *([f"还要你做 {left} 件事"] if left else []),
        *_condition_words(facts.found.conditions, facts.outcome.profile),
    ]
    return "，".join(parts) or "已按要求读取完毕。"


def _stopped(trouble: GradsyncError, facts: Facts) -> str:
    """What stopped the run, what it had changed by then, and a mismatch that was found besides."""
    start = "需要你处理：" if isinstance(trouble, ActionNeeded) else "没有完成："
    made = [effect.title for effect in facts.effects if effect.state == "done"]
    sent = [effect.title for effect in facts.effects if effect.state == "unverified"]
    more = [
        f"{'、'.join(made)}已经办好" if made else "",
        f"{'、'.join(sent)}已发出，没有核实" if sent else "",
        *_mismatch_words(facts),
    ]
    told = "；".join(filter(None, more))
    return f"{start}{trouble.message}{f'另外：{told}。' if told else ''}"


def _mismatch_words(facts: Facts) -> list[str]:
    labels = "、".join(dict.fromkeys(row.label for row in facts.differing))
    return [f"{labels}不一致，先弄清楚再确认"] if labels else []


def _registration_words(facts: Facts) -> list[str]:
    result, registered = facts.standing("registration_check"), facts.found.registered
    if result is None or registered is None:
        return []
    words = {
        DutyStatus.DONE: "个人信息核对已提交",
        DutyStatus.ALREADY_DONE: "个人信息核对之前已提交，这次没有重复提交",
    }
    done = words.get(result.status, "个人信息核对还没有提交")
    return [done if registered.differences else f"{done}，没有发现不一致"]


def _made_words(facts: Facts) -> list[str]:
    done = [row for row in facts.effects if row.state == "done"]
    others = (f"{row.title}已办好" for row in done if row.duty not in (PHOTO, "registration_check"))
    made = [*(["毕业照片已上传并核对"] if _uploaded(facts) else []), *others]
    return [f"本次办好了：{'，'.join(dict.fromkeys(made))}"] if made else []


def _uploaded(facts: Facts) -> bool:
    return any(row.duty == PHOTO and row.state == "done" for row in facts.effects)


def _photo_words(facts: Facts) -> list[str]:
    """How the photo stands where this run did not upload it."""
    result = facts.standing(PHOTO)
    if result is None or _uploaded(facts):
        return []
    words = {
        DutyStatus.DONE: "毕业照片还没有上传",
        DutyStatus.ALREADY_DONE: "毕业照片之前已上传，这次没有重复上传",
        DutyStatus.NOT_RUN: "毕业照片还没有上传",
        DutyStatus.NEEDS_PERSON: "毕业照片没有上传",
    }
    return [words[result.status]] if result.status in words else []


def _condition_words(rows: Conditions | None, profile: Profile) -> list[str]:
    if rows is None:
        return []
    missing = len(unseen(rows, profile))
    more = f"，另有 {missing} 项没有看到" if missing else ""
    left = len(rows.rows) - rows.count("met") - rows.count("not_applicable")
    if left:
        return [f"{len(rows.rows)} 项毕业条件中 {rows.count('met')} 项已满足、{left} 项还没有{more}"]
    number = len(rows.rows)
    return [f"看到的 {number} 项毕业条件都已满足{more}" if missing else f"{number} 项毕业条件全部满足"]
