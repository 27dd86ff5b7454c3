"""Text files that people write: settings, profiles, forms, answers, rosters and receipts, whatever program saved them.

One reader for all of them. The encodings are those that editors in China save: UTF-8 with or without a byte order mark,
UTF-16 with one (Notepad's "Unicode"), and GB18030 (Notepad's and Excel's "ANSI"). Nothing else is guessed.
"""

from __future__ import annotations

import codecs
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from agent.errors import UsageError
from agent.files.system_errors import os_errors_told

T = TypeVar("T")
MOST_BYTES = 50 * 2**20
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LEAST_COMMON = 0.7
"""The share of letters beyond ASCII that GB 2312 has, in text that really is GB18030; Big5 or Shift-JIS taken for it has less."""
SAVE_AS_UTF8 = "请用编辑器打开它，另存为 UTF-8 编码。"
CONTROLS_OF_TEXT = "\t\n\r\f\v"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
QUOTES = "“”‘’＂＇「」"
BRACKETS = "【】［］〔〕"
UNREADABLE = ("Invalid", "Expected")
"""How the messages of ``tomllib`` begin over a character that may not stand where it does."""


def read_text(path: Path, what: str = "文件", remedy: str = "请检查路径。") -> str:
    """Return the text of a file.

    Args:
        what: What it is to the person, for messages.
        remedy: What to do when it cannot be opened.

    Raises:
        UsageError: It cannot be opened, is too large, or is no text in one of the known encodings.
    """
    return decoded(read_bytes(path, what, remedy), f"{what} {path.name}")


def read_bytes(path: Path, what: str = "文件", remedy: str = "请检查路径。") -> bytes:
    """Return the bytes of a file of at most ``MOST_BYTES``.

    Raises:
        UsageError: It cannot be opened, or is larger.
    """
    try:
        with os_errors_told(f"{what} {path.absolute()} 读不出来", remedy), path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except ValueError:  # a path with a NUL
        raise UsageError(f"{what}的路径里有不能用的字符。", remedy) from None
    if len(data) > MOST_BYTES:
        raise UsageError(f"{what} {path.name} 太大（超过 {MOST_BYTES // 2**20} MB）。", "请确认给对了文件。")
    return data


def decoded(data: bytes, name: str, kind: str = "文字", remedy: str = SAVE_AS_UTF8) -> str:
    """Return the text of a file's bytes.

    Args:
        name: What the file is called in messages.
        kind: What kind of file it was to be.
        remedy: What to do about one that is no text.

    Raises:
        UsageError: The encoding is none of the known ones, or a character was lost before; the line is named.
    """
    text = _in_a_known_encoding(data)
    if text is None:
        raise UsageError(f"{name} 不是{kind}文件，或者编码认不出来。", remedy)
    if problem := lost_character(text):
        raise UsageError(f"{name} {problem}。", "请在原来的文件里找到这个字，改正后再保存一次。")
    return text


def _in_a_known_encoding(data: bytes) -> str | None:
    if data.startswith(UTF16):
        return _decoded_as(data, "utf-16")
    text = _decoded_as(data, "utf-8-sig")
    if text is None:
        text = _decoded_as(data, "gb18030")
        return text if text is not None and _is_common_chinese(text) else None
    return text


def _decoded_as(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _is_common_chinese(text: str) -> bool:
    """Whether a text decoded as GB18030 reads like one: almost any bytes can be decoded so."""
    letters = [char for char in text if not char.isascii()]
    own = [char for char in letters if unicodedata.category(char) == "Co"]
    # One letter of somebody's own is told by its place; a text with more of them is in another encoding.
    counted = len(letters) - (len(own) == 1)
    return sum(map(is_in_gb2312, letters)) >= LEAST_COMMON * counted


def is_in_gb2312(char: str) -> bool:
    """Return whether a character is of the simplified standard set."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def lost_character(text: str) -> str:
    """Return what is said of the first character that no longer is what somebody wrote; empty where there is none.

    U+FFFD is what programs write for a letter they could not read; a private-use letter looks different, or like nothing, on
    every other computer (old fonts keep rare letters of names there); other control characters are not text.
    """
    line = 1
    for char in text:
        line += char == "\n"
        if why := _why_lost(char):
            return f"第 {line} 行有{why}"
    return ""


def _why_lost(char: str) -> str:
    if char == REPLACEMENT:
        return "保存时丢失了的字（显示成“�”）"
    category = unicodedata.category(char)
    if category == "Co":
        return f"别的电脑上显示不出来的自造字（U+{ord(char):04X}）"
    if category == "Cs" or (category == "Cc" and char not in CONTROLS_OF_TEXT):
        return f"不是文字的字符（U+{ord(char):04X}）"
    return ""


def _whole(value: T, name: str) -> T:
    """A value none of whose texts, also those written as escapes, holds a character that was lost; raises ``UsageError``."""
    for text in _texts(value):
        if lost := lost_character(text):
            said = lost.partition("行")[2]
            raise UsageError(f"{name} 的内容里{said}。", "请改正后再试。")
    return value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))


TOML_PROBLEMS = {
    "Unescaped '\\'": "双引号里的“\\”有特别的意思；Windows 路径请放在英文单引号里，例如 'C:\\文件夹\\文件'，或把“\\”写成“/”",
    "Invalid hex value": "双引号里的“\\u”“\\U”“\\x”有特别的意思；Windows 路径请放在英文单引号里，例如 'C:\\Users\\me'，或把“\\”写成“/”",
    "Illegal character": "引号里的文字中间换了行，或少了右边的引号",
    "Unterminated string": "少了右边的引号",
    "Expected \"'''\"": "少了结尾的 '''",
    'Expected \'"""\'': '少了结尾的 """',
    "Expected '='": "名字后面应当是英文的等号“=”",
    "Expected newline": "一行里只能写一项，值的后面不能再有别的内容",
    "Invalid value": "等号后面的值要写成：文字放在英文双引号里，数字直接写，是或否写 true 或 false",
    "Invalid statement": "每行要写成 名字 = 值，名字只能用英文字母、数字、- 和 _",
    "Invalid initial character": "名字只能用英文字母、数字、- 和 _",
    "Unclosed array": "列表少了右边的“]”",
    "Unclosed inline table": "少了右边的“}”",
    "Expected ']": "表的名字要放在一对方括号里，例如 [sites.chsi]",
    "Cannot overwrite": "同一个名字写了两次，请只留一个",
    "Cannot declare": "同一个表写了两次，请合在一起",
    "Cannot mutate": "同一个名字已经用作别的内容，请只留一个",
    "Duplicate inline table key": "同一个名字写了两次，请只留一个",
    "Cannot redefine": "同一个名字已经用作别的内容，请只留一个",
    "Invalid date": "日期或时间不存在，日期要写成 2024-06-03",
    "Found invalid character": "有不能出现在这里的字符",
}
"""What to change for each message of ``tomllib``, by its beginning."""


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """Return the tables of a TOML text.

    Args:
        name: What the file is called in messages.

    Raises:
        UsageError: It is no TOML; the message names the line, the remedy says what to change.
    """
    try:
        return _whole(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
    except (RecursionError, ValueError):  # brackets without end; a number of thousands of digits
        raise UsageError(f"{name} 的内容太长或套得太深。", "请检查是不是多写了括号或数字。") from None
    lines = text.rstrip().split("\n")
    place = re.search(r"line (\d+), column (\d+)", said)
    number = min(int(place[1]), len(lines)) if place else len(lines)
    where = f"第 {number} 行第 {place[2]} 列附近" if place else f"第 {number} 行末尾"
    remedy = _toml_remedy(lines[number - 1], said)
    raise UsageError(f"{name} 不是正确的 TOML：{where}的写法不对。", f"{remedy}。")


def _toml_remedy(line: str, said: str) -> str:
    if any(mark in line for mark in QUOTES) and '"' not in line and "'" not in line:
        return '引号要用英文的（"…"），现在是中文的'
    if "＝" in line and "=" not in line:
        return "等号要用英文的“=”，现在是全角的“＝”"
    outside = re.split("[\"'#]", line)[0]
    if any(mark in outside for mark in BRACKETS):
        return "要用英文的方括号“[ ]”，现在是中文的"
    unseen = (char.isspace() or unicodedata.category(char) == "Cf" for char in outside if not char.isascii())
    if said.startswith(UNREADABLE) and any(unseen):
        return "这一行里有全角空格或看不见的字符，请删掉，只用普通的空格"
    found = (remedy for begin, remedy in TOML_PROBLEMS.items() if said.startswith(begin))
    return next(found, "文字要放在英文的双引号里，请照模板改正这一行")


JSON_PROBLEMS = {
    "Expecting value": "这里应当是一个值：文字放在英文双引号里；最后一项后面不能有逗号",
    "Expecting property name": "名字要放在英文双引号里；最后一项后面不能有逗号",
    "Expecting ',' delimiter": '两项之间要有英文逗号，文字里的双引号要写成 \\"',
    "Expecting ':' delimiter": "名字和值之间要有英文冒号“:”",
    "Invalid \\": "双引号里的“\\”要写成“\\\\”或“/”",
    "Unterminated string": "少了右边的双引号",
    "Invalid control character": "引号里的文字中间换了行，或少了右边的双引号",
    "Extra data": "最后的“}”后面还有多余的内容",
    "Illegal trailing comma": "最后一项后面不能有逗号",
}
"""What to change for each message of ``json``, by its beginning."""


def parse_json(text: str, name: str) -> object:
    """Return the value of a JSON text.

    Args:
        name: What the file is called in messages.

    Raises:
        UsageError: It is no JSON; the message names the line, the remedy says what to change.
    """
    try:
        return _whole(json.loads(text), name)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{name} 不是正确的 JSON：第 {error.lineno} 行第 {error.colno} 列附近的写法不对。",
            f"{_json_remedy(text, error)}。",
        ) from None
    except (RecursionError, ValueError):  # brackets without end; a number of thousands of digits
        raise UsageError(f"{name} 的内容太长或套得太深。", "请对照说明书里的例子改正。") from None


def _json_remedy(text: str, error: json.JSONDecodeError) -> str:
    line = text.split("\n")[error.lineno - 1]
    if any(mark in line for mark in QUOTES) and '"' not in line:
        return '引号要用英文的（"…"），现在是中文的'
    found = (remedy for begin, remedy in JSON_PROBLEMS.items() if error.msg.startswith(begin))
    return next(found, "请对照说明书里的例子改正")
