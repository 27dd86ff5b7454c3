"""Differences of a profile from the built-in notice, with the pages and duties that each key affects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.profiles.catalog import built_in
from flows.profiles.schema import Profile, load

EVERYTHING = ("chsi_check", "photo", "conditions")
AFFECTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("sites.chsi.photos", "学信网的学历照片", ("photo",)),
    ("sites.chsi.login", "登录学信网", EVERYTHING),
    ("sites.chsi", "学信网学籍信息", EVERYTHING),
    ("sites.chaoxing.conditions", "毕业条件", ("conditions",)),
    ("sites.chaoxing.upload", "上传毕业照片", ("photo",)),
    ("sites.chaoxing.personal", "个人信息", ("chsi_check",)),
    ("sites.chaoxing.labels", "个人信息", ("chsi_check",)),
    ("sites.chaoxing", "平台的登录和菜单", ("photo", "conditions")),
    ("sites.lzu.registration", "个人信息核对", ("registration_check",)),
    ("sites.lzu.labels", "个人信息核对的字段", ("registration_check",)),
    ("sites.lzu", "兰州大学的登录和快速导航", ("registration_check",)),
    ("registration", "个人信息核对的规则和联系方式", ("registration_check",)),
    ("photo", "照片的检查和文件名", ("photo",)),
    ("status_words", "毕业条件的状态", ("conditions",)),
    ("conditions", "毕业条件的下一步", ("conditions",)),
    ("window", "办理时间和提醒", EVERYTHING),
)
"""Beginnings of keys, the longest first, with what reads them."""


@dataclass(frozen=True)
class Effect:
    """One key that differs: what was taken out and put in, and what reads it."""

    key: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    where: str
    duties: tuple[str, ...]

    def told(self) -> str:
        """Say it in one line."""
        changes = [f"增加 {'、'.join(self.added)}"] if self.added else []
        changes += [f"去掉 {'、'.join(self.removed)}"] if self.removed else []
        tasks = f"；任务：{'、'.join(self.duties)}" if self.duties else ""
        return f"{self.key}：{'，'.join(changes) or '次序变了'} → 影响：{self.where}{tasks}"


def effects(profile: Profile) -> list[Effect]:
    """Return how a profile differs from the built-in one of its id; nothing where there is none."""
    if profile.id not in built_in():
        return []
    before, after = (dict(_leaves("", one.model_dump(mode="json"))) for one in (load(profile.id), profile))
    keys = sorted({*before, *after}, key=lambda key: list({**after, **before}).index(key))
    return [
        _effect(key, before.get(key, ()), after.get(key, ()))
        for key in keys
        if before.get(key) != after.get(key)
    ]


def _effect(key: str, before: Sequence[str], after: Sequence[str]) -> Effect:
    where, duties = next(
        ((where, duties) for start, where, duties in AFFECTED if key.startswith(start)), ("报告", ())
    )
    removed = tuple(value for value in before if value not in after)
    return Effect(key, removed, tuple(value for value in after if value not in before), where, duties)


def _leaves(prefix: str, value: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every key down to values and lists of values; tables in a list go by their name or id."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield from _leaves(f"{prefix}.{name}" if prefix else name, below)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for table in value:
            yield from _leaves(f"{prefix}[{table.get('name') or table.get('id')}]", table)
    else:
        yield prefix, tuple(map(str, value)) if isinstance(value, list) else (str(value),)
