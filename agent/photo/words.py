"""Verdicts in words a student understands; no score, because no threshold for one is published."""

from __future__ import annotations

from agent.photo.model import Comparison, SamePerson, Verdict

_SENTENCES = {
    Verdict.identical: "两张照片完全相同。",
    Verdict.same_picture: "两张是同一张照片。",
    Verdict.altered: "两张很像，但内容不完全一样：可能被改动过，也可能是同一次拍的另一张，请人工核对。",
    Verdict.unsure: "无法确定两张是不是同一张照片，请人工核对。",
    Verdict.different_picture: "两张不是同一张照片（是不是同一个人，这里不作判断）。",
}


def verdict_sentence(comparison: Comparison) -> str:
    """Give the verdict as one plain Chinese sentence, with the reasons where there are any."""
    sentence = _SENTENCES[comparison.verdict]
    if not comparison.reasons:
        return sentence
    return f"{sentence[:-1]}（{'；'.join(comparison.reasons)}）。"


_PERSON = {
    SamePerson.likely: (
        "很可能是同一人。公开人像 177,384 对不同的人中没有一对被这样说错，15 名东亚女性的照片中说错 0.07%；"
        "双胞胎和兄弟姐妹分不出来。"
    ),
    SamePerson.unsure: "是不是同一人拿不准，请人看一下。",
    SamePerson.unlikely: "看起来不太像同一人，请先由人看一下；化妆、年龄和光线都会影响。",
    SamePerson.not_checked: (
        "没有比对是不是同一人。需要时请安装 face 组件（pip install 'gradsync[face]'），并在本人单独同意后打开；"
        "比对只在本机进行。"
    ),
}
DECIDES = "是否同一人以学校和学信网的图像比对结果为准。"


def person_sentence(same_person: SamePerson) -> str:
    """Give the advice on the person with the error rates of its threshold, and who decides."""
    return f"{_PERSON[same_person]}{DECIDES}"
