"""Verdicts in words a student understands; no score, because no threshold for one is published."""

from __future__ import annotations

from agent.photo.model import Comparison, Verdict

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
