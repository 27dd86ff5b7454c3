"""What there is to say of a photo: its file, or how long one has been waited for and from when on somebody should be asked."""

from __future__ import annotations

from datetime import date

from agent.browser.image_download import DownloadedImage
from agent.errors import PhotoNotYet
from agent.photo import inspect
from agent.reconcile.compare import Check, FieldReading, Verdict
from agent.reconcile.normalise import parse_date
from agent.report.model import PhotoFile
from flows.profiles.schema import Profile
from flows.sites.chsi.record import Record

NOTHING = "学信网上还没有学历照片"
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


def photo_file(file: str, picture: DownloadedImage) -> PhotoFile:
    """Return what the report says of a photo's file.

    Args:
        file: Where it lies in the case folder.
        picture: Its bytes and how they were got.
    """
    facts = inspect(picture.data).facts
    return PhotoFile(
        file=file,
        sha256=facts.sha256,
        bytes=facts.size_bytes,
        width=facts.width,
        height=facts.height,
        format=facts.format,
        obtained_by=picture.obtained_by,
    )
