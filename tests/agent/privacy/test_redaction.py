"""Masks by the contract, and a redactor that no encoding gets a secret past."""

from __future__ import annotations

import base64
import html
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from agent.privacy.redaction import REDACTED, Redactor, mask_name, mask_number, partly_shown

UNTIMED = settings(deadline=None)
NUMBER = "61010219990307422" + mod_11_2.calc_check_digit("61010219990307422")
MASKED = "*" * 14 + NUMBER[-4:]
AWKWARD = "p&s\"w\\d/é 密码'<1>+%"
SECRETS = [
    "correct-horse-battery",
    "Tr0ub4dor&3",
    AWKWARD,
    "密码是这个吗",
    "a/b+c=d?e",
    "hunter22",
    "🔑 key 🔑",
]


def knowing(*secrets: str, numbers: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Redactor:
    redactor = Redactor()
    for secret in secrets:
        redactor.add_secret(secret)
    for number in numbers:
        redactor.add_number(number)
    for name in names:
        redactor.add_name(name)
    return redactor


# Masks


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("610102199003074229", "**************4229"),
        ("61010219990307X", "***********307X"),
        ("12345678901234", "************34"),
        ("E12345678", "*******78"),
        ("123", "*23"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_mask_number(text: str, mask: str) -> None:
    assert mask_number(text) == mask


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("王小明", "王**"),
        ("王明", "王*"),
        ("王", "王"),
        ("", ""),
        ("阿依古丽·买买提", "阿*******"),
        ("𠮷田", "𠮷*"),
        ("葛\U000e0100城", "葛\U000e0100*"),
    ],
)
def test_mask_name(name: str, mask: str) -> None:
    assert mask_name(name) == mask


@UNTIMED
@given(st.text(max_size=30))
def test_masks_keep_the_length_and_are_stable(text: str) -> None:
    mask = mask_number(text)
    shown = 4 if len(text) >= 15 else 2
    assert len(mask) == len(text)
    assert mask == mask_number(mask)
    assert set(mask[:-shown]) <= {"*"}
    assert mask_name(mask_name(text)) == mask_name(text)


# Encodings: none lets a secret through

ENCODINGS = {
    "plain": str,
    "url": lambda text: quote(text, safe=""),
    "url, slash kept": quote,
    "form": quote_plus,
    "encodeURIComponent": lambda text: quote(text, safe="!'()*"),
    "lower-case escapes": lambda text: re.sub("%..", lambda escape: escape[0].lower(), quote(text, safe="")),
    "twice url": lambda text: quote(quote(text, safe=""), safe=""),
    "gbk form": lambda text: quote(text, safe="", encoding="gb18030"),
    "json": json.dumps,
    "json, utf-8": lambda text: json.dumps(text, ensure_ascii=False),
    "json, slashes escaped": lambda text: json.dumps(text).replace("/", "\\/"),
    "json in json": lambda text: json.dumps(json.dumps({"key": text})),
    "url in json": lambda text: json.dumps({"url": "https://a.invalid/?" + urlencode({"q": text})}),
    "repr": repr,
    "ascii": ascii,
    "html": html.escape,
    "json in html": lambda text: html.escape(json.dumps(text)),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_no_escape_hides_a_secret(secret: str, encode: object) -> None:
    assert callable(encode)
    encoded = encode(secret)
    redacted = knowing(secret).redact(f"before {encoded} after")
    assert REDACTED in redacted
    core = encoded.strip("'\"")
    assert core not in redacted
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")


@pytest.mark.parametrize("prefix", ["", "u", "us", "user:", "user@host:"])
@pytest.mark.parametrize("suffix", ["", "!", "!!", "!!!"])
@pytest.mark.parametrize("secret", [*SECRETS, "123456"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_hides_no_secret_at_any_offset(prefix: str, suffix: str, secret: str, encode: object) -> None:
    assert callable(encode)
    encoded = encode((prefix + secret + suffix).encode()).decode()
    redacted = knowing(secret).redact(f"Basic {encoded}")
    assert REDACTED in redacted
    left = redacted.removeprefix("Basic ").split(REDACTED)
    # What stands around the hole decodes to the surroundings alone.
    assert len(left[0]) * 6 // 8 <= len(prefix.encode())
    assert len(left[-1].rstrip("=")) * 6 // 8 <= len(suffix.encode())


@UNTIMED
@given(
    st.text(min_size=8, max_size=24),
    st.text(max_size=30),
    st.text(max_size=30),
    st.sampled_from(
        [ENCODINGS[key] for key in ("plain", "url", "form", "json", "json in json", "html", "repr")]
    ),
)
def test_a_long_secret_never_survives(secret: str, before: str, after: str, encode: object) -> None:
    assume(secret.strip())
    assume("[redacted]".find(secret) < 0)
    assert callable(encode)
    encoded = encode(secret)
    inner = encoded[1:-1] if encode in {repr, ENCODINGS["json"]} else encoded
    redacted = knowing(secret).redact(before + encoded + after)
    assert inner not in redacted.replace(REDACTED, "\0")


@UNTIMED
@given(st.lists(st.text("abcdefgh12345678", min_size=8, max_size=12), min_size=1, max_size=4), st.data())
def test_overlapping_secrets_all_go(secrets: list[str], data: st.DataObject) -> None:
    overlapping = [*secrets, *(secret[2:] + "tail" for secret in secrets)]
    order = data.draw(st.permutations(overlapping))
    redacted = knowing(*order).redact(" ".join(secret + "tail" for secret in secrets))
    assert redacted == " ".join([REDACTED] * len(secrets))


@UNTIMED
@given(st.text(max_size=200))
def test_nothing_known_changes_nothing_unrecognised(text: str) -> None:
    once = knowing("correct-horse-battery", numbers=(NUMBER,)).redact(text)
    if "=" not in text and ":" not in text and "-" not in text:
        assert once == text


PARTS = [
    NUMBER,
    "hunter22x",
    "password=a",
    "王小明",
    "x=",
    "ST-1-abcdef",
    "https://u:p@a/?code=1",
    "ticket%3D",
]


@UNTIMED
@given(st.sampled_from([" ", "&", "，", '"']), st.lists(st.sampled_from(PARTS)))
def test_redacting_twice_is_redacting_once(between: str, parts: list[str]) -> None:
    redactor = knowing("hunter22x", numbers=(NUMBER,), names=("王小明",))
    once = redactor.redact(between.join(parts))
    assert redactor.redact(once) == once


# Short secrets


@pytest.mark.parametrize(
    ("secret", "text", "redacted"),
    [
        ("4821", "code 4821.", f"code {REDACTED}."),
        ("4821", "验证码4821，", f"验证码{REDACTED}，"),
        ("4821", '"\\u7801' + '4821"', f'"\\u7801{REDACTED}"'),
        ("4821", "a%E7%A0%81" + "4821", f"a%E7%A0%81{REDACTED}"),
        ("4821", '"\\n4821"', f'"\\n{REDACTED}"'),
        ("4821", "sha256 9f4821bc", "sha256 9f4821bc"),
        ("4821", "at 14821 and 48210", "at 14821 and 48210"),
        ("Ab3x", "Ab3x", REDACTED),
        ("a&b1", "xa&b1x a%26b1", f"x{REDACTED}x {REDACTED}"),
        ("42", "page 42 of 42", "page 42 of 42"),
        ("42", '{"code": "42", "n": 42}', f'{{"code": "{REDACTED}", "n": 42}}'),
        ("42", "v=42&w=421", f"v={REDACTED}&w=421"),
        ("42", '{\\"v\\": \\"42\\"}', f'{{\\"v\\": \\"{REDACTED}\\"}}'),
        ("", "text", "text"),
        ("   ", "a   b", "a   b"),
    ],
)
def test_short_secrets_go_where_they_stand_alone(secret: str, text: str, redacted: str) -> None:
    assert knowing(secret).redact(text) == redacted


# Numbers and names


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (NUMBER, MASKED),
        (f"photo/{NUMBER}.jpg", f"photo/{MASKED}.jpg"),
        (f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", MASKED),
        (f"{NUMBER[:6]}%20{NUMBER[6:]}", MASKED),
        ("".join(chr(ord(char) + 0xFEE0) for char in NUMBER), MASKED),
        (f"9{NUMBER}9", f"9{MASKED}9"),
        (base64.b64encode(NUMBER.encode()).decode(), REDACTED),
    ],
)
def test_registered_number_becomes_its_mask(text: str, redacted: str) -> None:
    assert knowing(numbers=(f" {NUMBER}",)).redact(text) == redacted


def test_number_with_x_goes_in_either_case() -> None:
    number = next(
        n for n in (f"6101021999030{i}" for i in range(1000, 9999)) if mod_11_2.calc_check_digit(n) == "X"
    )
    redactor = knowing(numbers=(number + "x",))
    assert redactor.redact(number + "x " + number + "X") == " ".join([mask_number(number + "X")] * 2)


@pytest.mark.parametrize("number", ["H12345678", "A123456(3)", "E12345678", "3120220001"])
def test_other_numbers_are_masked_too(number: str) -> None:
    redactor = knowing(numbers=(number,))
    assert redactor.redact(f"[{number}]") == f"[{mask_number(number)}]"
    assert redactor.redact(f"?n={quote(number, safe='')}&") == f"?n={mask_number(number)}&"


def test_a_tiny_number_is_a_short_secret() -> None:
    assert knowing(numbers=("1234",)).redact("no 1234 in 0x12345") == f"no {REDACTED} in 0x12345"


@pytest.mark.parametrize(
    "around", ["{}", "号码{}。", '"\\u53f7{}"', "%E5%8F%B7{}", "id{}id", "{}.jpg", "1{}", "{}2"]
)
def test_any_resident_number_is_recognised(around: str) -> None:
    assert Redactor().redact(around.format(NUMBER)) == around.format(MASKED)


def test_resident_number_in_groups_is_recognised() -> None:
    assert Redactor().redact(f"{NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}").endswith("*" + NUMBER[-4:])


def test_other_long_numbers_stay() -> None:
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    text = f"{wrong} 123456789012345678 20240603100000000 {'0' * 40}"
    assert Redactor().redact(text) == text


@UNTIMED
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999), st.text(max_size=20))
def test_every_resident_number_is_recognised(born: object, order: int, before: str) -> None:
    body = f"610102{born:%Y%m%d}{order:03}"
    number = body + mod_11_2.calc_check_digit(body)
    assert number not in Redactor().redact(before + number)


def test_names_become_their_masks() -> None:
    redactor = knowing(names=("王 小明", "李"))
    assert redactor.redact("王小明 and 王 小明, 李") == "王** and 王***, 李"
    assert redactor.redact(json.dumps("王小明")) == '"王**"'
    assert redactor.redact(quote("王小明", encoding="gbk")) == "王**"


def test_a_password_inside_the_number_does_not_unmask_it() -> None:
    redacted = knowing(NUMBER[-6:], numbers=(NUMBER,)).redact(f"{NUMBER} {NUMBER[-6:]}")
    assert redacted == f"{MASKED} {REDACTED}"


def test_a_long_secret_overlapping_the_number_wins() -> None:
    assert knowing(NUMBER[-8:], numbers=(NUMBER,)).redact(NUMBER) == REDACTED


# What is recognised without being known


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("https://a.invalid/x?ticket=ST-12-abc&y=1", f"https://a.invalid/x?ticket={REDACTED}&y=1"),
        ("service=https%3A%2F%2Fa%3Fticket%3DST-1", f"service=https%3A%2F%2Fa%3Fticket%3D{REDACTED}"),
        ("see (https://a.invalid/?token=abc).", f"see (https://a.invalid/?token={REDACTED})."),
        ("username=u&password=p%40ss&lt=LT-1", f"username=u&password={REDACTED}&lt={REDACTED}"),
        ("x?execution=e2s1&amp;code=77#top", f"x?execution={REDACTED}&amp;code={REDACTED}#top"),
        ("/login;jsessionid=0A1B?x=1".replace("?x=1", " next"), f"/login;jsessionid={REDACTED} next"),
        ("got ST-17-Zx9Kq2.cas-node from", f"got {REDACTED} from"),
        ("TEST-17-abcdefgh", "TEST-17-abcdefgh"),
        ("Cookie: JSESSIONID=abc; x=1\r\nHost: a", f"Cookie: {REDACTED}\r\nHost: a"),
        ('{"Set-Cookie": "a=b; Path=/", "n": 1}', f'{{"Set-Cookie": "{REDACTED}", "n": 1}}'),
        ("Authorization: Basic dTpw", f"Authorization: {REDACTED}"),
        ('{"password": "p\\"w", "n": 1}', f'{{"password": "{REDACTED}", "n": 1}}'),
        ("{'password': 'pw'}", f"{{'password': '{REDACTED}'}}"),
        ('"{\\"password\\": \\"pw\\"}"', f'"{{\\"password\\": \\"{REDACTED}\\"}}"'),
        ("http://user:pw@proxy.invalid:80/", f"http://user:{REDACTED}@proxy.invalid:80/"),
        ("密码 password=abc，错误", f"密码 password={REDACTED}，错误"),
    ],
)
def test_credentials_are_recognised(text: str, redacted: str) -> None:
    assert Redactor().redact(text) == redacted
    assert Redactor().redact(redacted) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "exit code=20, result=3",
        '{"code": "photo_unacceptable", "exit_status": 30}',
        '{"password": null, "cookies": 3}',
        "请输入密码：",
        "http://127.0.0.1:8000/x?pid=3",
        "2024-06-03T10:00:00+08:00",
        "**************4229 王*",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert Redactor().redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "password=" * 40_000,
        "password='" * 40_000,
        "ST-1-" * 60_000,
        "cookie:" * 40_000,
        "password: '" + "\\" * 300_000,
    ],
)
def test_hostile_text_is_redacted_too(text: str) -> None:
    # Quadratic work on these would run into the suite's timeout.
    assert len(Redactor().redact(text)) < len(text)


# The object itself


def test_redactor_shows_no_secret() -> None:
    redactor = knowing("correct-horse-battery", "4821", numbers=(NUMBER,), names=("王小明",))
    assert not any(value in repr(redactor) for value in ("correct-horse", "4821", NUMBER, "王小明"))


def test_threads_lose_no_secret() -> None:
    secrets = [f"secret-number-{index:04}" for index in range(200)]
    redactor = Redactor()

    def add_and_redact(secret: str) -> str:
        redactor.add_secret(secret)
        return redactor.redact(secret)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(add_and_redact, secrets)) == {REDACTED}
    assert redactor.redact(" ".join(secrets)) == " ".join([REDACTED] * len(secrets))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("610000199603164229", "610000********4229"),
        ("610000960316422", "610000*****6422"),
        ("E12345678", "E1*****78"),
        ("1234", "**34"),
        ("", ""),
    ],
)
def test_on_their_own_screen_people_see_enough_to_check(number: str, shown: str) -> None:
    assert partly_shown(number) == shown


@pytest.mark.parametrize(
    "shown", ["王 岚", "王\u3000岚", "王\u00a0\u00a0岚", "王\u200b岚", "王&nbsp;岚", "王  岚"]
)
def test_a_name_set_out_in_blanks_is_masked(shown: str) -> None:
    redactor = Redactor()
    redactor.add_name("王岚")
    assert redactor.redact(f"您好，{shown}同学") == "您好，王*同学"


@pytest.mark.parametrize("dot", [*"·•‧・･⦁ㆍ．.", " · ", "\u3000•"])
def test_a_name_of_two_parts_is_masked_with_any_dot(dot: str) -> None:
    redactor = Redactor()
    redactor.add_name("买买提·艾力")
    assert "艾力" not in redactor.redact(f"欢迎您，买买提{dot}艾力")


@pytest.mark.parametrize("gap", ["\u200b", "\u2060", "\ufeff", "\u00ad", " \u200b", " - "[:2]])
def test_a_number_in_pieces_is_masked(gap: str) -> None:
    redactor = Redactor()
    redactor.add_number("610102199904124210")
    assert redactor.redact(f"证件号{gap.join('610102199904124210')}。") == "证件号**************4210。"


def test_the_older_number_of_the_same_person_is_masked() -> None:
    redactor = Redactor()
    redactor.add_number("610102199904124210")
    assert redactor.redact("15 位：610102990412421，") == "15 位：***********2421，"
    assert redactor.redact("610102990412429") == "610102990412429"
