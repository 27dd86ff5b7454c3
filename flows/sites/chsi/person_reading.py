"""Reading by the person of what the program could not read: pictures of it, and a form to copy it into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agent.asks import Ask, AskField, AskKind, AskRouter
from agent.ocr.crops import stacked
from flows.sites.chsi.record import RecordValue

ASK = "chsi_check.values"
TEXT = "学信网的这几项没能识读，请对照图片原样填写（从上到下，看不清的留空）"


def read_by_person(
    values: Mapping[str, RecordValue], labels: Mapping[str, str], asks: AskRouter
) -> dict[str, RecordValue]:
    """Return the values, with those that could not be read as the person reads them from their pictures.

    Nobody is asked where nobody is there, and nothing that has no picture; what the person leaves blank stays unread.

    Args:
        values: What was read, by the profile's field names.
        labels: Each field's name for the person.
        asks: Where the person is asked.
    """
    unread = {
        name: value for name, value in values.items() if value.text and not value.is_read and value.ocr_texts
    }
    if not unread or not asks.expects(ASK):
        return dict(values)
    crops = dict.fromkeys(
        crop for value in unread.values() for ocr_text in value.ocr_texts for crop in ocr_text.crops
    )
    fields = tuple(AskField(name, labels[name]) for name in unread)
    ask = Ask(ASK, AskKind.FORM, TEXT, "chsi", image=stacked(list(crops)), fields=fields)
    typed = asks.fill_in(ask)
    return {
        **values,
        **{
            name: replace(value, text=typed[name], read_by="person")
            for name, value in unread.items()
            if typed[name]
        },
    }
