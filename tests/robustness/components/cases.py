"""The table of cases: library x part of the sites x words of the variant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.robustness.components.data import STUDENTS, Student
from tests.robustness.components.hands import HANDS, PLAIN
from tests.robustness.components.zoo import NAMES

XJTU, LZU = "xjtu-2024-07", "lzu-2024"


@dataclass(frozen=True)
class Job:
    """What is asked of the program, and what must come of it."""

    commands: tuple[tuple[str, ...], ...]
    asks: frozenset[str]
    profile: str = XJTU


def _only(*duties: str) -> tuple[str, ...]:
    return tuple(word for duty in duties for word in ("--only", duty))


RUN = ("run", "--yes")
FORM = ("--form", "{form}")
JOBS = {
    "conditions": Job((("check", *_only("conditions")),), frozenset({"conditions"})),
    "photo": Job(((*RUN, *_only("photo")),), frozenset({"photo"})),
    "photo-twice": Job((((*RUN, *_only("photo"))),) * 2, frozenset({"photo"})),
    "checks": Job((("check", *_only("chsi_check", "profile_check")),), frozenset({"checks"})),
    "grades": Job((("check", *_only("grades")),), frozenset({"grades"})),
    "form": Job(
        ((*RUN, *_only("family", "history", "self_evaluation"), *FORM),),
        frozenset({"family", "history", "evaluation"}),
    ),
    "whole": Job(
        ((*RUN, *FORM),),
        frozenset({"conditions", "photo", "checks", "grades", "family", "history", "evaluation"}),
    ),
    "registration": Job((("check",),), frozenset({"registration"}), LZU),
    "reach": Job((("check", *_only("conditions", "grades")),), frozenset({"conditions", "grades"})),
}
ANSWERS = {"confirm.self_evaluation": "提交后不可更改"}


@dataclass(frozen=True)
class Case:
    """One case: a job on pages of given libraries in a given variant."""

    library: str
    job: str
    words: frozenset[str]
    student: str = "plain"
    chsi: str = ""  # the library of 学信网 where it is another one
    ordinary: bool = False  # in every run of the suite
    hand: str = ""  # whose pages, where they are not the library's first ones

    @property
    def id(self) -> str:
        """The words of the case, in one."""
        parts = [self.hand or self.library, self.job, *sorted(self.words)]
        parts += [self.student] if self.student != "plain" else []
        parts += [f"chsi:{self.chsi}"] if self.chsi else []
        return "-".join(parts)

    @property
    def subject(self) -> Student:
        """The student of the case."""
        return STUDENTS[self.student]

    @property
    def sites(self) -> dict[str, str]:
        """Which folder of pages each site is made of."""
        own = self.hand or self.library
        return {"chsi": self.chsi or own, "chaoxing": own, "lzu": own}


DESKTOP = ("layui", "element-plus", "easyui", "bootstrap", "element-ui", "antd")
MOBILE = ("vant4", "vant2")
LIBRARIES = ("layui", "element-plus", "vant4", "easyui", "bootstrap", "element-ui", "antd", "vant2")
FURTHER = (
    "tdesign",
    "arco",
    "antd-react",
    "naive",
    "iview",
    "bootstrap3",
    PLAIN,
    "jquery-ui",
    "quasar",
    "semi",
    "weui",
    "antd-mobile",
    "mint-ui",
    "bootstrap4",
    "adminlte",
    "webuploader",
    "nutui",
    "uni-app",
)  # libraries of which there are pages of further hands only
ORDINARY = frozenset(
    {
        "vant4-photo",
        "antd-grades",
        "webforms-conditions-paged-twice",
    }
)
ORDINARY_ZOO = frozenset({"menus:same-word-two-levels"})
"""What ``tests/flows/sites`` has no page of; signing in among tabs and in read-only fields is tested there."""


def _of(library: str) -> Iterator[Case]:
    mobile = "vant2" if library != "vant2" else "vant4"
    for job, words, student, chsi in (
        ("conditions", "", "plain", ""),
        ("conditions", "cards", "plain", ""),
        ("conditions", "table late-name notice analytics", "plain", ""),
        ("conditions", "slow", "plain", ""),
        ("grades", "", "plain", ""),
        ("grades", "slow analytics", "plain", ""),
        ("checks", "", "plain", ""),
        ("checks", "slow late-name", "major", mobile),
        ("photo", "", "plain", ""),
        ("photo", "manual notice", "plain", mobile),
        ("photo", "analytics", "two", ""),
        ("photo", "manual", "two-late", mobile),
        ("photo-twice", "late-photo", "plain", ""),
        ("form", "", "plain", ""),
        ("form", "analytics slow", "plain", ""),
        ("whole", "notice late-name", "plain", ""),
        ("registration", "lzu", "plain", ""),
    ):
        case = Case(library, job, frozenset(words.split()), student, chsi)
        yield Case(library, job, case.words, student, chsi, ordinary=case.id in ORDINARY)


def _of_hand(name: str) -> Iterator[Case]:
    for line in HANDS[name].cases:
        job, *words = line.split()
        given = dict(word.split(":") for word in words if ":" in word)
        plain = frozenset(word for word in words if ":" not in word)
        case = Case(HANDS[name].library, job, plain, given.get("student", "plain"), hand=name)
        yield replace(case, ordinary=case.id in ORDINARY)


CASES = (
    *(case for library in LIBRARIES for case in _of(library)),
    *(case for name in HANDS for case in _of_hand(name)),
    *(
        Case(PLAIN, "reach", frozenset({name}), hand="webforms", ordinary=name in ORDINARY_ZOO)
        for name in NAMES
    ),
)
