"""Pages of further hands: other layouts over the same libraries, plain jQuery and framesets among them."""

from __future__ import annotations

from dataclasses import dataclass

PLAIN = "plain"  # pages without a component library


@dataclass(frozen=True)
class Hand:
    """One hand's pages: a folder in `pages/hands`; a page that is not there is the base library's."""

    library: str  # the row of the table
    base: str
    cases: tuple[str, ...]  # job, words of the variant, student:KEY


HANDS: dict[str, Hand] = {
    "antd-mega": Hand(
        "antd",
        "antd",
        (
            "conditions tour",
            "conditions folded",
            "conditions paged countdown",
            "grades",
            "grades slow",
            "checks",
            "photo student:two",
            "photo-twice analytics",
            "registration lzu",
        ),
    ),
    "webforms": Hand(
        PLAIN,
        "bootstrap",
        (
            "conditions notice",
            "conditions paged twice",
            "grades",
            "checks twice",
            "photo ask student:two",
            "photo-twice words",
            "registration lzu",
        ),
    ),
    "jquery-classic": Hand(
        PLAIN,
        "bootstrap",
        (
            "conditions cookies",
            "conditions alt",
            "conditions aria notice",
            "conditions colour qr",
            "grades notice cookies",
            "grades slow",
            "checks",
            "photo cookies",
            "photo student:two",
            "photo-twice analytics",
        ),
    ),
    "element-plus-tiles": Hand(
        "element-plus",
        "element-plus",
        (
            "conditions tour",
            "conditions tabs slow",
            "conditions steps",
            "grades",
            "grades slow tour",
            "checks tour",
            "photo words",
            "photo-twice tour",
            "registration lzu",
        ),
    ),
    "element-ui-cards": Hand(
        "element-ui",
        "element-ui",
        (
            "conditions",
            "conditions frames paged",
            "conditions countdown paged",
            "grades",
            "grades frames slow",
            "checks frames",
            "photo frames",
            "photo-twice late-photo",
        ),
    ),
    "vant4-hall": Hand(
        "vant4",
        "vant4",
        (
            "conditions notice",
            "conditions steps side",
            "grades",
            "grades terms side",
            "checks folded",
            "photo notice",
            "photo folded student:two",
            "photo-twice side",
        ),
    ),
    "vant2-tabs": Hand("vant2", "vant2", ("conditions", "grades", "grades simple slow", "checks", "photo")),
    "layui-cards": Hand(
        "layui",
        "layui",
        (
            "conditions countdown",
            "conditions folded",
            "conditions paged",
            "grades slow",
            "checks",
            "photo-twice late-photo",
        ),
    ),
    "easyui-portal": Hand(
        "easyui",
        "easyui",
        ("conditions notice", "conditions paged", "grades", "checks", "photo words", "registration lzu"),
    ),
    "bootstrap-list": Hand(
        "bootstrap",
        "bootstrap",
        ("conditions slow", "conditions folded", "grades", "grades card", "checks", "photo-twice"),
    ),
    "tdesign": Hand(
        "tdesign",
        "element-plus",
        ("conditions notice", "conditions paged slow", "grades", "checks", "photo", "photo manual"),
    ),
    "arco": Hand(
        "arco",
        "element-plus",
        ("conditions notice", "conditions cards", "grades", "checks slow", "photo-twice notice"),
    ),
    "antd-react": Hand(
        "antd-react",
        "antd",
        (
            "conditions notice",
            "conditions timeline",
            "conditions groups",
            "grades",
            "grades simple slow",
            "checks",
            "photo notice",
            "form",
        ),
    ),
    "naive": Hand(
        "naive",
        "element-plus",
        (
            "conditions notice",
            "conditions tabs",
            "grades",
            "checks",
            "photo student:two",
            "photo-twice",
            "form",
        ),
    ),
    "iview": Hand(
        "iview",
        "element-ui",
        (
            "conditions notice",
            "conditions steps",
            "grades",
            "grades simple",
            "checks slow",
            "photo student:two",
            "form",
        ),
    ),
    "bootstrap3": Hand(
        "bootstrap3",
        "bootstrap",
        (
            "conditions",
            "conditions pills slow",
            "grades",
            "checks",
            "photo student:two",
            "photo-twice analytics",
            "form",
        ),
    ),
    "layui-frames": Hand(
        "layui",
        "layui",
        (
            "conditions notice",
            "photo-twice",
        ),
    ),
    "vant4-steps": Hand(
        "vant4",
        "vant4",
        (
            "conditions notice",
            "photo student:two",
        ),
    ),
    "vant2-side": Hand(
        "vant2",
        "vant2",
        (
            "conditions",
            "photo",
        ),
    ),
    "element-ui-rows": Hand(
        "element-ui",
        "element-ui",
        (
            "conditions notice",
            "photo student:two",
        ),
    ),
    "element-plus-wizard": Hand(
        "element-plus",
        "element-plus",
        (
            "conditions more notice",
            "photo-twice",
        ),
    ),
    "easyui-tree": Hand(
        "easyui",
        "easyui",
        (
            "conditions",
            "grades",
            "photo-twice",
        ),
    ),
    "arco-steps": Hand(
        "arco",
        "element-plus",
        ("conditions notice", "conditions paged", "grades", "grades simple", "checks", "photo", "form"),
    ),
    "jquery-ui": Hand(
        "jquery-ui",
        "bootstrap",
        (
            "conditions notice",
            "conditions grouped",
            "conditions paged slow",
            "grades",
            "checks",
            "photo ask student:two",
            "form",
            "registration lzu",
        ),
    ),
    "quasar": Hand(
        "quasar",
        "element-plus",
        (
            "conditions notice",
            "conditions scrolled",
            "conditions groups",
            "grades",
            "checks slow",
            "photo",
            "photo-twice manual",
            "form",
        ),
    ),
    "semi": Hand(
        "semi",
        "antd",
        (
            "conditions notice",
            "conditions more",
            "grades",
            "grades paged slow",
            "checks",
            "photo student:two-late",
            "photo-twice manual late-photo",
            "form",
        ),
    ),
    "weui": Hand(
        "weui",
        "vant4",
        (
            "conditions notice",
            "conditions more",
            "conditions steps slow",
            "grades",
            "grades click",
            "checks",
            "photo student:two",
            "photo-twice manual",
            "form",
        ),
    ),
    "antd-mobile": Hand(
        "antd-mobile",
        "vant4",
        (
            "conditions notice",
            "conditions tabs",
            "conditions panels slow",
            "grades",
            "grades terms",
            "checks",
            "photo student:two",
            "photo-twice sheet",
            "form",
            "registration lzu",
        ),
    ),
    "mint-ui": Hand(
        "mint-ui",
        "vant4",
        (
            "conditions notice",
            "conditions nav",
            "conditions lazy",
            "grades",
            "grades scroll slow",
            "checks",
            "photo student:two",
            "photo-twice auto",
            "form",
        ),
    ),
    "element-ui-admin": Hand(
        "element-ui",
        "element-ui",
        (
            "conditions notice",
            "conditions descriptions slow",
            "grades",
            "checks",
            "photo student:two",
            "photo-twice manual",
            "form",
        ),
    ),
    "element-plus-desk": Hand(
        "element-plus",
        "element-plus",
        (
            "conditions notice",
            "conditions timeline slow",
            "conditions split",
            "grades",
            "grades terms",
            "checks",
            "photo-twice manual",
            "form",
        ),
    ),
    "antd-pro": Hand(
        "antd",
        "antd",
        (
            "conditions notice",
            "conditions descriptions",
            "conditions list slow",
            "grades",
            "checks",
            "photo-twice",
            "form",
        ),
    ),
    "vant4-campus": Hand(
        "vant4",
        "vant4",
        (
            "conditions notice",
            "conditions folded agree",
            "grades",
            "grades terms slow",
            "checks",
            "photo student:two",
            "photo-twice manual",
            "form",
        ),
    ),
}
