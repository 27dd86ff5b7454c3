"""A form with something for every write that there is, and for every field that tells of other people."""

from __future__ import annotations

from fixtures.sites.forms import Row
from flows.forms.model import FamilyMember, Form, HistoryEntry

FORM = Form(
    family=(
        FamilyMember(
            relation="母亲",
            name="李示例",
            phone="10000009003",
            document_type="护照",
            document_number="EK7390158",
            age="58",
            ethnicity="汉族",
            party="群众",
            address="渭南市示例第三纺织厂家属院七号",
            post="示例厂质检组长",
        ),
    ),
    history=(
        HistoryEntry(place="西安市示例高级中学", start="2011-09", end="2014-06"),
        HistoryEntry(
            place="示例建筑公司第九项目部",
            post="示例部资料员",
            start="2014-09",
            end="2021-02",
            witness="郑证明",
            witness_phone="10000009104",
        ),
        HistoryEntry(place="西安交通大学", start="2021-03", end="至今"),
    ),
    self_evaluation="在校期间认真学习，尊敬师长，团结同学。" * 12,
)
THERE: dict[str, list[Row]] = {
    "family": [
        {
            "relation": "父亲",
            "name": "马在册",
            "phone": "10000009205",
            "address": "渭南市示例第八机械厂二车间",
            "post": "示例厂钳工",
        }
    ],
}
"""What the platform already holds, for tests that look for it where it must not be."""
PRIVATE = ("name", "phone", "document_number", "address", "post", "witness", "witness_phone")
"""The fields that tell of other people, or where they live or work; the student's own schools and employers are named in a plan."""


def private_values() -> dict[str, str]:
    """Return every such value of the form and of the platform, by what it is."""
    given = [entry.model_dump() for entry in (*FORM.family, *FORM.history)]
    rows = [*given, *(row for rows in THERE.values() for row in rows)]
    return {
        f"{name} {number}": row[name] for number, row in enumerate(rows) for name in PRIVATE if row.get(name)
    }
