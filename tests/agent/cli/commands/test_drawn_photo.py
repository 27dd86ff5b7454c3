"""学信网 draws the 学历照片 on a canvas: the command keeps the file that came, or says truly that it has none."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from fixtures.people.students import BY_ID
from fixtures.server import MockSites
from fixtures.world import chsi_photo
from tests.agent.cli.conftest import PROFILE, TODAY, Gradsync, Ran

STUDENT = BY_ID["s01"]
PICTURE = re.compile(r'<img[^>]*src="([^"]*xjpic[^"]*)"[^>]*>')
COPIED = f"data:image/jpeg;base64,{base64.b64encode(chsi_photo(STUDENT)).decode()}"
DRAW = "const draw=(one)=>here.getContext('2d').drawImage(one,0,0,here.width,here.height);"
ELEMENT = "const one=new Image();one.onload=()=>draw(one);one.src='{source}';"
FILES = {
    "an element": ELEMENT,
    "an element that stays": ELEMENT + "one.style='width:1px;height:1px';document.body.append(one);",
    "a second late": "setTimeout(()=>{{" + ELEMENT + "}},1000);",
    "bytes": "fetch('{source}').then(r=>r.arrayBuffer()).then(a=>createImageBitmap(new Blob([a]))).then(draw);",
}
NO_FILES = {  # of a blob the browser keeps nothing, and the address of 学信网's photo is good for one time
    "a bitmap of a blob": "fetch('{source}').then(r=>r.blob()).then(createImageBitmap).then(draw);",
    "a blob's address": "fetch('{source}').then(r=>r.blob()).then(b=>{{"
    + ELEMENT.replace("'{source}'", "URL.createObjectURL(b)")
    + "}});",
    "text of the page": f"const one=new Image();one.onload=()=>draw(one);one.src='{COPIED}';",
    "nothing yet": "",
}


def _run(gradsync: Gradsync, script: str, size: str) -> tuple[Ran, MockSites]:
    def drawn(site: str, path: str, html: str) -> str:
        return PICTURE.sub(
            lambda found: (
                f"<canvas id='here' {size}></canvas><script>{DRAW}{script.format(source=found[1])}</script>"
            ),
            html,
        )

    with MockSites(mutate=drawn) as sites:
        return gradsync.at(sites)("run", *PROFILE, *TODAY, "--yes", "--only", "photo", "--out", "case"), sites


@pytest.mark.parametrize("script", FILES)
@pytest.mark.parametrize("size", ["width=480 height=640", "width=150 height=200"])
def test_the_file_that_came_is_kept_and_sent(gradsync: Gradsync, script: str, size: str) -> None:
    ran, sites = _run(gradsync, FILES[script], size)
    report = json.loads((gradsync.folder / "case/report.json").read_text("utf-8"))
    right = hashlib.sha256(chsi_photo(STUDENT)).hexdigest()
    assert ran.status in (0, 40), ran.err
    assert report["photo"]["chsi"]["sha256"] == right
    assert [effect["sha256"] for effect in sites.world.state()["effects"]] == [right]


@pytest.mark.parametrize("script", NO_FILES)
def test_where_no_file_came_that_is_said_and_nothing_is_sent(gradsync: Gradsync, script: str) -> None:
    ran, sites = _run(gradsync, NO_FILES[script], "width=480 height=640")
    assert ran.status == 10, ran.err
    assert "画在页面上" in ran.err + ran.out
    assert sites.world.state()["effects"] == []
    assert list((gradsync.folder / "case/photo").glob("*")) == []
