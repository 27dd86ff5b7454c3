"""What a text means, what a body carries, and what is said of an upload whose photo is not there: without a browser."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest

from agent.browser.file_fields import FileField, captioned_field
from agent.browser.network.request_tracker import carrying_values, has_file, has_piece, has_value, messages_in
from agent.errors import ActionNeeded, NotSent, UnderReview, UploadRefused, WriteUnverified
from agent.snapshot.tree import Box
from flows.profiles.schema import load
from flows.profiles.site_words import UploadWords
from flows.sites.chaoxing.upload.answer import (
    Meaning,
    UploadAnswer,
    meaning,
    state_of_review,
    state_of_upload,
)
from tests.robustness.uploads.messages import ACCEPTED, EVERY, PROGRESS, REFUSED, REVIEW, UNKNOWN, listed


def words() -> UploadWords:
    """The words of the notice."""
    platform = load("xjtu-2024-07").sites.chaoxing
    assert platform is not None
    return platform.upload


PLACE = words()
TABLES = {
    Meaning.ACCEPTED: ACCEPTED,
    Meaning.REVIEW: REVIEW,
    Meaning.REFUSED: REFUSED,
    Meaning.UNKNOWN: UNKNOWN,
    Meaning.PROGRESS: PROGRESS,
}
BY_MEANING = [(text, what) for what, table in TABLES.items() for text in listed(table)]


def test_there_are_a_hundred_of_them() -> None:
    assert len(set(EVERY)) >= 100


@pytest.mark.parametrize(("text", "what"), BY_MEANING)
def test_what_a_message_means(text: str, what: Meaning) -> None:
    accepted = (Meaning.ACCEPTED, Meaning.REVIEW)
    told = meaning(text, PLACE)
    assert (told in accepted) == (what in accepted), told
    assert (told is Meaning.REVIEW) == (what is Meaning.REVIEW), told
    if what is Meaning.REFUSED:
        assert told in (Meaning.REFUSED, Meaning.UNKNOWN), told


@pytest.mark.parametrize("where", ["said", "answered"])
def test_every_message_is_quoted_and_nothing_sent_is_never_submitted(where: str) -> None:
    for text in EVERY:
        answer = UploadAnswer(PLACE)
        getattr(answer, where).append(text)
        stop = answer.stop()
        assert isinstance(stop, (UploadRefused, ActionNeeded)), text
        assert text in stop.message
        assert stop.said == text
        assert "已提交" not in stop.message.replace(text, "")


@pytest.mark.parametrize(("status", "broken"), [(200, False), (413, False), (502, False), (None, True)])
def test_every_message_is_quoted_where_the_file_has_left(status: int | None, broken: bool) -> None:
    for text in EVERY:
        stop = UploadAnswer(PLACE, sent=True, status=status, broken=broken, said=[text]).stop()
        assert text in stop.message
        assert stop.said == text
        assert isinstance(stop, (UploadRefused, UnderReview, WriteUnverified, NotSent)), text


@pytest.mark.parametrize(
    ("answer", "stop", "named"),
    [
        (UploadAnswer(PLACE, sent=True, status=413), UploadRefused, "413"),
        (UploadAnswer(PLACE, sent=True, status=403), NotSent, "403"),
        (UploadAnswer(PLACE, sent=True, status=500, said=["上传失败"]), WriteUnverified, "500"),
        (UploadAnswer(PLACE, sent=True, status=500, answered=["照片过大"]), UploadRefused, "照片过大"),
        (UploadAnswer(PLACE, sent=True, broken=True), WriteUnverified, "连接中断"),
        (UploadAnswer(PLACE, sent=True, status=200), WriteUnverified, "已提交"),
        (UploadAnswer(PLACE), NotSent, "没有发出去"),
        (UploadAnswer(PLACE, said=["上传成功"]), NotSent, "上传成功"),
        (UploadAnswer(PLACE, sent=True, said=["上传成功，等待审核"]), UnderReview, "等待审核"),
    ],
)
def test_the_stop_names_what_happened(answer: UploadAnswer, stop: type[Exception], named: str) -> None:
    told = answer.stop()
    assert isinstance(told, stop), told.message
    assert named in told.message


def test_a_countdown_is_one_text() -> None:
    answer = UploadAnswer(PLACE)
    for left in (3, 2, 1):
        answer.hear([f"请核对照片（{left}s）"])
    assert answer.said == ["请核对照片（3s）"]


def test_the_files_name_in_its_field_is_no_message() -> None:
    answer = UploadAnswer(PLACE, own="1.jpg")
    answer.hear(["1.jpg", r"C:\fakepath\1.jpg"])
    assert answer.said == []
    assert "页面没有说明原因" in answer.stop().message
    answer.hear(["1.jpg 的格式不对"])
    assert answer.said == ["1.jpg 的格式不对"]


def test_the_files_own_name_is_quoted_last() -> None:
    answer = UploadAnswer(PLACE, own="1.jpg", said=["已选择：1.jpg", "重新选择", "上传", "图片类型不对哦"])
    assert answer.quoted().startswith("“重新选择”、“图片类型不对哦”") or answer.quoted().startswith("“图片")


@pytest.mark.parametrize(
    "line",
    [
        "待审核",
        "审核状态：待审核",
        "状态：审核中",
        "当前状态：等待审核",
        "已上传，待审核",
        "已提交（待学校审核）",
        "正在审核",
    ],
)
def test_a_state_of_review(line: str) -> None:
    assert state_of_review(["毕业照片", line], PLACE.enrollment) == line


@pytest.mark.parametrize(
    "line",
    [
        "审核状态",
        "审核",
        "上传后请等待审核",
        "照片上传后需教学点审核",
        "请等待审核",
        "未审核",
        "审核通过",
        "待审核照片 0 张",
    ],
)
def test_what_is_no_state_of_review(line: str) -> None:
    assert state_of_review([line], PLACE.enrollment) == ""


@pytest.mark.parametrize(
    "lines",
    [
        ["入学照片：待审核"],
        ["入学照片", "待审核"],
        ["录取照片", "审核中"],
        ["学籍异动：待审核"],
        ["个人信息：审核中"],
        ["报名状态：待审核"],
        ["缴费审核：待审核"],
        ["学籍信息", "等待审核"],
        ["学位申请：审核中"],
        ["毕业生登记表", "待审核"],
        ["论文：审核中"],
        ["身份证照片：待审核"],
    ],
)
def test_what_is_examined_besides_the_photo_is_no_state_of_it(lines: list[str]) -> None:
    assert state_of_review(lines, PLACE.enrollment) == ""
    assert state_of_review(["照片信息状态：待审核"], PLACE.enrollment)


@pytest.mark.parametrize(
    "line",
    [
        "已上传",
        "照片状态：已上传",
        "上传状态: 已提交",
        "毕业照片：已上传成功",
        "照片已上传",
        "上传成功！",
        "状态：照片已经上传",
    ],
)
def test_a_state_of_upload(line: str) -> None:
    assert state_of_upload(["毕业照片", line, "选择照片"], PLACE.enrollment) == line


def test_a_state_that_names_the_photo_itself_is_not_that_of_the_line_before() -> None:
    assert state_of_upload(["入学照片", "毕业照片 已上传"], PLACE.enrollment) == "毕业照片 已上传"
    assert state_of_upload(["入学照片", "照片 已上传"], PLACE.enrollment) == ""


@pytest.mark.parametrize(
    "lines",
    [
        ["毕业照片", "未上传"],
        ["已上传照片", "暂无"],
        ["入学照片", "已上传"],
        ["入学照片：已上传"],
        ["毕业生登记表：已提交"],
        ["论文", "已提交"],
        ["学位申请：已提交"],
        ["承诺书：已上传"],
        ["身份证照片：已上传"],
        ["照片已上传的学生不用再上传"],
        ["是否已上传"],
        ["上传成功后请等待审核"],
    ],
)
def test_what_is_no_state_of_upload(lines: list[str]) -> None:
    assert state_of_upload(lines, PLACE.enrollment) == ""


# -- what has left ----------------------------------------------------------------------------------------------------------

FILE = b"\xff\xd8\xff" + b"x" * 30000


@pytest.mark.parametrize(
    ("body", "kind", "carries"),
    [
        (None, "multipart/form-data; boundary=x", True),
        (None, "image/jpeg", True),
        (None, "application/octet-stream", True),
        (None, "application/json", False),
        (None, "", False),
        (FILE, "", True),
        (b"x" * 15002, "", True),
        (b'{"img":"data:image/jpeg;base64,/9j/4AAQ"}', "application/json", True),
        (b"img=%2F9j%2F4AAQ", "application/x-www-form-urlencoded", True),
        (b'{"event":"click","on":"upload"}', "application/json", False),
        (b"--x\r\nname=a\r\n\r\nb", "multipart/form-data; boundary=x", False),
    ],
)
def test_what_carries_the_file(body: bytes | None, kind: str, carries: bool) -> None:
    assert has_file(body, kind, len(FILE)) is carries


PHOTO = hashlib.sha512(b"photo").digest() * 9 + hashlib.sha512(b"its end").digest() * 9
"""Bytes that are no text, as those of a photo."""


def _coded(piece: bytes) -> bytes:
    return base64.b64encode(piece)


@pytest.mark.parametrize(
    ("body", "carries"),
    [
        (PHOTO[100:300], True),
        (PHOTO[-200:], True),
        (_coded(PHOTO[100:300]), True),
        (b'{"n":3,"data":"' + _coded(PHOTO[90:300]) + b'"}', True),
        (b'{"n":3,"data":"' + _coded(PHOTO)[101:401] + b'"}', True),
        (urlencode({"n": 3, "data": _coded(PHOTO[91:291])}).encode(), True),
        (b"n=3&data=" + base64.urlsafe_b64encode(PHOTO[600:900]), True),
        (b"", False),
        (b'{"event":"click","at":17000000000,"on":"upload"}' * 40, False),
        (b'{"sign":"' + hashlib.sha512(b"x").hexdigest().encode() + b'"}', False),
        (_coded(hashlib.sha512(b"other").digest() * 4), False),
        (bytes(400), False),
    ],
)
def test_what_carries_a_piece_of_the_file(body: bytes, carries: bool) -> None:
    assert has_piece(body, PHOTO) is carries


def request(
    method: str = "POST", url: str = "http://p/save", body: bytes | None = b"", kind: str = "xhr"
) -> Any:
    """A request as Playwright tells it."""
    return Mock(method=method, url=url, post_data_buffer=body, resource_type=kind)


@pytest.mark.parametrize(
    "body",
    [
        urlencode({"name": "张建国"}).encode(),
        urlencode({"name": "张建国"}, encoding="gb18030").encode(),
        json.dumps({"name": "张建国"}).encode(),
        json.dumps({"name": "张建国"}, ensure_ascii=False).encode(),
        "--x\r\nname=a\r\n\r\n张建国".encode(),
    ],
)
def test_a_form_is_told_by_its_values(body: bytes) -> None:
    assert has_value(body, ["张建国"])
    assert carrying_values(["父", "张建国"], ())(request(body=body))


@pytest.mark.parametrize(
    "other",
    [
        request(body=b'{"event":"click"}'),
        request(body="张建国".encode(), kind="ping"),
        request(method="GET", body=None),
    ],
)
def test_analytics_are_no_form(other: Any) -> None:
    assert not carrying_values(["张建国"], ())(other)


def test_without_values_an_address_that_was_used_before_is_not_meant() -> None:
    carries = carrying_values([], {"http://p/log"})
    assert carries(request(body=b"id=1"))
    assert not carries(request(url="http://p/log?t=1", body=b"click"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"code":0,"msg":"上传成功"}', ["上传成功"]),
        ('{"data":{"message":"等待审核"},"Message":"ok"}', ["等待审核", "ok"]),
        ('{"errors":[{"text":"过大"}]}', ["过大"]),
        ('{"name":"张三","url":"/a"}', []),
        ("<html>", []),
        ("", []),
    ],
)
def test_the_messages_of_an_answer(body: str, said: list[str]) -> None:
    assert messages_in(body) == said


# -- which field ----------------------------------------------------------------------------------------------------------------


def field(words: str, y: float = 0, *, away: bool = False) -> FileField:
    """A file field."""
    return FileField(Mock(), words, Box(0, y, 90, 20), False, away)


@pytest.mark.parametrize(
    ("captions", "chosen"),
    [
        (("毕业照片", "入学照片"), 0),
        (("入学照片", "毕业照片"), 1),
        (("附件", "学信网毕业照"), 1),
        (("毕业照片", "毕业照片"), None),
        (("附件", "其他"), None),
        (("入学照片与毕业照片对比", "毕业照片"), 1),
        (("",), 0),
    ],
)
def test_the_field_captioned_so(captions: tuple[str, ...], chosen: int | None) -> None:
    fields = [field(caption, 100 * place) for place, caption in enumerate(captions)]
    found = captioned_field(fields, PLACE.stored, PLACE.enrollment, [])
    assert found is (None if chosen is None else fields[chosen])


@pytest.mark.parametrize(
    ("captions", "chosen"), [(("毕业照片", "毕业照片"), 0), (("入学照片", "附件"), None)]
)
def test_of_fields_captioned_alike_the_one_that_is_not_put_away(
    captions: tuple[str, str], chosen: int | None
) -> None:
    fields = [field(captions[0]), field(captions[1], 100, away=True)]
    found = captioned_field(fields, PLACE.stored, PLACE.enrollment, [])
    assert found is (None if chosen is None else fields[chosen])
