"""学信网's record where several 学籍 share one page: behind tabs, titles that unfold, or one after the other."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from PIL import Image
from playwright.sync_api import Browser, Route

from agent.asks import AskRouter, Scripted
from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import ActionNeeded, NobodyThere
from flows.profiles.schema import load
from flows.sites.chsi.archive import Chsi
from flows.sites.login import Login

TODAY = date(2024, 6, 3)
ADDRESS = "http://archive.test/"
PAGE = """<!doctype html><meta charset="utf-8"><body><h3>学籍信息</h3>{head}<div id="card"></div><script>
const records = {records};
const card = document.getElementById("card");
function show(at) {{ setTimeout(() => {{ card.innerHTML = records[at]; }}, {after}); }}
card.innerHTML = records[0];
</script>"""
RECORD = (
    "<table><tr><td>姓名</td><td>王岚</td></tr><tr><td>证件号码</td><td>610102200001011234</td></tr>"
    "<tr><td>学校名称</td><td>{school}</td></tr><tr><td>层次</td><td>{level}</td></tr>"
    "<tr><td>专业</td><td>土木工程</td></tr><tr><td>学籍状态</td><td>在籍</td></tr></table>"
    "<div><img width=90 height=120 src='{photo}'><p>学历照片</p></div>"
)
OURS, OTHER = "西安交通大学", "示例职业学院"
HEADS = {
    "tabs": "<span role=tab onclick='show({at})'>{school} {level}</span> ",
    "list entries": "<ul><li onclick='show({at})'>{level}-{school}</li></ul>",
    "titles that unfold": "<div role=button tabindex=0 onclick='show({at})'>{school}（{level}）</div>",
    "tabs that do not say whose": "<span role=tab onclick='show({at})'>学籍{number}</span> ",
    "plain words": "<div onclick='show({at})'>{school} {level}</div>",
}


def photo(shade: int) -> str:
    """Return a small picture as an address."""
    data = io.BytesIO()
    Image.new("RGB", (90, 120), (shade, shade, shade)).save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


def page_of(head: str, *records: tuple[str, str], after: int = 300) -> str:
    """A page with a head to each record; the first is shown, another some milliseconds after its head is pressed."""
    heads = "".join(
        head.format(at=at, number=at + 1, school=school, level=level)
        for at, (school, level) in enumerate(records)
    )
    bodies = [
        RECORD.format(school=school, level=level, photo=photo(40 * at))
        for at, (school, level) in enumerate(records)
    ]
    return PAGE.format(head=heads, records=bodies, after=after)


@contextmanager
def record_page(
    browser: Browser, body: str, level: str | None = None, answers: dict[str, str] | None = None
) -> Iterator[Chsi]:
    """The site with one page."""
    data = load("xjtu-2024-07").sites.chsi.model_copy(update={"archive_url": ADDRESS})

    def serve(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    with site_context(browser, ["archive.test"]) as context:
        context.route("http://archive.test/**", serve)
        view = SiteBrowser(
            context, context.new_page(), "chsi", 15, (), allowed=address_pattern(["archive.test"])
        )
        login = Login(view, data, "学信网", AskRouter([Scripted(answers or {})]), None)
        yield Chsi(view, data, login, OURS, level)


@pytest.mark.parametrize("head", HEADS)
def test_the_schools_own_record_is_looked_for_behind_what_is_shown(browser: Browser, head: str) -> None:
    body = page_of(HEADS[head], (OTHER, "专科"), (OURS, "专升本"))
    with record_page(browser, body) as site:
        site.open_record()
        assert site.read_record(TODAY).values["school"] == OURS
        assert Image.open(io.BytesIO(site.save_photo().data)).convert("RGB").getpixel((5, 5)) == (40, 40, 40)


def test_a_photo_whose_address_is_put_in_only_later_is_waited_for(browser: Browser) -> None:
    body = page_of(HEADS["tabs"], (OURS, "专升本")).replace("<img width", "<img style='float:left' width")
    late = (
        "<script>const shown = card.querySelector('img'), later = shown.src; shown.removeAttribute('src');"
        "setTimeout(() => { shown.src = later; }, 1500);</script>"
    )
    with record_page(browser, body + late) as site:
        site.open_record()
        assert Image.open(io.BytesIO(site.save_photo().data)).convert("RGB").getpixel((5, 5)) == (0, 0, 0)


def test_a_record_of_another_school_alone_is_not_used(browser: Browser) -> None:
    with record_page(browser, page_of("", (OTHER, "专科"))) as site, pytest.raises(ActionNeeded, match=OURS):
        site.open_record()


def test_of_two_levels_the_wanted_one_is_looked_for(browser: Browser) -> None:
    body = page_of(HEADS["tabs"], (OURS, "专科"), (OURS, "专升本"))
    with record_page(browser, body, level="专升本") as site:
        site.open_record()
        assert site.read_record(TODAY).values["level"] == "专升本"


def test_where_two_may_be_meant_the_person_chooses(browser: Browser) -> None:
    body = page_of(HEADS["tabs"], (OURS, "专科"), (OURS, "专升本"))
    with record_page(browser, body) as site, pytest.raises(NobodyThere, match="学信网上有几个学籍"):
        site.open_record()
    with record_page(browser, body, answers={"choose-enrollment": f"{OURS} 专升本"}) as site:
        site.open_record()
        assert site.read_record(TODAY).values["level"] == "专升本"


CLOSED_LIST = (
    "<p>您一共有 2 个学籍，当前显示：<input readonly id=chosen style='width:300px'></p><ul id=offered hidden></ul>"
    "<script>const offered = document.getElementById('offered'), chosen = document.getElementById('chosen');"
    "const said = ['{other}-专科', '{ours}-专升本']; chosen.value = said[0]; chosen.onclick = () => {{ offered.hidden = false }};"
    "said.forEach((words, at) => {{ const li = document.createElement('li'); li.textContent = words; offered.append(li);"
    "li.onclick = () => {{ chosen.value = words; offered.hidden = true; card.innerHTML = records[at] }} }});</script>"
)


def test_a_closed_list_that_names_the_record_that_is_shown_is_opened(browser: Browser) -> None:
    body = page_of("", (OTHER, "专科"), (OURS, "专升本")) + CLOSED_LIST.format(other=OTHER, ours=OURS)
    with record_page(browser, body) as site:
        site.open_record()
        assert site.read_record(TODAY).values["school"] == OURS


NATIVE_LIST = (
    "<label>学籍切换 <select onchange='show(this.selectedIndex)'><option>{other} 专科</option><option disabled>往届</option>"
    "<option>示例大学 本科</option><option>{ours} 专升本</option></select></label>"
)


def test_a_native_list_that_names_the_record_that_is_shown_is_turned_to_the_own_one(browser: Browser) -> None:
    head = NATIVE_LIST.format(other=OTHER, ours=OURS)
    body = page_of("", (OTHER, "专科"), (OTHER, "专科"), ("示例大学", "本科"), (OURS, "专升本"))
    with record_page(browser, body.replace("<div id", head + "<div id")) as site:
        site.open_record()
        assert site.read_record(TODAY).values["school"] == OURS


SWIPED = (
    "<style>#row{{display:flex;width:200%}}#row>div{{width:50%}}#dots i{{display:inline-block;width:6px;height:6px;"
    "margin:3px;background:#ddd}}#dots i.on{{background:#19f}}</style><div style='overflow:hidden;width:800px'><div id=row>"
    "</div><div id=dots><i class=on></i><i></i></div></div><script>const row = document.getElementById('row'), dots = "
    "document.getElementById('dots').children; records.forEach((record) => {{ const box = document.createElement('div');"
    "box.innerHTML = record; row.append(box) }}); let from = 0; row.addEventListener('touchstart', (event) => {{ from = "
    "event.touches[0].clientX }}); row.addEventListener('touchend', (event) => {{ const on = event.changedTouches[0].clientX"
    " < from - 100 ? 1 : 0; row.style.transform = `translateX(-${{on * 50}}%)`; dots[on].className = 'on';"
    " dots[1 - on].className = '' }});</script>"
)


def test_a_record_that_only_a_swipe_turns_to_is_come_to(browser: Browser) -> None:
    body = page_of("", (OTHER, "专科"), (OURS, "专升本")).replace("card.innerHTML = records[0];\n", "")
    with record_page(browser, body + SWIPED.format()) as site:
        site.open_record()
        assert site.read_record(TODAY).values["school"] == OURS
        assert Image.open(io.BytesIO(site.save_photo().data)).convert("RGB").getpixel((5, 5)) == (40, 40, 40)


def test_where_all_that_is_swiped_is_anothers_nothing_is_used(browser: Browser) -> None:
    body = page_of("", (OTHER, "专科"), (OTHER, "本科")).replace("card.innerHTML = records[0];\n", "")
    with record_page(browser, body + SWIPED.format()) as site, pytest.raises(ActionNeeded, match=OURS):
        site.open_record()


UNFOLDED = """<!doctype html><meta charset="utf-8"><body><h3>学籍信息</h3>{parts}<script>
const seen = new IntersectionObserver((entries) => entries.forEach(({{ isIntersecting, target }}) => {{
  if (!isIntersecting) return;
  seen.unobserve(target);
  setTimeout(() => {{ target.innerHTML = `<img width=90 height=120 src="${{target.dataset.photo}}">`; }}, 200);
}}));
document.querySelectorAll("[data-photo]").forEach((place) => seen.observe(place));
</script>"""
UNFOLDED_PART = """<div style="margin:20px"><div role=button tabindex=0
onclick="this.nextElementSibling.hidden = !this.nextElementSibling.hidden">{school} {level}</div><div {hidden}>
<div style="height:700px"></div>{record}</div></div>"""


def test_below_another_record_a_photo_that_is_put_in_only_in_view_is_scrolled_to(browser: Browser) -> None:
    parts = ""
    for at, (school, level) in enumerate(((OTHER, "专科"), (OURS, "专升本"))):
        record = RECORD.format(school=school, level=level, photo=photo(40 * at))
        record = record.replace("<img width=90 height=120 src=", "<div style='height:120px' data-photo=")
        record = record.replace("><p>学历照片", "></div><p>学历照片")
        parts += UNFOLDED_PART.format(
            school=school, level=level, record=record, hidden="hidden" if at else ""
        )
    with record_page(browser, UNFOLDED.format(parts=parts)) as site:
        site.open_record()
        assert Image.open(io.BytesIO(site.save_photo().data)).convert("RGB").getpixel((5, 5)) == (40, 40, 40)


LIST = (
    '<h3>学籍信息 (2)</h3><div role=button tabindex=0 onclick="card.innerHTML = records[0]"><b>'
    + OTHER
    + '</b> <span>专科</span><p>会计 | 函授</p></div><div role=button tabindex=0 onclick="card.innerHTML = records[1]"><b>'
    + OURS
    + "</b> <span>专升本</span><p>土木工程 | 函授</p></div>"
)


def test_a_list_of_entries_that_are_no_links_leads_to_the_own_record(browser: Browser) -> None:
    body = page_of("", (OTHER, "专科"), (OURS, "专升本")).replace("card.innerHTML = records[0];\n", "")
    with record_page(browser, body.replace("<h3>学籍信息</h3>", LIST)) as site:
        site.open_record()
        assert site.read_record(TODAY).values["school"] == OURS


CARDS = """<!doctype html><meta charset="utf-8"><body><div id="list"><p>学籍信息 (2)</p>{cards}</div><div id="card"></div><script>
const records = {records};
function show(at) {{ document.getElementById("list").hidden = true; document.getElementById("card").innerHTML = records[at]; }}
</script>"""
LISTED = "<div onclick='show({at})' style='margin:12px'><p><b>{school}</b> <i>{level}</i></p><p>土木工程 | 函授</p></div>"


@pytest.mark.parametrize("level", [None, "专升本"])
def test_a_card_of_a_list_is_pressed_as_a_whole(browser: Browser, level: str | None) -> None:
    other = (OURS, "专科") if level else (OTHER, "专科")
    shown = [other, (OURS, "专升本")]
    cards = "".join(
        LISTED.format(at=at, school=school, level=said) for at, (school, said) in enumerate(shown)
    )
    records = [RECORD.format(school=school, level=said, photo=photo(0)) for school, said in shown]
    with record_page(browser, CARDS.format(cards=cards, records=records), level=level) as site:
        site.open_record()
        assert site.read_record(TODAY).values["level"] == "专升本"


FOLDED = (
    "<h3 onclick='more.hidden = !more.hidden'>学籍信息</h3><div id=more>{own}</div>"
    "<h3 role=button aria-expanded=false onclick=\"if (!who.innerHTML) who.innerHTML = '{whose}'\">身份信息</h3><div id=who></div>"
)


def test_a_part_of_the_record_that_is_folded_away_is_unfolded(browser: Browser) -> None:
    whole = RECORD.format(school=OURS, level="专升本", photo=photo(0))
    rows = "<tr><td>姓名</td><td>王岚</td></tr><tr><td>证件号码</td><td>610102200001011234</td></tr>"
    body = FOLDED.format(
        own=whole.replace(rows, "<tr><td>学号</td><td>2203</td></tr>"), whose=f"<table>{rows}</table>"
    )
    with record_page(browser, f"<!doctype html><meta charset=utf-8>{body}") as site:
        site.open_record()
        read = site.read_record(TODAY)
        assert (read.name, read.values["school"]) == ("王岚", OURS)


DETAIL = "<div style='position:fixed;inset:0 0 0 600px;background:#fff'>{record}</div>"
SUMMARY = "<section><p>学校名称：{school}</p><p>层次：{level}</p><p>专业：土木工程</p><p>学籍状态：在籍</p></section>"
LIST_ROW = (
    "<table border=1><tr><th>学校名称</th><th>层次</th><th>专业</th><th>学籍状态</th></tr>"
    "<tr><td>{school}</td><td>{level}</td><td>土木工程</td><td>在籍</td></tr></table>"
)


@pytest.mark.parametrize("entry", [SUMMARY, LIST_ROW])
def test_the_entry_of_a_list_that_the_record_was_opened_from_is_no_further_record(
    browser: Browser, entry: str
) -> None:
    ours = entry.format(school=OURS, level="专升本")
    detail = DETAIL.format(record=RECORD.format(school=OURS, level="专升本", photo=photo(40)))
    with record_page(browser, f"<!doctype html><meta charset=utf-8><h3>学籍信息</h3>{ours}{detail}") as site:
        site.open_record()
        assert site.read_record(TODAY).name == "王岚"
        assert Image.open(io.BytesIO(site.save_photo().data)).convert("RGB").getpixel((5, 5)) == (40, 40, 40)


def test_of_two_entries_that_say_the_same_either_may_be_the_record(browser: Browser) -> None:
    entries = SUMMARY.format(school=OURS, level="专升本") * 2
    detail = DETAIL.format(record=RECORD.format(school=OURS, level="专升本", photo=photo(40)))
    body = f"<!doctype html><meta charset=utf-8><h3>学籍信息</h3>{entries}{detail}"
    with record_page(browser, body) as site:
        site.open_record()
        with pytest.raises(NobodyThere):
            site.read_record(TODAY)
