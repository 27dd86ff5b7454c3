"""A form with something for every write that there is."""

from __future__ import annotations

from flows.forms.model import FamilyMember, Form, HistoryEntry

FORM = Form(
    family=(FamilyMember(relation="母亲", name="李示例", phone="10000009003"),),
    history=(
        HistoryEntry(place="西安市示例高级中学", start="2011-09", end="2014-06"),
        HistoryEntry(place="示例建筑公司", start="2014-09", end="2021-02"),
        HistoryEntry(place="西安交通大学", start="2021-03", end="至今"),
    ),
    self_evaluation="在校期间认真学习，尊敬师长，团结同学。" * 12,
)
