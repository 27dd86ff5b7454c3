"""The receipt as a page that can be printed and signed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from agent.consent.receipt import FILE_NAME as RECEIPT
from agent.consent.receipt import Purpose, Receipt, Separate
from agent.consent.registry import to_bytes
from agent.privacy.private_files import PrivateFolder
from agent.templates import templates

FILE_NAME = "consent.html"


def render(receipt: Receipt) -> str:
    """Return one self-contained page in Chinese; no request leaves it."""
    environment = templates("agent.consent", lstrip_blocks=False)
    environment.filters["moment"] = moment
    return environment.get_template("receipt.html").render(receipt=receipt, terms=receipt.pii_processing)


def write(receipt: Receipt, folder: Path) -> list[Path]:
    """Write a receipt into a folder, as a file and as a page, in place of one that it adds to; return the two files.

    Raises:
        UsageError: The folder cannot be written to.
    """
    private = PrivateFolder(folder, str)
    return [
        private.write_as_is(RECEIPT, to_bytes(receipt)),
        private.write_as_is(FILE_NAME, render(receipt).encode()),
    ]


def moment(value: datetime) -> str:
    """Return a time as it is read in Chinese."""
    return f"{value:%Y年%m月%d日 %H:%M}"


def lines(receipt: Receipt) -> list[str]:
    """Return the same for a terminal."""
    terms, person, helper = receipt.pii_processing, receipt.pii_principal, receipt.party_identification
    asked: tuple[Purpose | Separate, ...] = (*terms.purposes, *terms.separate_consents)
    return [
        f"学生：{person.name}（证件号码 {person.id_number}）",
        f"办理人员：{helper.party_name}（{helper.party_contact}）",
        *(f"{'√ 同意' if row.given else '× 不同意'}　{row.title}：{row.purpose}。" for row in asked),
        f"同意的时间：{moment(receipt.given_at)}，有效期到 {moment(receipt.valid_until)}",
        f"读到的内容最迟在 {moment(receipt.delete_after)} 删除",
        f"撤回：{terms.withdrawal_method}",
        terms.privacy_notice,
        f"依据：{terms.lawful_basis}",
        *([f"已于 {moment(receipt.withdrawn_at)} 撤回。"] if receipt.withdrawn_at else []),
    ]
