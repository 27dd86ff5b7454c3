"""Consent receipts of the people of a roster, and on mock sites their accounts."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from agent.cohort.model import Pair, Person
from agent.consent import FILE_NAME, Receipt, Register
from agent.consent import load as load_receipt
from agent.consent.gate import local_now
from agent.errors import UsageError
from agent.files.text_files import parse_json, read_text
from agent.privacy.redaction import mask_name, mask_number
from agent.reconcile.document_numbers import document_key

Accounts = Mapping[str, Mapping[str, Pair]]
"""By document number, then by site."""


@dataclass(frozen=True)
class Receipts:
    """The receipts of a folder, by what they show of the student: only those few are worth the slow comparison."""

    found: Mapping[tuple[str, str], tuple[tuple[Path, Receipt], ...]]

    def of(self, person: Person) -> Path | None:
        """Return the file of the person's latest receipt; None when there is none."""
        shown = (mask_name(person.name), mask_number(person.number))
        theirs = [
            (receipt.given_at, path)
            for path, receipt in self.found.get(shown, ())
            if receipt.pii_principal.binding.fits(person.number)
        ]
        return max(theirs)[1] if theirs else None


def receipts(folder: Path) -> Receipts:
    """Read the receipts below a folder.

    Raises:
        UsageError: There is no such folder, or a receipt cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"没有同意书的文件夹 {folder}。", "请给出 gradsync consent new 写出的文件夹。")
    found: dict[tuple[str, str], list[tuple[Path, Receipt]]] = defaultdict(list)
    for path in sorted(folder.resolve().rglob(FILE_NAME)):
        receipt = load_receipt(path)
        found[(receipt.pii_principal.name, receipt.pii_principal.id_number)].append((path, receipt))
    return Receipts({shown: tuple(rows) for shown, rows in found.items()})


def is_over(person: Person) -> bool:
    """Return whether a person has withdrawn the consent, or its time is over.

    Of a receipt that is not there now (a share that is not mounted) nothing is known.
    """
    if person.consent is None or not person.consent.exists():
        return False
    receipt = load_receipt(person.consent)
    return Register().is_withdrawn(receipt) or receipt.delete_after <= local_now()


def accounts(path: Path) -> Accounts:
    """Read the accounts of invented students: ``{"<document number>": {"chsi": {"username": …, "password": …}}}``.

    Raises:
        UsageError: It is no such file; its content is not repeated.
    """
    read = parse_json(read_text(path, "密码文件"), f"密码文件 {path.name}")
    try:
        kind = TypeAdapter(dict[str, dict[str, Pair]])
        return {document_key(number): pairs for number, pairs in kind.validate_python(read).items()}
    except ValidationError:
        raise UsageError(f"密码文件 {path.name} 的写法不对。", "写法见 docs/scale.md。") from None


def with_belongings(people: Iterable[Person], consents: Receipts | None, given: Accounts) -> list[Person]:
    """Return the people with what is theirs."""
    everybody = list(people)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the slow comparison is outside Python's lock
        found = pool.map((consents or Receipts({})).of, everybody)
    return [
        person.model_copy(
            update={"consent": receipt, "credentials": given.get(document_key(person.number), {})}
        )
        for person, receipt in zip(everybody, found, strict=True)
    ]
