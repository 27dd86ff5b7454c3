"""What a run has read on 学信网 before it comes to the platform, for tests of nothing but the platform."""

from __future__ import annotations

from dataclasses import asdict

from agent import photo
from agent.browser.image_download import DownloadedImage
from agent.case.case import Case
from fixtures.people.students import Student
from fixtures.world import chsi_photo
from flows.checks.photo import photo_file
from flows.run.findings import Findings
from flows.sites.chsi.record import Record


def read_at_chsi(student: Student) -> Findings:
    """Return the record and the 学历照片 of a student with one record, as a run has found them."""
    (record,) = student.chsi
    values = {name.removesuffix("_name"): value for name, value in asdict(record).items()}
    own = {"name": student.name, "sex": student.sex, "ethnicity": student.ethnicity}
    born = f"{student.birth_date:%Y年%m月%d日}"
    picture = DownloadedImage(chsi_photo(student), "response")
    return Findings(
        record=Record({**values, **own, "id_number": student.id_number, "birth_date": born}),
        photo=picture,
        inspection=photo.inspect(picture.data),
    )


def keep(found: Findings, case: Case) -> None:
    """Keep the photo in the case folder, where the run that found it would have put it."""
    assert found.photo is not None
    file = f"photo/{found.id_number}.jpg"
    case.folder.write_as_is(file, found.photo.data)
    found.photo_files["chsi"] = photo_file(file, found.photo)
