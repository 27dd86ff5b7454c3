"""What there is to say of a photo: its file, whether it is the latest, or how long it may be waited for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from agent import photo
from agent.browser.image_download import DownloadedImage
from agent.errors import PhotoNotYet
from agent.reconcile.compare import Check, FieldReading, Verdict
from agent.reconcile.normalise import parse_date
from agent.report.model import PhotoFile
from flows.profiles.schema import Profile
from flows.sites.chsi.record import Record

NOTHING = "学信网上还没有学历照片"
LATEST = "学历照片是最后一次采集的"
CODE = "学信网给了图像采集码：还没有拍照的，请自己点“查看图像采集码”，拍照时出示。"


def not_yet(profile: Profile, record: Record | None, today: date) -> PhotoNotYet:
    """Return the stop that says what to do while CHSI has no photo.

    A photo may take as long as the notice says; it is waited for while it was taken less long ago, or nobody knows when, and the
    deadline is ahead. Afterwards the school is to be asked.

    Args:
        profile: Its waiting time (days), deadline, advice and contact.
        record: CHSI's record, which may say when the photo was taken.
        today: The day of the run.
    """
    collected = parse_date(record.values.get("collected", "")) if record else None
    days = (today - collected).days if collected else None
    wait = profile.photo.wait_days
    overdue = days is not None and wait is not None and days >= wait
    late = overdue or _is_past(profile, today)
    since = f"：{collected:%Y-%m-%d} 采集，到今天 {days} 天" if collected else ""
    advice = f"照片早该显示了，请联系{profile.contact}。" if late else profile.photo.waiting_advice
    return PhotoNotYet(f"{NOTHING}{since}。", advice + (CODE if record and record.offers_code else ""))


def _is_past(profile: Profile, today: date) -> bool:
    """True after the last day for the photo, where the notice has one."""
    own = profile.photo.deadline.deadline if profile.photo.deadline else None
    duty = profile.duty("photo")
    last = own or (duty.deadline if duty else None) or profile.deadline
    return last is not None and today > last


def check(stop: PhotoNotYet) -> Check:
    """Return the comparison table's row about the missing photo."""
    nothing = FieldReading("chsi", None)
    return Check("photo.graduation", "学历照片", nothing, None, Verdict.WAITING, stop.told)


def missing_photo(profile: Profile, today: date) -> Check | None:
    """Say what a missing 学历照片 means where the notice has a last day for it: waiting until then, afterwards wrong.

    Args:
        profile: Gives the day and whom to turn to.
        today: The day of the run in the profile's zone.
    """
    advice = profile.photo.deadline
    if advice is None or advice.deadline is None:
        return None
    late = today > advice.deadline
    note = f"学信网上还没有学历照片，{'已过' if late else '最晚'} {advice.deadline:%Y-%m-%d}。请联系{advice.contact}。"
    verdict = Verdict.MISMATCH if late else Verdict.WAITING
    return Check("photo.present", "学历照片", FieldReading("chsi", None), None, verdict, note)


def latest_photo(chsi: bytes, file: Path) -> Check:
    """Hold 学信网's 学历照片 against the file of the last capture that the student has.

    Args:
        chsi: The photo's bytes.
        file: The student's file.
    """
    sides = FieldReading("chsi", "学历照片"), FieldReading("student", file.name, "person")
    try:
        compared = photo.compare(chsi, file.read_bytes())
    except (photo.PhotoUnreadable, OSError):
        return Check("photo.latest", LATEST, *sides, Verdict.UNREADABLE, "最后一次采集的照片文件打不开。")
    is_other = compared.verdict is photo.PhotoVerdict.different_picture
    verdict = Verdict.MATCH if compared.is_same else Verdict.MISMATCH if is_other else Verdict.UNREADABLE
    return Check("photo.latest", LATEST, *sides, verdict, photo.verdict_sentence(compared))


def photo_file(file: str, picture: DownloadedImage) -> PhotoFile:
    """Return what the report says of a photo's file.

    Args:
        file: Where it lies in the case folder.
        picture: Its bytes and how they were got.
    """
    facts = photo.inspect(picture.data).facts
    return PhotoFile(
        file=file,
        sha256=facts.sha256,
        bytes=facts.size_bytes,
        width=facts.width,
        height=facts.height,
        format=facts.format,
        obtained_by=picture.obtained_by,
    )
