"""What an LZU student states in ``form.toml``: every problem at once, with its line and an example; nothing for another notice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import UsageError
from agent.privacy.redaction import Redactor
from flows.forms.registration import RegistrationStatement, problems
from flows.forms.toml_file import examine, load, template, write_template
from flows.profiles.schema import load as load_profile

LZU, XJTU = load_profile("lzu-2024"), load_profile("xjtu-2024-07")
DAY = date(2024, 4, 2)


def _form(folder: Path, text: str) -> Path:
    path = folder / "form.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_problem_comes_at_once_with_line_field_and_example(tmp_path: Path) -> None:
    path = _form(
        tmp_path,
        "[registration]\n"
        'sex = "F"\n'
        'birth_date = "17.1.2002"\n'
        'party = "党员"\n'
        'id_number = "620000200201173577"\n'
        'latest_photo = "nowhere.jpg"\n'
        "hometown = '兰州'\n"
        "[[family]]\n"
        "relation = '母亲'\nname = '李示例'\nphone = '10000009003'\n",
    )
    _, found = examine(path, LZU, DAY)
    assert [line.split("：")[0] for line in found] == [
        "第 1 行 个人信息核对“学院党委已确认”（party_confirmed）",
        "第 2 行 个人信息核对“性别”（sex）",
        "第 3 行 个人信息核对“出生日期”（birth_date）",
        "第 4 行 个人信息核对“政治面貌”（party）",
        "第 5 行 个人信息核对“证件号码”（id_number）",
        "第 6 行 个人信息核对“最后一次采集的照片”（latest_photo）",
        "第 7 行 个人信息核对“hometown”（hometown）",
        "第 8 行 家庭成员第 1 条",
    ]
    assert any('例如：sex = "女"' in line for line in found)
    assert any("例如：party_confirmed = true" in line for line in found)
    assert not any("620000200201173577" in line for line in found)
    with pytest.raises(UsageError, match="还没有打开任何网站"):
        load(path, LZU, DAY)


def test_a_party_takes_the_committees_word(tmp_path: Path) -> None:
    path = _form(tmp_path, '[registration]\nparty = "中共预备党员"\n')
    _, found = examine(path, LZU, DAY)
    assert len(found) == 1
    assert "先向学院党委确认" in found[0]
    path = _form(tmp_path, '[registration]\nparty = "中共预备党员"\nparty_confirmed = true\n')
    form, found = examine(path, LZU, DAY)
    assert found == []
    assert form.registration.values == {"party": "中共预备党员"}
    assert form.summary() == "个人信息核对：政治面貌、政治面貌已由学院党委确认"


def test_the_untouched_template_is_valid_and_empty(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    write_template(path, LZU)
    form, found = examine(path, LZU, DAY)
    assert (found, form.registration, form.summary()) == ([], RegistrationStatement(), "还没有填写任何内容")
    assert "港澳地区学生填港澳地区身份证号码" in template(LZU)
    assert "家庭成员" not in template(LZU)
    assert "[registration]" not in template(XJTU)


def test_a_table_of_another_notice_is_refused(tmp_path: Path) -> None:
    path = _form(tmp_path, '[registration]\nmajor = "大气科学"\n')
    _, found = examine(path, XJTU, DAY)
    assert found == ["第 1 行 个人信息核对：通知 xjtu-2024-07 不需要填写这一部分，请删掉"]


def test_a_photo_is_looked_for_beside_the_form(tmp_path: Path) -> None:
    (tmp_path / "mine.jpg").write_bytes(b"\xff\xd8\xff")
    path = _form(tmp_path, '[registration]\nphoto_replaced = true\nlatest_photo = "mine.jpg"\n')
    form, found = examine(path, LZU, DAY)
    assert found == []
    assert form.registration.latest_photo == str(tmp_path / "mine.jpg")


def test_name_and_number_are_kept_out_of_logs(tmp_path: Path) -> None:
    path = _form(tmp_path, '[registration]\nname = "白示例"\nid_number = "620000200201173576"\n')
    form, _ = examine(path, LZU, DAY)
    redactor = Redactor()
    form.register_secrets(redactor)
    assert "白示例" not in redactor.redact("白示例 620000200201173576")


@given(
    st.builds(
        RegistrationStatement, party=st.sampled_from(["", "群众", "预备党员"]), party_confirmed=st.booleans()
    )
)
def test_no_party_without_the_committees_word(stated: RegistrationStatement) -> None:
    assert LZU.registration is not None
    found = list(problems(stated, LZU.registration, DAY, Path()))
    assert bool(found) == (bool(stated.party) and not stated.party_confirmed)
