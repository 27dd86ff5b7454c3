"""Faces are compared in a run only where that is switched on, possible, and agreed to by the person there."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from agent import photo
from agent.asks import Answer, Ask, AskRouter, Scripted
from agent.browser.image_download import DownloadedImage
from agent.photo import SamePerson, face, person_sentence
from fixtures.server import MockSites
from flows.duties.photo import COMPARE_FACES, PhotoUpload
from flows.run.findings import Findings
from flows.sites.chaoxing.upload.page import PlatformPhotos
from tests.agent.photo import fakeface
from tests.agent.photo.fakeface import ANNA, Engine
from tests.agent.photo.pictures import encode
from tests.harness.program import run_job, run_on_platform, site_settings

YES, NO = Scripted({COMPARE_FACES.id: "yes"}), Scripted({COMPARE_FACES.id: "no"})


def _unlike(data: bytes) -> bytes:
    """The same face on another picture."""
    with Image.open(io.BytesIO(data)) as picture:
        other = picture.convert("RGB").resize((240, 320))
    ground = Image.effect_noise((480, 640), 90).convert("RGB")
    ground.paste(other, (120, 160))
    return encode(ground, "PNG")


class Nobody:
    """Nobody is there."""

    def answer(self, ask: Ask) -> Answer | None:
        """Return nothing."""
        return None


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The stand-in for the models."""
    fake = Engine()
    monkeypatch.setattr(face, "_models", lambda: fake.models)
    return fake


def advise(
    answerers: Sequence[Any], *, on: bool = True, enrollment: bytes | None = None
) -> tuple[Any, AskRouter, list[str]]:
    """Look at CHSI's photo of Anna beside another photo of hers, as a run does."""
    chsi = fakeface.portrait(ANNA)
    other = _unlike(chsi) if enrollment is None else enrollment
    events: list[str] = []
    asks = AskRouter(answerers)
    context = SimpleNamespace(
        findings=Findings(platform=PlatformPhotos(None, DownloadedImage(other, "response"))),
        compare_faces=on,
        asks=asks,
        case=SimpleNamespace(audit=SimpleNamespace(append=events.append)),
    )
    duty = PhotoUpload(context)  # type: ignore[arg-type]
    duty._chsi = DownloadedImage(chsi, "response")
    duty._compare()
    duty._advise()
    return context.findings.comparisons["enrollment"], asks, events


def test_off_by_default_nobody_is_asked_and_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "_models", lambda: pytest.fail("loaded"))
    compared, asks, events = advise([YES], on=False)
    assert (compared.same_person, compared.person_note) == (SamePerson.not_checked, "")
    assert (asks.asked, events) == ([], [])


def test_with_consent_the_advice_is_given_and_the_consent_recorded(engine: Engine) -> None:
    compared, asks, events = advise([YES])
    assert compared.same_person is SamePerson.likely
    assert [ask.id for ask, _ in asks.asked] == ["photo.compare-faces"]
    assert events == ["faces.agreed"]
    assert engine.describer.seen == [ANNA, ANNA]


@pytest.mark.parametrize("answerer", [NO, Nobody()], ids=["refused", "nobody there"])
def test_without_consent_no_face_is_looked_for(engine: Engine, answerer: Any) -> None:
    compared, asks, events = advise([answerer])
    assert compared.same_person is SamePerson.not_checked
    assert "没有得到本人" in compared.person_note
    assert (len(asks.asked), events) == (1, [])
    assert engine.describer.seen == []


def test_nobody_is_asked_for_what_cannot_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "faces_unavailable", lambda: "没有安装人脸比对组件")
    compared, asks, _ = advise([YES])
    assert (compared.same_person, compared.person_note) == (SamePerson.not_checked, "没有安装人脸比对组件")
    assert asks.asked == []


def test_nobody_is_asked_about_one_and_the_same_picture(engine: Engine) -> None:
    compared, asks, _ = advise([YES], enrollment=fakeface.portrait(ANNA))
    assert compared.is_same
    assert asks.asked == []


def test_the_ask_says_where_and_what_for() -> None:
    text = "".join(COMPARE_FACES.details)
    for words in ("只在这台电脑上", "不保存", "以学校和学信网的图像比对结果为准", "单独同意"):
        assert words in text


def test_a_run_with_the_setting_asks_compares_and_reports(
    browser: Browser, sites: MockSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setenv("GRADSYNC_COMPARE_FACES", "true")
    answers = {"apply-plan": "yes", COMPARE_FACES.id: "yes"}
    case = tmp_path / "case"
    report = run_on_platform(browser, sites, case, only=["photo"], answerers=[Scripted(answers)])
    assert report.exit_status == 0, report.trouble
    assert [(row.id, row.answer) for row in report.asks] == [(COMPARE_FACES.id, "yes"), ("apply-plan", "yes")]
    assert report.photo is not None
    # Of a drawn face the stand-in knows no more than the white of the eyes.
    assert "没有比对是不是同一人：学历照片里" in report.photo.person_sentence
    assert "faces.agreed" in (case / "audit.jsonl").read_text("utf-8")


def test_a_run_without_the_setting_asks_nothing_and_says_so(
    browser: Browser, sites: MockSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face, "_models", lambda: pytest.fail("loaded"))
    report = run_job(browser, site_settings(sites), tmp_path / "case", only=["photo"])
    assert [row.id for row in report.asks] == ["apply-plan"]
    assert report.photo is not None
    assert report.photo.person_sentence == person_sentence(SamePerson.not_checked)
    page = (tmp_path / "case" / "report.html").read_text("utf-8")
    assert person_sentence(SamePerson.not_checked) in page
