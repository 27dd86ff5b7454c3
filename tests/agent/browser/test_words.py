"""Button words as the sites write them: spaced anyhow, decorated, counted, and never a part of another word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.browser.locators import word_pattern

SPACES = st.text("\u00a0\u3000\u2002 \t\n", max_size=3)
BEFORE = st.text("> »›·•*＊\ue6a1", max_size=3)
AFTER = st.text("<> »›→＞·•*:：\ue6a1", max_size=3)
WORDS = ("登录", "学生服务", "上传毕业照片", "查看/编辑", "毕业（教学计划）课程条件", "学籍信息/图像校对")
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@pytest.mark.parametrize(
    "shown",
    [
        "登录",
        "登 录",
        "登\u00a0\u00a0录",
        "登\u3000录",
        " 登录 ",
        "登录 >",
        "登录>>",
        "» 登录",
        "登录→",
        "登录＞",
        "登录：",
        "* 登录",
        "\ue6a1 登录",
        "登录 (3)",
        "登录（12）",
        "登录( 3 )",
        "点击登录",
        "点击进入登录",
        "点击 进入 登录 >>",
        "▸ 登录",
        "登录▾",
        "＋登录",
        "★登录 ›",
        "② 登录",
        "登录 ⌄",
        "登录（3）▾",
    ],
)
def test_the_word_is_found_however_it_is_decorated(shown: str) -> None:
    assert word_pattern("登录").search(shown)


@pytest.mark.parametrize(
    "shown",
    [
        "",
        ">",
        "登",
        "录登",
        "登录帮助",
        "扫码登录",
        "重新登录",
        "登录 注册",
        "登录/注册",
        "请先登录。",
        "不登录",
        "登录3",
        "(3)",
        "登x录",
        "登录\n忘记密码",
    ],
)
def test_another_word_is_not(shown: str) -> None:
    assert not word_pattern("登录").search(shown)


@pytest.mark.parametrize("word", WORDS)
@given(gaps=st.lists(SPACES, min_size=12, max_size=12), before=BEFORE, after=AFTER, count=st.integers(0, 999))
def test_spacing_arrows_and_counts_never_hide_a_word(
    word: str, gaps: list[str], before: str, after: str, count: int
) -> None:
    spaced = "".join(char + gap for char, gap in zip(word, gaps, strict=False))
    assert word_pattern(word).search(f"{before}{spaced}{after}")
    assert word_pattern(word).search(f"{spaced}（{count}）")


@pytest.mark.parametrize("word", WORDS)
@given(more=st.text(HAN, min_size=1))
def test_a_longer_word_is_another_word(word: str, more: str) -> None:
    assert not word_pattern(word).search(word + more)
    assert not word_pattern(word).search(more + word) or more in ("点击", "进入", "点击进入")


@pytest.mark.parametrize("word", WORDS)
@given(data=st.data())
def test_a_part_of_a_word_is_another_word(word: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(word) - 1))
    end = data.draw(st.integers(start, len(word)))
    part = word[start:end]
    assert bool(word_pattern(word).search(part)) == (part == word)


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("毕业（教学计划）课程条件", "毕业(教学计划)课程条件"),
        ("毕业(教学计划)课程条件", "毕业（教学计划）课程条件"),
        ("查看/编辑", "查看 ／ 编辑"),
        ("系(所、函授站)", "系（所、函授站）"),
        ("当前毕业批次:", "当前毕业批次："),
        ("VPN", "vpn"),
    ],
)
def test_width_of_punctuation_and_case_do_not_matter(word: str, shown: str) -> None:
    assert word_pattern(word).search(shown)


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_no_character_of_a_word_is_taken_for_a_pattern(word: str) -> None:
    shown = "".join(word.split())
    assert word_pattern(word).search(shown)


@given(st.lists(st.sampled_from(WORDS), min_size=1, unique=True), st.sampled_from(WORDS))
def test_any_of_several_words(words: list[str], shown: str) -> None:
    assert bool(word_pattern(*words).search(shown)) == (shown in words)


@pytest.mark.parametrize("shown", ["", " ", ">", "(3)", "登录"])
def test_no_word_finds_nothing(shown: str) -> None:
    """An icon without a name is not what anybody asked for."""
    assert not word_pattern().search(shown)


@pytest.mark.parametrize("words", [("",), ("登录", " "), ("\u3000",)])
def test_a_blank_word_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="empty"):
        word_pattern(*words)
