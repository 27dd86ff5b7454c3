"""report.html: nothing leaves the file, nothing of a site becomes markup, everything is there in words."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.photo import SamePerson, person_sentence
from agent.report.model import Report
from agent.report.render import render_html, render_markdown

from .reading import Page, filled
from .samples import SAMPLES, bare, degraded, done, images, no_photo, wrong_password

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- --><![CDATA[ ]]>&lt;b&gt;&amp;#60;",
    "javascript:alert(1)",
    "\u202e<b>\u2066",
)


def _page(report: Report) -> Page:
    return Page(render_html(report, images() if report.photo and report.photo.chsi else {}))


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_leaves_the_file(name: str) -> None:
    page = _page(SAMPLES[name]())
    addresses = page.values("src", "href", "srcset", "action", "poster", "data", "xlink:href")
    assert addresses
    assert all(address.startswith(("data:image/", "#")) for address in addresses)
    assert "url(" not in page.html
    assert "@import" not in page.html
    assert not {"script", "link", "iframe", "base", "form", "object"} & {
        element.tag for element in page.elements
    }
    assert not page.values("style", "onload", "onerror", "onclick")


def test_the_policy_allows_the_one_style_and_pictures_inside_only() -> None:
    page = _page(done())
    style = re.search(r"<style>(.*?)</style>", page.html, re.DOTALL)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policies = [each.attributes["content"] for each in page.elements if "http-equiv" in each.attributes]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_landmarks_headings_and_targets(name: str) -> None:
    page = _page(SAMPLES[name]())
    tags = [element.tag for element in page.elements]
    assert [tags.count(tag) for tag in ("html", "header", "main", "footer", "h1")] == [1, 1, 1, 1, 1]
    assert page.elements[0].attributes["lang"] == "zh-CN"
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {target.removeprefix("#") for target in page.values("href", "aria-labelledby")} <= set(ids)
    assert all(
        element.attributes.get("scope") in {"col", "row"} for element in page.elements if element.tag == "th"
    )
    assert all(element.attributes.get("alt") for element in page.elements if element.tag == "img")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_and_never_markup(text: str) -> None:
    page = _page(filled(degraded(), text))
    assert page.structure == _page(filled(degraded(), "甲")).structure
    assert text in page.text


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1), st.sampled_from(sorted(SAMPLES)))
def test_no_text_changes_the_structure(text: str, name: str) -> None:
    report = SAMPLES[name]()
    assert (
        Page(render_html(filled(report, text), {})).structure
        == Page(render_html(filled(report, "甲"), {})).structure
    )


def test_numbers_of_documents_are_masked() -> None:
    page = _page(done())
    assert "**************4229" in page.text
    assert not re.search(r"\d{17}[\dXx]", page.text)


def test_sections_stand_in_order_of_use() -> None:
    page = _page(degraded())
    order = [
        "next",
        "photos",
        "conditions",
        "checks",
        "duties",
        "grades",
        "unread",
        "learned",
        "not-checked",
        "asks",
        "degraded",
        "record",
    ]
    assert page.values("aria-labelledby") == order


def test_conditions_are_in_the_sites_order_and_words() -> None:
    report = degraded()
    assert report.conditions
    listed = _page(report).html.split('<ol class="conditions">')[1].split("</ol>")[0]
    rows = [re.sub(r"\s+", " ", Page(row).text) for row in listed.split("<li>")[1:]]
    assert len(rows) == 14
    for row, item in zip(rows, report.conditions.items, strict=True):
        assert f"毕业要求：{item.name}" in row
        assert f"当前状态： {item.status_text or '（空白）'}" in row
        assert (f"下一步：{item.next_step}" in row) is (item.next_step is not None)


@pytest.mark.parametrize(("status", "mark"), [("已完成", "（蓝色，已满足）"), ("未完成", "（红色，未满足）")])
def test_a_colour_is_also_said(status: str, mark: str) -> None:
    assert re.search(rf"{status}</span><span class=\"hidden\">{mark}", _page(done()).html)


def test_an_unknown_word_and_a_blank_are_told_apart() -> None:
    text = _page(degraded()).text
    assert "审核退回 通知里没有这个词" in text
    assert "（空白） 网站没有写明状态" in text


def test_a_picture_is_shown_only_if_it_is_one() -> None:
    pictures = {"chsi": b"<html>not a photo</html>", "platform_copy": images()["platform_copy"]}
    page = Page(render_html(done(), pictures))
    encoded = b64encode(pictures["platform_copy"]).decode()
    assert page.values("src") == [f"data:image/jpeg;base64,{encoded}"]
    assert page.text.count("照片文件不在手边") == 2


def test_that_faces_were_not_compared_is_said_with_the_way_to_it() -> None:
    text = _page(done()).text
    assert "是不是同一个人没有比对是不是同一人。" in text
    for words in ("人脸比对的组件", "以学校和学信网的图像比对结果为准"):
        assert words in text


@pytest.mark.parametrize("value", [SamePerson.likely, SamePerson.unsure, SamePerson.unlikely])
def test_advice_on_the_person_stands_with_its_error_rates(value: SamePerson) -> None:
    report = done()
    assert report.photo
    told = report.photo.model_copy(update={"person_sentence": person_sentence(value)})
    report = report.model_copy(update={"photo": told})
    for text in (_page(report).text, render_markdown(report)):
        for words in ("0.07%", "以学校和学信网的图像比对结果为准"):
            assert words in text


def test_each_comparison_is_one_sentence_under_photos_that_stand_side_by_side() -> None:
    report = done()
    assert report.photo
    section = _page(report).html.split('aria-labelledby="photos"')[1].split("</section>")[0]
    assert section.count("<figure>") == 3
    for row in report.photo.comparisons:
        assert section.count(f"<p>{row.sentence}</p>") == 1


def test_the_photo_that_is_not_there_has_an_empty_place() -> None:
    page = _page(no_photo())
    assert "没有取得" in page.text
    assert "img" not in {element.tag for element in page.elements}


def test_trouble_tells_what_to_do_now() -> None:
    text = _page(wrong_password()).text
    assert text.count("您输入的用户名或密码有误。") == 1
    assert "现在怎么做：密码只提交了一次。" in text
    assert "截止 2024年6月11日" in text


def test_findings_are_folded_unless_one_fails() -> None:
    report = done()
    assert report.photo
    assert not any(
        element.tag == "details" and "open" in element.attributes for element in _page(report).elements
    )
    bad = report.photo.findings[0].model_copy(update={"level": "fail"})
    failing = report.model_copy(update={"photo": report.photo.model_copy(update={"findings": (bad,)})})
    assert any(
        element.tag == "details" and "open" in element.attributes for element in _page(failing).elements
    )


def test_no_score_of_likeness_is_shown() -> None:
    report = done()
    assert report.photo
    assert [row.distance for row in report.photo.comparisons] == [0.01, 0.62]
    assert not re.search(r"0\.01|0\.62", _page(report).text)


def test_an_empty_report_claims_nothing() -> None:
    page = _page(bare())
    assert page.values("aria-labelledby") == ["next"]
    assert "程序出错，没有开始。" in page.text
