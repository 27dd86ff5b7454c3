"""CHSI's record as it was read: what stands there without labels, what may be believed, and what may be shown of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.asks import Answer, Ask, AskRouter, Scripted
from agent.ocr import engine as text_recognition
from agent.reconcile.compare import UNREAD, ReadBy
from agent.snapshot.tree import Box, Node, OcrText
from fixtures.people.students import resident_id
from flows.sites.chsi.person_reading import ASK, read_by_person
from flows.sites.chsi.record import RecordValue, believed, head, of, shown_crops
from tests.harness.trees import block, inline, text

TODAY = date(2024, 6, 3)
NUMBER = "610000199603164229"
LABELS = ("姓名", "学籍状态", "民族")


def by_ocr(**values: str) -> dict[str, RecordValue]:
    """Values that were read by eye."""
    return {name: RecordValue(value, "ocr") for name, value in values.items()}


def test_a_number_that_the_record_bears_out_counts() -> None:
    values = by_ocr(id_number=NUMBER, birth_date="1996年03月16日", sex="女")
    assert believed(values, TODAY) == values


@given(st.dates(date(1960, 1, 1), date(2006, 1, 1)), st.integers(1, 998), st.data())
def test_no_misread_number_ever_counts_beside_a_record_that_was_read_right(
    born: date, order: int, data: st.DataObject
) -> None:
    number = resident_id("610000", born, order)
    places = data.draw(st.sets(st.integers(6, 17), min_size=1, max_size=3))
    misread = list(number)
    for place in places:
        misread[place] = data.draw(st.sampled_from([char for char in "0123456789" if char != number[place]]))
    read = by_ocr(
        id_number="".join(misread), birth_date=f"{born:%Y年%m月%d日}", sex="男" if order % 2 else "女"
    )
    found = believed(read, TODAY)["id_number"].text
    unchanged_birth = "".join(misread)[6:14] == number[6:14]
    assert found == UNREAD or (unchanged_birth and len(places) > 1)


@pytest.mark.parametrize(
    "values",
    [
        {"id_number": NUMBER},
        {"id_number": NUMBER, "birth_date": UNREAD, "sex": UNREAD},
        {"id_number": NUMBER[:-1] + "8", "birth_date": "1996年03月16日", "sex": "女"},
        {"id_number": "08364512", "birth_date": "1998年11月03日", "sex": "女"},
        {"id_number": NUMBER, "birth_date": "1996年03月19日", "sex": "女"},
        {"id_number": NUMBER, "birth_date": "1996年03月16日", "sex": "男"},
    ],
)
def test_a_number_that_nothing_bears_out_is_unread(values: dict[str, str]) -> None:
    assert believed(by_ocr(**values), TODAY)["id_number"].text == UNREAD


def test_where_number_and_date_contradict_each_other_neither_counts() -> None:
    found = believed(by_ocr(id_number=NUMBER, birth_date="1996年03月19日", sex="女"), TODAY)
    assert {name: value.text for name, value in found.items()} == dict.fromkeys(
        ("id_number", "birth_date", "sex"), UNREAD
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("birth_date", "1996年13月16日"), ("entry_date", "2O21年03月01日"), ("sex", "如"), ("duration", "z 年")],
)
def test_what_has_not_its_form_is_unread_only_where_it_was_read_by_eye(name: str, said: str) -> None:
    assert believed({name: RecordValue(said, "ocr")}, TODAY)[name].text == UNREAD
    assert believed({name: RecordValue(said)}, TODAY)[name].text == said


def test_the_head_of_the_mobile_page_is_told_by_its_lines() -> None:
    root = block(
        block(text("录取照片"), block(text("学历照片"))),
        block(text("王岚")),
        block(text("女　1996年03月16日")),
        block(inline("西安交通大学"), inline("专升本")),
        block(text("土木工程　|　函授")),
        block(block(text("民族")), block(text("汉族"))),
    )
    assert {name: value.text for name, value in head(root, LABELS).items()} == {
        "name": "王岚",
        "sex": "女",
        "birth_date": "1996年03月16日",
        "school": "西安交通大学",
        "level": "专升本",
        "major": "土木工程",
        "study_form": "函授",
    }


def test_a_line_of_the_head_may_be_blocks_side_by_side() -> None:
    def at(x: float, y: float, words: str) -> Node:
        return block(text(words, box=Box(x, y, 80, 20)), box=Box(x, y, 80, 20))

    root = block(
        block(at(20, 120, "录取照片"), at(120, 120, "学历照片")),
        block(at(300, 10, "王岚"), at(300, 40, "女　1996年03月16日")),
        block(at(20, 160, "西安交通大学"), at(300, 161, "专升本")),
        block(at(20, 190, "土木工程"), at(120, 190, "|"), at(140, 190, "函授")),
    )
    read = {name: value.text for name, value in head(root, LABELS).items()}
    assert (read["name"], read["school"], read["level"]) == ("王岚", "西安交通大学", "专升本")
    assert (read["major"], read["study_form"]) == ("土木工程", "函授")


def test_without_those_lines_there_is_no_head() -> None:
    assert head(block(block(text("首页 | 帮助")), block(text("王岚"))), LABELS) == {}


# -- the person, and what may be shown ----------------------------------------------------------------------------------------


def crop(width: int = 180) -> bytes:
    """A white line."""
    from PIL import Image

    return text_recognition.png(Image.new("RGB", (width, 20), "white"))


def seen(said: str, letters: int | None, by: ReadBy = "ocr") -> RecordValue:
    """A value read from one crop."""
    return RecordValue(said, by, (OcrText(said, (crop(),), letters),))


def test_the_person_copies_what_was_not_read() -> None:
    values = {"name": seen(UNREAD, 2), "major": seen("土木工程", 4), "status": seen(UNREAD, 2)}
    labels = {name: name for name in values}
    asked: list[Ask] = []
    asks = AskRouter([Scripted({ASK: '{"name": "王岚", "status": ""}'})], asked.append)
    found = read_by_person(values, labels, asks)
    assert (found["name"].text, found["name"].read_by) == ("王岚", "person")
    assert found["status"] == values["status"]
    assert found["major"] == values["major"]
    assert asked[0].image
    assert asked[0].secret


def test_nobody_is_asked_where_nobody_is() -> None:
    values = {"name": seen(UNREAD, 2)}
    assert read_by_person(values, {"name": "姓名"}, AskRouter([])) == values


def test_nothing_is_asked_when_all_was_read() -> None:
    class Nosy:
        def answer(self, ask: Ask) -> Answer | None:
            raise AssertionError(ask)

        def expects(self, ask_id: str) -> bool:
            return True

    values = {"name": seen("王岚", 2), "class": RecordValue("")}
    assert read_by_person(values, {"name": "姓名", "class": "班级"}, AskRouter([Nosy()])) == values


def test_a_crop_of_a_number_shows_its_last_four_letters() -> None:
    (covered,) = shown_crops("id_number", seen(NUMBER, 18))
    picture = text_recognition.image(covered)
    white = [x for x in range(picture.width) if picture.getpixel((x, 10)) == (255, 255, 255)]
    assert white == list(range(white[0], picture.width))
    assert len(white) <= picture.width * 4 / 18


def test_a_crop_of_a_shorter_number_shows_its_last_two_letters() -> None:
    (covered,) = shown_crops("student_number", seen("202106980001", 12))
    picture = text_recognition.image(covered)
    white = [x for x in range(picture.width) if picture.getpixel((x, 10)) == (255, 255, 255)]
    assert white == list(range(white[0], picture.width))
    assert len(white) <= picture.width * 2 / 12


def test_a_crop_of_a_name_shows_its_first_letter() -> None:
    (covered,) = shown_crops("name", seen("王岚", 2))
    picture = text_recognition.image(covered)
    white = [x for x in range(picture.width) if picture.getpixel((x, 10)) == (255, 255, 255)]
    assert white == list(range(len(white)))
    assert 0 < len(white) <= picture.width / 2


def test_what_cannot_be_covered_safely_is_not_shown() -> None:
    two_lines = RecordValue(NUMBER, "ocr", (OcrText(NUMBER, (crop(), crop()), 18),))
    assert shown_crops("id_number", two_lines) == []
    assert shown_crops("id_number", seen(UNREAD, None)) == []
    assert len(shown_crops("major", seen("土木工程", 4))) == 1


def test_what_was_not_read_is_nobodys_name() -> None:
    found = of({"name": seen(UNREAD, 2), "id_number": RecordValue(NUMBER)})
    assert (found.name, found.id_number) == (None, NUMBER)
    assert set(found.by_eye) == {"name"}
