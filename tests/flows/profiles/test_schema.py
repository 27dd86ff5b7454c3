"""A notice as data: read, laid over the shared site tables, and refused with the name of the key that is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import UsageError
from flows.profiles import catalog
from flows.profiles.catalog import FOLDER, built_in
from flows.profiles.schema import Profile, load, parse

XJTU = FOLDER.joinpath("xjtu-2024-07.toml").read_text("utf-8")
NOTICE_CONDITIONS = [
    "学费已缴清",
    "毕业（教学计划）总学分条件",
    "毕业（教学计划）课程条件",
    "毕业生登记表已提交",
    "毕业实践成绩是否合格",
    "学信网毕业照已上传",
    "学信网信息已校对",
    "平台入学照片已上传",
    "平台信息已确认",
    "平台学生管理部分鉴定已填写",
    "平均成绩（除毕业实践成绩）",
    "最多不及格课程数",
    "入学图像比对结果",
    "学信网毕业图像比对结果合格",
]


@pytest.fixture(scope="module")
def xjtu() -> Profile:
    """The first built-in profile."""
    return load("xjtu-2024-07")


# -- what is built in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", built_in())
def test_every_built_in_profile_is_valid_and_called_by_its_id(name: str) -> None:
    assert load(name).id == name


def test_the_list_says_what_the_profiles_say() -> None:
    loaded = [load(name) for name in sorted(built_in())]
    assert catalog.listed() == [
        (row.id, row.title, row.window.start if row.window else None, row.window.end if row.window else None)
        for row in loaded
    ]


def test_the_notice_stands_in_the_profile(xjtu: Profile) -> None:
    assert [row.name for row in xjtu.conditions] == NOTICE_CONDITIONS
    assert xjtu.window
    assert (xjtu.window.start, xjtu.window.end) == (date(2024, 5, 31), date(2024, 6, 11))
    assert xjtu.photo.file_name.format(id_number="610000199603164229") == "610000199603164229.jpg"
    assert [row.name for row in xjtu.conditions if row.blank_expected] == ["学信网毕业图像比对结果合格"]


def test_a_notice_with_status_words_of_its_own_has_only_those() -> None:
    own = parse(XJTU.replace("[photo]\n", '[status_words]\nmet = ["有"]\nunmet = ["无"]\n[photo]\n'), "own")
    assert (own.status_words.met, own.status_words.unmet) == (("有",), ("无",))


def test_no_status_word_means_two_things(xjtu: Profile) -> None:
    words = xjtu.status_words
    listed = [*words.met, *words.unmet, *words.pending, *words.not_applicable]
    assert len(listed) == len(set(listed))


def test_a_condition_is_known_by_name_alias_and_width(xjtu: Profile) -> None:
    for shown in ("学信网信息已校对", "学信网信息校对", "学信网 信息已校对："):
        row = xjtu.condition(shown)
        assert row is not None
        assert row.name == "学信网信息已校对"
    assert xjtu.condition("毕业(教学计划)课程条件") is not None
    assert xjtu.condition("学信网") is None


def test_a_duty_is_found_by_its_id(xjtu: Profile) -> None:
    duty = xjtu.duty("photo")
    assert duty is not None
    assert duty.title == "毕业照片上传"
    assert xjtu.duty("foto") is None


# -- merging -------------------------------------------------------------------------------------------------------------


def test_a_notices_own_words_outrank_the_shared_ones_key_by_key(xjtu: Profile) -> None:
    own = '\n[sites.chaoxing.upload]\nsubmit = ["递交"]\n[sites.chaoxing.labels]\nname = ["学生"]\n'
    merged = parse(XJTU + own, "own").sites.chaoxing
    shared = xjtu.sites.chaoxing
    assert merged is not None
    assert shared is not None
    assert merged.upload.submit == ("递交",)
    assert merged.upload.model_copy(update={"submit": shared.upload.submit}) == shared.upload
    assert merged.labels == {**shared.labels, "name": ("学生",)}
    assert merged.conditions == shared.conditions


def test_a_notice_without_use_must_say_everything_itself() -> None:
    with pytest.raises(UsageError, match=r"sites\.chsi\.login"):
        parse(XJTU.replace('use = "chsi"', 'login_url = "https://a.example"'), "own")


def test_the_shared_table_is_not_changed_by_who_uses_it(xjtu: Profile) -> None:
    parse(XJTU + '\n[sites.chsi.whoami]\nlabels = ["学生"]\n', "own")
    assert load("xjtu-2024-07") == xjtu


@pytest.mark.parametrize("use", ["nowhere", "../sites/nowhere", ""])
def test_an_unknown_shared_table_is_named(use: str) -> None:
    with pytest.raises(UsageError, match="use"):
        parse(XJTU.replace('use = "chsi"', f'use = "{use}"'), "own")


# -- mistakes ------------------------------------------------------------------------------------------------------------


def _paths(table: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every key and every list entry of a parsed TOML document."""
    below = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    return [found for name, value in below for found in ((*path, name), *_paths(value, (*path, name)))]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "xjtu-2024-07"', 'id = "XJTU 2024"', "id"),
        ('id = "xjtu-2024-07"', "", "id"),
        ('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Xian"', "time_zone"),
        ('time_zone = "Asia/Shanghai"', 'time_zone = "../etc"', "time_zone"),
        ("start = 2024-05-31", 'start = "31. Mai"', "window.start"),
        ("end = 2024-06-11", "end = 2024-05-01", "window"),
        ("closing_days = 3", "closing_days = -1", "window.closing_days"),
        ("wait_days = 40", 'wait_days = "lang"', "photo.wait_days"),
        ("wait_days = 40", "wait_day = 40", "photo.wait_day"),
        ('who = "school"', 'who = "teacher"', "conditions.9.who"),
        ("blank_expected = true", 'blank_expected = "perhaps"', "conditions.13.blank_expected"),
        ("[photo]\n", "[status_words]\nmet = [5]\nunmet = []\n[photo]\n", "status_words.met.0"),
        ('title = "毕业照片上传"', "", "duties.6.title"),
        ('use = "chaoxing"', 'use = "chaoxing"\nhosts = "a.example"', "sites.chaoxing.hosts"),
        ('use = "chaoxing"', 'use = "chaoxing"\nhall = [" "]', "sites.chaoxing.hall.0"),
    ],
)
def test_a_wrong_key_is_named(old: str, new: str, key: str) -> None:
    assert old in XJTU
    with pytest.raises(UsageError, match=key.replace(".", r"\.")) as caught:
        parse(XJTU.replace(old, new, 1), "my.toml")
    assert "my.toml" in caught.value.message


@pytest.mark.parametrize(
    "path", [path for path in _paths(tomllib.loads(XJTU)) if path != ("sites",)], ids=str
)
def test_a_table_in_place_of_any_value_is_a_usage_error(path: tuple[Any, ...]) -> None:
    """No place in the file is read without being looked at first; the whole of ``sites`` has a test of its own."""
    data = tomllib.loads(XJTU)
    holder = data
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = {"nobody": {"expects": "this"}}
    with pytest.raises(UsageError):
        _parse_data(data)


def _parse_data(data: dict[str, Any]) -> Profile:
    """Parse an already loaded document, through the same door."""
    with pytest.MonkeyPatch.context() as patch:
        real = tomllib.loads
        patch.setattr(tomllib, "loads", lambda text: data if text == "<data>" else real(text))
        return parse("<data>", "data")


@pytest.mark.parametrize("sites", ["5", '"chsi"', "[]"])
def test_sites_that_are_no_table_are_a_usage_error(sites: str) -> None:
    text = "\n".join(
        line for line in XJTU.splitlines() if "sites." not in line and not line.startswith("use")
    )
    with pytest.raises(UsageError, match="sites"):
        parse(f"sites = {sites}\n{text}", "own")


@pytest.mark.parametrize("text", ["=", "id = ", "[window", 'id = "a"\nid = "b"', "\x00"])
def test_what_is_no_toml_is_named(text: str) -> None:
    with pytest.raises(UsageError, match=r"my\.toml.*TOML"):
        parse(text, "my.toml")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('file_name = "{id_number}.jpg"', 'file_name = "{number}.jpg"', "photo.file_name"),
        ('file_name = "{id_number}.jpg"', 'file_name = "{id_number"', "photo.file_name"),
        ('file_name = "{id_number}.jpg"', 'file_name = "../{id_number}.jpg"', "photo.file_name"),
        ("[photo]\n", '[status_words]\nmet = ["有"]\nunmet = ["无", "有"]\n[photo]\n', "status_words"),
        ('id = "conditions"', 'id = "photo"', "duties"),
        ('name = "最多不及格课程数"', 'name = "学费已缴清"', "conditions"),
        ('use = "chaoxing"', 'use = "chaoxing"\nhall = []', "sites.chaoxing.hall"),
        (
            '[sites.chaoxing]\nuse = "chaoxing"\nlogin_url = "http://xjtu.jxjy.chaoxing.com/login?sfxs=1"',
            "",
            "sites",
        ),
        ('use = "chsi"', 'use = "chsi"\nlogin_url = "account.chsi.com.cn"', "sites.chsi.login_url"),
        ('use = "chsi"', 'use = "chsi"\nlogin_url = "http://me:pw@a.test/"', "sites.chsi.login_url"),
        ('use = "chsi"', 'use = "chsi"\nlogin_url = "http://*.test/"', "sites.chsi.login_url"),
        ('use = "chaoxing"', 'use = "chaoxing"\nhall = ["*"]', "sites.chaoxing.hall.0"),
        ('use = "chaoxing"', 'use = "chaoxing"\nhall = ["："]', "sites.chaoxing.hall.0"),
        ('school = "西安交通大学"', 'school = ""', "school"),
        ('school = "西安交通大学"', 'school = " "', "school"),
        ('school = "西安交通大学"', 'school = "西安交通大学"\nlevel = "*"', "level"),
        ("pass_mark = 60", "pass_mark = 600", "grades.pass_mark"),
        ("closing_days = 3", "closing_days = 1000000", "window.closing_days"),
        ("start = 2024-05-31", "start = 0001-01-01", "window.start"),
        ("end = 2024-06-11", "end = 9999-12-31", "window.end"),
    ],
)
def test_what_would_fail_in_the_middle_of_a_run_fails_on_load(old: str, new: str, key: str) -> None:
    assert old in XJTU
    with pytest.raises(UsageError, match=key.replace(".", r"\.")):
        parse(XJTU.replace(old, new, 1), "own")


# -- files ---------------------------------------------------------------------------------------------------------------


def test_a_profile_of_ones_own_is_loaded_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(XJTU.replace('id = "xjtu-2024-07"', 'id = "mine"'), "utf-8")
    assert load(str(tmp_path / "mine.toml")).id == "mine"


def test_an_unknown_id_is_answered_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="xjtu-2025") as caught:
        load("xjtu-2025")
    assert "xjtu-2024-07" in caught.value.remedy


@pytest.mark.parametrize(
    "put", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_bytes("标题".encode("gbk"))]
)
def test_a_file_that_cannot_be_read_is_named(put: Callable[[Path], object], tmp_path: Path) -> None:
    put(tmp_path / "mine.toml")
    with pytest.raises(UsageError, match=r"mine\.toml"):
        load(str(tmp_path / "mine.toml"))


# -- the window ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2024, 5, 30), "before"),
        (date(2024, 5, 31), "open"),
        (date(2024, 6, 8), "open"),
        (date(2024, 6, 9), "closing"),
        (date(2024, 6, 11), "closing"),
        (date(2024, 6, 12), "after"),
    ],
)
def test_both_ends_of_the_window_belong_to_it(day: date, state: str, xjtu: Profile) -> None:
    assert xjtu.window
    assert xjtu.window.state(day) == state


@given(st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_the_window_never_opens_again(day: date) -> None:
    window = load("xjtu-2024-07").window
    assert window
    order = ("before", "open", "closing", "after")
    assert order.index(window.state(day)) <= order.index(window.state(day + timedelta(days=1)))


@given(
    st.datetimes(datetime(2024, 5, 1), datetime(2024, 7, 1)),  # noqa: DTZ001  a zone is given below
    st.integers(-12, 14),
    st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "UTC", "America/New_York"]),
)
def test_a_day_is_the_notices_own_wherever_the_computer_stands(at: datetime, hours: int, zone: str) -> None:
    notice = load("xjtu-2024-07").model_copy(update={"time_zone": zone})
    here = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert notice.now(None, here) == here
    assert notice.now(None, here).date() == here.astimezone(ZoneInfo(zone)).date()


def test_the_last_day_ends_at_midnight_in_the_profiles_zone(xjtu: Profile) -> None:
    last = datetime(2024, 6, 11, 15, 59, tzinfo=UTC)
    assert xjtu.window
    assert xjtu.window.state(xjtu.now(None, last).date()) == "closing"
    assert xjtu.window.state(xjtu.now(None, last + timedelta(minutes=1)).date()) == "after"


def test_a_rehearsed_day_is_a_day_in_the_profiles_zone(xjtu: Profile) -> None:
    now = xjtu.now(date(2024, 6, 3))
    assert now.date() == date(2024, 6, 3)
    assert now.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("name", "is_file"), [("xjtu", False), ("./notice.txt", True), ("notice.txt", True), ("notice", True)]
)
def test_a_file_that_is_taken_for_a_name_is_said_to_be(
    name: str, is_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("notice.txt", "notice"):
        Path(file).write_text("id = 'x'")
    with pytest.raises(UsageError, match=f"没有叫“{name}”") as caught:
        load(name)
    assert ("当作通知的名字" in caught.value.message) == is_file
    assert ".toml 结尾" in caught.value.remedy
