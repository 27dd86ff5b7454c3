"""Sign-in pages and menus of many vendors' making: one word of a case chooses the page, `webforms` is the rest."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tests.robustness.components.world import World

PAGES = Path(__file__).parents[1] / "pages"
KINDS = ("signins", "menus")
NAMES = tuple(f"{kind}:{page.stem}" for kind in KINDS for page in sorted((PAGES / kind).glob("*.html")))
PLACES = {
    "post": "/zoo/login",
    "other": "/zoo/other",
    "stray": "/zoo/stray",
    "pic": "/zoo/pic",
    "conditions": "/page?p=conditions",
    "grades": "/page?p=grades",
}
SCRIPT = """<script>
function send(u, p, failed) {
  var copies = [].filter.call(document.querySelectorAll('input'), function (i) { return p && i.value == p }).length
  var sent = new URLSearchParams({ username: u, password: p, copies: copies })
  fetch('/zoo/login', { method: 'POST', headers: { 'X-Requested-With': 'XMLHttpRequest' }, body: sent })
    .then(function (r) { return r.json() }).then(function (a) { if (a.url) location.href = a.url; else failed(a.msg) })
}
function stray(what) { fetch('/zoo/stray?' + what, { method: 'POST' }) }
</script>"""


def page(world: World, kind: str) -> HTMLResponse | None:
    """The page that the case's words choose of a kind, where they choose one."""
    name = next((word.split(":")[1] for word in world.words if word.startswith(f"{kind}:")), None)
    if name is None:
        return None
    text = (PAGES / kind / f"{name}.html").read_text("utf-8").replace("<!--zoo-->", SCRIPT)
    for place, address in (PLACES | {"name": world.student.name}).items():
        text = text.replace(f"{{{{{place}}}}}", address)
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})


async def credentials(request: Request, world: World) -> tuple[str, str]:
    """Name and password of a sent form; what holds the password beside its own field is counted."""
    fields = parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True)
    user, own = (request.query_params.get(key, name) for key, name in (("u", "username"), ("p", "password")))
    given = dict(fields)
    secret = world.student.password("chaoxing")
    if any(value == secret for name, value in fields if name != own) or given.get("copies", "1") not in "01":
        world.note("chaoxing", "password_in_another_field")
    return given.get(user, ""), given.get(own, "")


def signed_in(request: Request, good: bool) -> Response:
    """The answer to a sent form: as a script or as a browser's own form wants it."""
    target = "/" if good else "/login?sfxs=1"
    if "x-requested-with" in request.headers:
        return JSONResponse({"url": target} if good else {"msg": "用户名或密码错误"})
    return RedirectResponse(target, 302)


def other(request: Request) -> HTMLResponse:
    """A page that nobody is looking for."""
    title = request.query_params.get("t", "")
    return HTMLResponse(
        f'<!doctype html><meta charset="utf-8"><title>{title}</title><h3>{title}</h3><p>暂无内容</p>'
    )


def picture(request: Request) -> Response:
    """A word as a picture."""
    word = request.query_params.get("w", "")
    text = f'<text x="50%" y="50%" text-anchor="middle" dominant-baseline="central" font-size="14" fill="#fff">{word}</text>'
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="32"><rect width="100%" height="100%" fill="#36a"/>{text}</svg>'
    return Response(drawn, media_type="image/svg+xml")
