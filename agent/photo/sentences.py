"""Verdicts in words a student understands; no score, because no threshold for one is published."""

from __future__ import annotations

from agent.photo.model import Comparison, PhotoVerdict, SamePerson

_SENTENCES = {
    PhotoVerdict.identical: "两张照片完全相同。",
    PhotoVerdict.same_picture: "两张是同一张照片。",
    PhotoVerdict.altered: "两张很像，但内容不完全一样：可能被改动过，也可能是同一次拍的另一张，请人工核对。",
    PhotoVerdict.unsure: "无法确定两张是不是同一张照片，请人工核对。",
    PhotoVerdict.different_picture: "两张不是同一张照片（是不是同一个人，这里不作判断）。",
}


def verdict_sentence(comparison: Comparison) -> str:
    """Give the verdict as one plain Chinese sentence, with the reasons where there are any."""
    sentence = _SENTENCES[comparison.verdict]
    if not comparison.reasons:
        return sentence
    return f"{sentence[:-1]}（{'；'.join(comparison.reasons)}）。"


# The rates of the threshold `face.LIKELY`; how often it misses the same person could not be measured.
_RATES = "公开人像 177,384 对不同的人中没有一对被说成“很可能”，15 名东亚女性的照片中有 0.07%"
_MISSES = f"没有达到“很可能”的标准（{_RATES}）；同一人因年龄、化妆、光线也会达不到，多常见没有测过"
_PERSON = {
    SamePerson.likely: f"很可能是同一人（{_RATES}；双胞胎和兄弟姐妹分不出来）。",
    SamePerson.unsure: f"是不是同一人拿不准，请人看一下：{_MISSES}。",
    SamePerson.unlikely: f"看起来不太像同一人，请先由人看一下：{_MISSES}。",
}
_HOW = "需要时可以另装人脸比对的组件（见说明书），并由本人单独同意；比对只在本机进行。"
DECIDES = "是否同一人以学校和学信网的图像比对结果为准。"


def person_sentence(same_person: SamePerson, note: str = "") -> str:
    """Give the advice on the person with the error rates of its threshold, and who decides.

    Args:
        same_person: the advice.
        note: for advice that was not given, the phrase why; empty where nobody asked for it.
    """
    if same_person is not SamePerson.not_checked:
        return f"{_PERSON[same_person]}{DECIDES}"
    return f"没有比对是不是同一人{f'：{note}。' if note else f'。{_HOW}'}{DECIDES}"
