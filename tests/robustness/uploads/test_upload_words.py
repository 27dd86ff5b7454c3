"""What the page says after a file was chosen or sent is never lost, and decides nothing that the network has not shown."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Ask
from agent.report.model import DutyRow, Report
from tests.harness.already_read import read_at_chsi
from tests.harness.program import run_job
from tests.robustness.unseen.world import World
from tests.robustness.uploads.messages import EVERY
from tests.robustness.uploads.opened import run_on_page
from tests.robustness.uploads.sites import (
    CHOOSER,
    UploadPlatform,
    button,
    opened,
    page,
    paths,
    platform_of,
    sent_once,
)

ACCEPTING = "if(!r.ok){toast('出错了 '+r.status);return} const a=await r.json();toast(a.msg);if(!a.code)setTimeout(()=>location.reload(),900)"
SENDING = {
    "multipart": "fetch('/send',{method:'POST',body:formOf(f.files[0])})",
    "raw": "fetch('/send',{method:'PUT',body:f.files[0]})",
    "buffer": "fetch('/send',{method:'POST',body:await f.files[0].arrayBuffer()})",
    "base64": "fetch('/send',{method:'POST',body:JSON.stringify({img:await dataUrl(f.files[0])})})",
    "urlencoded": "fetch('/send',{method:'POST',body:new URLSearchParams({img:await dataUrl(f.files[0])})})",
}


def run(browser: Browser, platform: UploadPlatform, out: Path, patience: float = 20, **how: Any) -> Report:
    """Run the photo alone, from its page on."""
    with opened(platform) as address:
        return run_on_page(
            browser, address, platform.world.student, out, only=["photo"], patience=patience, **how
        )


def run_from_sign_in(browser: Browser, platform: UploadPlatform, out: Path) -> Report:
    """Run the photo alone, from the platform's sign-in on."""
    found = read_at_chsi(platform.world.student)
    with platform_of(platform) as site:
        return run_job(browser, site.settings, out, only=["photo"], patience=20, found=found)


def photo_of(report: Report) -> DutyRow:
    """The duty of the photo."""
    return {duty.id: duty for duty in report.duties}["photo"]


def sender(how: str) -> str:
    """The script that sends by hand."""
    return f"async function send(){{const r=await {SENDING[how]};{ACCEPTING}}}"


# -- told from the network ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", SENDING)
def test_a_page_that_sends_by_a_button(browser: Browser, tmp_path: Path, how: str) -> None:
    platform = UploadPlatform(World(), page(CHOOSER, button("开始上传", "send()"), script=sender(how)))
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


@pytest.mark.parametrize("how", SENDING)
def test_a_page_that_sends_the_moment_a_file_is_chosen(browser: Browser, tmp_path: Path, how: str) -> None:
    script = sender(how) + "f.onchange=send"
    html = page(
        f'<span>{button("点击上传", "f.click()")}<input type="file" id="f" hidden></span>', script=script
    )
    platform = UploadPlatform(World(), html)
    report = run_from_sign_in(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


MAKES_FIELD = "const i=document.createElement('input');i.type='file';i.onchange=()=>{window.made=i.files[0];n.textContent=made.name};i.click()"


def test_a_field_that_is_made_by_a_press_beside_the_button_that_sends(
    browser: Browser, tmp_path: Path
) -> None:
    """Both buttons are one line of words."""
    html = page(
        button("选择照片", MAKES_FIELD),
        button("上传", "send()"),
        "<p id=n></p>",
        script=sender("multipart").replace("f.files[0]", "made"),
    )
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


TAKEN = (
    "async function take(){{await fetch('/piece',{{method:'POST',body:f.files[0]}});toast('{}')}}"
    "async function commit(){{const a=await (await fetch('/merge',{{method:'POST'}})).json();toast(a.msg);"
    "if(!a.code)setTimeout(()=>location.reload(),900)}}"
)


@pytest.mark.parametrize(
    ("says", "by_itself"),
    [("文件上传成功，请点击提交", True), ("上传成功，请点击“提交”按钮完成上传！", False)],
)
def test_a_file_that_was_taken_is_submitted_once_where_the_page_asks_for_it(
    browser: Browser, tmp_path: Path, says: str, by_itself: bool
) -> None:
    """The page shows the photo only once it has been submitted; its other button would send the file again."""
    sends = "" if by_itself else button("开始上传", "take()")
    script = TAKEN.format(says) + (";f.onchange=take" if by_itself else "")
    html = page(CHOOSER, sends, button("提 交", "commit()"), script=script)
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert paths(platform.posts) == ["/piece", "/merge"]


@pytest.mark.parametrize("says", ["上传成功", "上传成功，如需更换请点击重新上传", "上传成功，请点击下一步"])
def test_what_the_page_does_not_ask_to_press_is_not_pressed(
    browser: Browser, tmp_path: Path, says: str
) -> None:
    script = TAKEN.format(says) + ";f.onchange=take"
    html = page(CHOOSER, button("上传", "take()"), button("提交", "commit()"), script=script)
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path, 6)
    assert report.exit_status == 32
    assert paths(platform.posts) == ["/piece"]


TWO_FIELDS = (
    "<div style='width:300px;height:120px'><input type='file' id='f' hidden><input type='file' id='g' hidden>"
    "<div style='cursor:pointer' onclick='f.click()'><p>{}</p><small>{}</small></div></div>"
)


@pytest.mark.parametrize(("words", "sends"), [("点击或拖拽照片到此处上传", True), ("选择照片", False)])
def test_of_two_fields_in_one_place_the_one_is_meant_that_a_press_opens(
    browser: Browser, tmp_path: Path, words: str, sends: bool
) -> None:
    """The second field takes another photo for one that was chosen before."""
    script = sender("multipart") + ("f.onchange=send" if sends else "")
    box = TWO_FIELDS.format(words, "选择后立即上传" if sends else "jpg格式")
    html = page(box, "" if sends else button("开始上传", "send()"), script=script)
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


TILE = (
    '<div id=tile style="position:relative;width:96px;height:96px;border:1px dashed">+'
    '<input type="file" id="f" style="position:absolute;inset:0;opacity:0"></div><span id=thumb></span>'
)


def test_a_tile_that_is_gone_once_a_file_was_chosen_leaves_the_button_that_sends(
    browser: Browser, tmp_path: Path
) -> None:
    chosen = "f.onchange=()=>{tile.style.display='none';thumb.textContent='1/1'}"
    html = page(TILE, button("上传照片", "send()"), script=sender("multipart") + chosen)
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


PLACE = (
    '<div id=place><input type="file" id="f" hidden><div id=tile style="cursor:pointer" onclick="f.click()">点击选择照片</div>'
    "<img id=thumb width=90 height=120 hidden>{}</div>"
)


def test_words_that_choose_and_give_way_to_the_photo_leave_the_button_that_sends(
    browser: Browser, tmp_path: Path
) -> None:
    chosen = "f.onchange=()=>{tile.remove();thumb.hidden=false}"
    html = page(PLACE.format(button("确认上传", "send()")), script=sender("multipart") + chosen)
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


STEPS = "<div style='display:flex;gap:80px'><div>1 选择照片</div><div><i>2</i><span>上传照片</span></div><div>3 图像比对</div></div>"


@pytest.mark.parametrize(
    "sends",
    [
        button("上传到服务器", "send()"),
        "<div style='cursor:pointer' onclick='send()'>开始上传</div>",
    ],
)
def test_the_title_of_a_step_is_no_button_that_sends(browser: Browser, tmp_path: Path, sends: str) -> None:
    platform = UploadPlatform(World(), page(STEPS, CHOOSER, sends, script=sender("multipart")))
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


ENROLLMENT = '<div><img src="/photo/enrollment" width="90" height="120"><p>入学照片</p></div>'
LAYER = (
    "<div style='position:fixed;inset:0;background:#0006'></div>"
    "<div style='position:fixed;left:300px;top:120px;padding:20px;background:#fff'><h4>上传照片</h4>"
    '<input type="file" id="f" hidden><button type="button" onclick="f.click()">选择文件</button>'
    "<p>学信网学历照片，jpg，以身份证号命名</p>"
    '<button type="button" onclick="send()">保存</button> <button type="button">关闭</button></div>'
)
LAYERS = {
    "put away": f"<div>{button('上传照片', 'layer.hidden=false')}<div id=layer hidden>{LAYER}</div></div>",
    "not made yet": f"<template id=made>{LAYER.replace('保存', '确 定')}</template><div id=layer></div>"
    + button("上传照片", "layer.append(made.content.cloneNode(true))"),
}


@pytest.mark.parametrize("how", LAYERS)
def test_a_layer_with_the_file_field_is_brought_up(browser: Browser, tmp_path: Path, how: str) -> None:
    platform = UploadPlatform(World(), page(ENROLLMENT, LAYERS[how], script=sender("multipart")))
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


@pytest.mark.parametrize("rule", ["照片须从学信网下载", "本人承诺照片真实有效"])
@pytest.mark.parametrize("on", ["我已了解，去选择照片", "我知道了，去上传"])
def test_a_layer_that_first_says_what_is_required_is_gone_through(
    browser: Browser, tmp_path: Path, on: str, rule: str
) -> None:
    """What is promised there is for the person."""
    says = (
        "<div style='position:fixed;inset:0;background:#0006'></div>"
        f"<div style='position:fixed;left:300px;top:120px;padding:20px;background:#fff'><p>{rule}</p>"
        + button(on, "layer.replaceChildren(made.content.cloneNode(true))")
        + "</div>"
    )
    html = (
        f"<template id=made>{LAYER}</template><template id=first>{says}</template><div id=layer></div>"
        + button("上传照片", "layer.replaceChildren(first.content.cloneNode(true))")
    )
    platform = UploadPlatform(World(), page(ENROLLMENT, html, script=sender("multipart")))
    report = run(browser, platform, tmp_path)
    if "承诺" in rule:
        assert report.exit_status == 10, report.headline
        assert platform.posts == []
        return
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


def test_what_a_layer_offers_besides_is_not_pressed(browser: Browser, tmp_path: Path) -> None:
    """A button that ends in 上传 may send another photo."""
    layer = (
        "<div style='position:fixed;inset:0;background:#0006'></div>"
        "<div style='position:fixed;left:300px;top:120px;padding:20px;background:#fff'><p>请选择上传方式</p>"
        + button("用入学照片上传", "fetch('/log', {method: 'POST', body: 'x'})")
        + "</div>"
    )
    html = f"<template id=first>{layer}</template><div id=layer></div>" + button(
        "上传照片", "layer.replaceChildren(first.content.cloneNode(true))"
    )
    platform = UploadPlatform(World(), page(ENROLLMENT, html, script=sender("multipart")))
    report = run(browser, platform, tmp_path)
    assert report.exit_status != 0, report.headline
    assert platform.posts == []


def test_a_layer_is_brought_up_by_what_is_called_as_the_page_and_stands_by_the_photo(
    browser: Browser, tmp_path: Path
) -> None:
    """The menu's entry, the tab's title and the button say the same."""
    opener = button("上传毕业照片", "layer.append(made.content.cloneNode(true))")
    menu = "<ul><li><a href='#'>上传毕业照片</a></li></ul><p><span>上传毕业照片</span></p>"
    made = f"<template id=made>{LAYER}</template><div id=layer></div>"
    photo = f"<div>{ENROLLMENT}<div><p>毕业照片</p><p>尚未上传</p>{opener}</div></div>"
    platform = UploadPlatform(World(), page(menu, photo, made, script=sender("multipart")))
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


def test_a_layer_in_which_something_is_promised_is_the_persons(browser: Browser, tmp_path: Path) -> None:
    promised = LAYER.replace("学信网学历照片，", "本人承诺所上传的照片真实有效，")
    html = f"<div>{button('上传照片', 'layer.hidden=false')}<div id=layer hidden>{promised}</div></div>"
    platform = UploadPlatform(World(), page(ENROLLMENT, html, script=sender("multipart")))
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 10, report.headline
    assert "本人承诺" in report.headline
    assert platform.posts == []


def test_a_question_about_something_irreversible_is_the_persons(browser: Browser, tmp_path: Path) -> None:
    question = "确认上传该照片，上传后不能再换"
    sends = button("上传", f"if(confirm('{question}'))send()")
    platform = UploadPlatform(World(), page(CHOOSER, sends, script=sender("multipart")))
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 10, report.headline
    assert question in report.headline
    assert "已发出" not in report.headline
    assert platform.posts == []


@pytest.mark.parametrize("text", ["上传头像图片只能是 JPG 格式!", "图片类型不对哦", "Only JPG files"])
def test_a_page_that_refuses_when_the_file_is_chosen(browser: Browser, tmp_path: Path, text: str) -> None:
    script = f"f.onchange=()=>{{if(f.files[0].type!=='image/jpg'){{toast('{text}');return}}}};let n=0;"
    opener = "<button type=\"button\" onclick=\"n++;if(n>0)fetch('/send',{method:'POST'});f.click()\">点击上传</button>"
    html = page(f'<div>{opener}<input type="file" id="f" hidden></div>', script=script)
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert report.exit_status in (10, 30), report.headline
    assert text in report.headline
    assert "已提交" not in report.headline
    assert report.trouble is not None
    assert text in report.trouble.said
    assert text in photo_of(report).said
    assert platform.posts == []


@pytest.mark.parametrize("text", ["好的呢，处理完毕", "E1003"])
def test_unknown_words_and_nothing_sent(browser: Browser, tmp_path: Path, text: str) -> None:
    platform = UploadPlatform(
        World(),
        page(CHOOSER, button("上传", f"fetch('/log',{{method:'POST',body:'click'}});toast('{text}')")),
    )
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 10, report.headline
    assert text in report.headline
    assert "已提交" not in report.headline
    assert paths(platform.posts) == []


def test_success_words_and_nothing_sent(browser: Browser, tmp_path: Path) -> None:
    platform = UploadPlatform(World(), page(CHOOSER, button("上传", "toast('上传成功')")))
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 10, report.headline
    assert "上传成功" in report.headline
    assert "已提交" not in report.headline


@pytest.mark.parametrize(
    ("status", "exit_status", "named"),
    [
        (413, 30, "413"),
        (415, 30, "415"),
        (408, 10, "时间内"),
        (429, 10, "太频繁"),
        (500, 32, "500"),
        (502, 32, "502"),
        (0, 32, "中断"),
    ],
)
def test_http_trouble_by_its_name(
    browser: Browser, tmp_path: Path, status: int, exit_status: int, named: str
) -> None:
    html = page(CHOOSER, button("上传", "send()"), script=sender("multipart"))
    platform = UploadPlatform(World(), html, status=status, accepts=False)
    report = run(browser, platform, tmp_path)
    assert report.exit_status == exit_status, report.headline
    assert named in report.headline
    assert len(paths(platform.posts)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "上传成功，等待审核",
        "提交成功，请等待教学点审核",
        "照片已提交，正在审核中",
        "保存成功，待学院审核",
        "您的照片正在审核，请耐心等待",
    ],
)
def test_under_review_is_waiting_and_is_not_sent_again(browser: Browser, tmp_path: Path, text: str) -> None:
    html = page(CHOOSER, button("上传", "send()"), script=sender("multipart"))
    platform = UploadPlatform(World(), html, accepts=False, answer={"code": 0, "msg": text})
    first = run(browser, platform, tmp_path)
    assert first.exit_status in (0, 10), first.headline
    assert photo_of(first).status == "waiting"
    assert text in photo_of(first).said
    second = run(browser, platform, tmp_path)
    assert (second.exit_status in (0, 10), photo_of(second).status) == (True, "waiting"), second.headline
    assert len(paths(platform.posts)) == 1


def test_a_page_that_says_it_is_under_review_gets_nothing(browser: Browser, tmp_path: Path) -> None:
    html = page("<p>审核状态：待审核</p>", CHOOSER, button("上传", "send()"), script=sender("multipart"))
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert (report.exit_status in (0, 10), photo_of(report).status) == (True, "waiting"), report.headline
    assert platform.posts == []


@pytest.mark.parametrize(
    "state", ["照片状态：已上传", "<table><tr><td>上传状态</td><td>已上传</td></tr></table>"]
)
def test_a_page_that_says_uploaded_and_shows_no_photo_gets_nothing(
    browser: Browser, tmp_path: Path, state: str
) -> None:
    html = page(f"<div>{state}</div>", CHOOSER, button("上传", "send()"), script=sender("multipart"))
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (10, "needs_person"), report.headline
    assert "已上传" in photo_of(report).said
    assert platform.posts == []


@dataclass
class UploadsMeanwhile:
    """A student who uploads elsewhere while the plan is shown, and then agrees to it."""

    platform: UploadPlatform
    state: str

    def answer(self, ask: Ask) -> Answer | None:
        """Agree to the plan, when the page says more than it did."""
        if ask.id != "apply-plan":
            return None
        self.platform.html += self.state
        return Answer("yes", "test")

    def expects(self, ask_id: str) -> bool:
        """Nothing but the plan is this student's business."""
        return ask_id == "apply-plan"


@pytest.mark.parametrize(
    ("state", "status"),
    [("<p>审核状态：待审核</p>", "waiting"), ("<p>照片状态：已上传</p>", "needs_person")],
)
def test_what_was_uploaded_while_the_plan_was_shown_is_not_sent_again(
    browser: Browser, tmp_path: Path, state: str, status: str
) -> None:
    platform = UploadPlatform(World(), page(CHOOSER, button("上传", "send()"), script=sender("multipart")))
    report = run(browser, platform, tmp_path, answerers=[UploadsMeanwhile(platform, state)])
    assert (report.exit_status, photo_of(report).status) == (10, status), report.headline
    assert platform.posts == []
    assert "已发出" not in report.headline


def test_words_only_in_the_answer_are_quoted(browser: Browser, tmp_path: Path) -> None:
    script = f"async function send(){{await {SENDING['multipart']}}}"
    said: dict[str, Any] = {"code": 7, "msg": "当前学期没有给你排上呢"}
    platform = UploadPlatform(
        World(), page(CHOOSER, button("上传", "send()"), script=script), accepts=False, answer=said
    )
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 32, report.headline
    assert said["msg"] in report.headline


# -- in pieces ------------------------------------------------------------------------------------------------------------------

SOME_FORM = "const d=new FormData();d.append('chunk',n);d.append('data',piece,'blob');"
PIECES = {
    "form": "'/piece',{method:'POST',body:formOf(piece)}",
    "form without names": f"'/piece',{{method:'POST',body:(()=>{{{SOME_FORM}return d}})()}}",
    "raw": "'/piece',{method:'PUT',body:piece}",
    "typed": "'/piece',{method:'POST',body:new Blob([piece],{type:'application/octet-stream'})}",
    "buffer": "'/piece?chunk='+n,{method:'POST',body:await piece.arrayBuffer()}",
    "base64": "'/piece',{method:'POST',body:JSON.stringify({img:await dataUrl(piece)})}",
    "urlencoded": "'/piece',{method:'POST',body:new URLSearchParams({img:await dataUrl(piece)})}",
    "base64 alone": "'/piece',{method:'POST',body:'base64,'+(await dataUrl(piece)).split(',')[1]}",
}


def in_pieces(how: str, order: str = "") -> str:
    """The script that sends six pieces, one after the other, and has them put together."""
    each = f"const piece=file.slice(n*size,(n+1)*size);await fetch({PIECES[how]});"
    return (
        "async function send(){const file=f.files[0],size=Math.ceil(file.size/6);"
        f"for(const n of [0,1,2,3,4,5]{order}){{{each}}}"
        f"const r=await fetch('/merge',{{method:'POST'}});{ACCEPTING}}}"
    )


@pytest.mark.parametrize("how", PIECES)
def test_a_file_that_is_sent_in_pieces(browser: Browser, tmp_path: Path, how: str) -> None:
    platform = UploadPlatform(World(), page(CHOOSER, button("上传", "send()"), script=in_pieces(how)))
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


@pytest.mark.parametrize("how", PIECES)
def test_pieces_that_are_sent_are_told_as_sent(browser: Browser, tmp_path: Path, how: str) -> None:
    """The last one first, nothing is kept and nothing is said; the button is there, and is not pressed as well."""
    script = in_pieces(how, ".reverse()").replace(ACCEPTING, "") + ";f.onchange=send"
    platform = UploadPlatform(World(), page(CHOOSER, button("上传", "send()"), script=script), accepts=False)
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 32, report.headline
    assert paths(platform.posts) == ["/piece"] * 6 + ["/merge"]


# -- controls and layers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "order", [("入学照片", "毕业照片"), ("毕业照片", "入学照片"), ("身份证照片", "毕业照片")]
)
@pytest.mark.parametrize("hidden", ["", "hidden"])
def test_of_two_file_fields_the_captioned_one(
    browser: Browser, tmp_path: Path, order: tuple[str, str], hidden: str
) -> None:
    def field(caption: str) -> str:
        name = "f" if caption == "毕业照片" else "g"
        opener = button("选择照片", f"{name}.click()") if hidden else ""
        return f'<div><label>{caption}</label><input type="file" id="{name}" {hidden}>{opener}</div>'

    script = sender("multipart") + "g.onchange=()=>toast('入学照片不能更换')"
    html = page(*map(field, order), button("提交", "send()"), script=script)
    platform = UploadPlatform(World(), html)
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 0, report.headline
    assert sent_once(platform.world)


def layer(text: str, *buttons: str) -> str:
    """A script that puts a layer over the page."""
    inner = text + "".join(buttons)
    return (
        "const l=document.createElement('div');l.id='layer';l.style='position:fixed;inset:0;background:#fffe;padding:90px';"
        f"l.innerHTML=`{inner}`;document.body.append(l);"
    )


@pytest.mark.parametrize(
    ("text", "press"),
    [
        ("图片裁剪", "确定"),
        ("请拖动选框裁剪照片后上传", "确定"),
        ("旋转　缩放", "上传"),
        ("本人承诺所上传的照片真实有效", "确定"),
        ("《照片使用授权协议》", "同意并上传"),
        ("编辑图片", "保存"),
    ],
)
def test_a_layer_that_nobody_foresaw_is_handed_to_the_person(
    browser: Browser, tmp_path: Path, text: str, press: str
) -> None:
    gone = "document.getElementById('layer').remove();send()"
    script = (
        sender("multipart")
        + "f.onchange=()=>{"
        + layer(f"<p>{text}</p>", button("取消", ""), button(press, gone))
        + "}"
    )
    platform = UploadPlatform(World(), page(CHOOSER, button("上传", "send()"), script=script))
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 10, report.headline
    assert text.split("　", maxsplit=1)[0] in report.headline
    assert ("要先裁剪照片" in report.headline) == ("裁剪" in text)
    assert platform.posts == []


def test_a_button_to_take_the_file_away_is_no_layer(browser: Browser, tmp_path: Path) -> None:
    row = (
        '<div><span id="row"></span>'
        + button("上传", "send()")
        + button("删除", "row.textContent=''")
        + "</div>"
    )
    script = sender("multipart") + "f.onchange=()=>{row.textContent=f.files[0].name}"
    platform = UploadPlatform(World(), page(CHOOSER, row, script=script))
    report = run(browser, platform, tmp_path)
    assert (report.exit_status, photo_of(report).status) == (0, "done"), report.headline
    assert sent_once(platform.world)


@pytest.mark.parametrize(
    ("card", "exit_status"),
    [
        ("<p>${name}</p><p>等待上传</p><a href=#>删除</a>", 0),
        ("<p>${name}</p><p>等待上传</p><a href=#>旋转</a>", 10),
        ("<p>照片</p><p>等待上传</p><a href=#>删除</a>", 10),
        ("<p>${name}</p><p>原照片将删除</p><a href=#>删除</a>", 10),
    ],
)
def test_below_the_files_name_a_button_to_take_it_away_is_no_layer(
    browser: Browser, tmp_path: Path, card: str, exit_status: int
) -> None:
    script = (
        sender("multipart")
        + f"f.onchange=()=>{{const name=f.files[0].name;card.innerHTML=`<div style=width:150px>{card}</div>`}}"
    )
    platform = UploadPlatform(
        World(), page(CHOOSER, "<div id=card></div>", button("上传", "send()"), script=script)
    )
    report = run(browser, platform, tmp_path)
    assert report.exit_status == exit_status, report.headline
    assert sent_once(platform.world) == (exit_status == 0)


@pytest.mark.parametrize(
    "end",
    [
        "l.remove()",
        "l.style.display='none'",
        "l.style.visibility='hidden'",
        "p.textContent='请核对照片';l.innerHTML+='<button onclick=layer.remove()>我知道了</button>'",
    ],
)
def test_a_layer_that_counts_down_is_waited_for(browser: Browser, tmp_path: Path, end: str) -> None:
    counting = (
        "const p=l.querySelector('p');let n=4;const t=setInterval(()=>{n--;p.textContent='请核对照片（'+n+'s）';"
        f"if(!n){{clearInterval(t);{end}}}}},1000);"
    )
    script = sender("multipart") + "f.onchange=()=>{" + layer("<p>请核对照片（4s）</p>") + counting + "}"
    platform = UploadPlatform(World(), page(CHOOSER, button("上传", "send()"), script=script))
    report = run(browser, platform, tmp_path, patience=12)
    assert report.exit_status == 0, report.headline
    assert sent_once(platform.world)


# -- absence is believed last -------------------------------------------------------------------------------------------------

LATE = {
    "once loaded": (
        "<i id=here></i>",
        "const i=new Image();i.width=90;i.height=120;i.onload=()=>here.replaceWith(i);i.src='/photo/stored'",
    ),
    "asked for by script": (
        "<i id=here></i>",
        "fetch('/photo-state').then(r=>r.json()).then(s=>{if(s.there)here.outerHTML='<img src=/photo/stored width=90 height=120>'})",
    ),
    "in the place of a stand-in": (
        "<img id=here width=90 height=120>",
        "const c=document.createElement('canvas');c.width=90;c.height=120;c.getContext('2d').fillText('?',40,60);"
        "here.src=c.toDataURL('image/jpeg');"
        "fetch('/photo-state').then(r=>r.json()).then(s=>{if(s.there)here.src='/photo/stored'})",
    ),
    "scrolled to": (
        "<div style=height:2500px></div><p>毕业照片</p><div id=here style=height:120px></div>",
        "new IntersectionObserver((e,o)=>{if(e[0].isIntersecting){o.disconnect();const i=new Image();i.width=90;i.height=120;"
        "i.onload=()=>here.append(i);i.src='/photo/stored'}}).observe(here)",
    ),
    "scrolled to inside": (
        "<div style='height:200px;overflow:auto'><div style=height:1500px></div><p>毕业照片</p><div id=here style=height:120px></div></div>",
        "new IntersectionObserver((e,o)=>{if(e[0].isIntersecting){o.disconnect();const i=new Image();i.width=90;i.height=120;"
        "i.onload=()=>here.append(i);i.src='/photo/stored'}}).observe(here)",
    ),
    "scrolled to in a part that comes later": (
        "<div id=here></div>",
        "setTimeout(()=>{here.innerHTML='<div style=height:2500px></div><p>毕业照片</p><b style=display:block;height:120px></b>';"
        "new IntersectionObserver((e,o)=>{if(e[0].isIntersecting){o.disconnect();const i=new Image();i.width=90;i.height=120;"
        "i.onload=()=>here.append(i);i.src='/photo/stored'}}).observe(here.lastChild)},1000)",
    ),
}


@pytest.mark.parametrize("late", LATE)
def test_a_stored_photo_that_comes_late_is_not_uploaded_again(
    browser: Browser, tmp_path: Path, late: str
) -> None:
    stored, script = LATE[late]
    html = page(CHOOSER, button("上传", "send()"), script=sender("multipart")).replace("状态：{state}", "")
    html += f"<script>if(document.getElementById('here')){{{script}}}</script>"
    platform = UploadPlatform(World(), html, stored=stored, seconds=2.5)
    reports = [run(browser, platform, tmp_path / name, patience=15) for name in ("first", "second")]
    assert [report.exit_status for report in reports] == [0, 0], [report.headline for report in reports]
    assert [photo_of(report).status for report in reports] == ["done", "already_done"]
    assert sent_once(platform.world)


def test_analytics_are_not_taken_for_the_upload(browser: Browser, tmp_path: Path) -> None:
    """The page tells of every click; the file is sent three seconds later, once a check by script is through."""
    tell = "document.addEventListener('click',()=>fetch('/log',{method:'POST',body:JSON.stringify({at:Date.now()})}));"
    tell += "f.addEventListener('change',()=>fetch('/log',{method:'POST',body:JSON.stringify({name:f.files[0].name})}));"
    script = tell + sender("multipart").replace(
        "const r=", "await new Promise(r=>setTimeout(r,3000));const r="
    )
    platform = UploadPlatform(
        World(),
        page(CHOOSER, button("上传", "send()"), script=script),
        accepts=False,
        answer={"code": 1, "msg": "照片背景不符合要求"},
    )
    report = run(browser, platform, tmp_path)
    assert report.exit_status == 30, report.headline
    assert "照片背景不符合要求" in report.headline
    assert paths(platform.posts) == ["/send"]


# -- the hundred messages -----------------------------------------------------------------------------------------------------


@pytest.mark.exhaustive
@pytest.mark.parametrize("text", EVERY)
@pytest.mark.parametrize("when", ["chosen", "pressed", "answered"])
def test_a_message_is_quoted_and_nothing_is_sent_twice(
    browser: Browser, tmp_path: Path, text: str, when: str
) -> None:
    """The page says it when the file is chosen, when the button is pressed, or as the answer to what was sent."""
    show = f"toast({json.dumps(text)})"
    scripts = {
        "chosen": f"f.onchange=()=>{show};function send(){{}}",
        "pressed": f"function send(){{{show}}}",
        "answered": sender("multipart"),
    }
    html = page(CHOOSER, button("上传", "send()"), script=scripts[when])
    platform = UploadPlatform(World(), html, accepts=False, answer={"code": 1, "msg": text})
    report = run(browser, platform, tmp_path)
    assert report.exit_status in (10, 30, 32), report.headline
    assert text in photo_of(report).said
    assert len(paths(platform.posts)) == (1 if when == "answered" else 0)
    if when != "answered":
        assert not re.search("已提交|已发出", report.headline.replace(text, ""))
