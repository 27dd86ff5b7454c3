"""Who may talk to the console, and what a page may do; ``docs/security.md`` names these tests."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from httpx import Response
from starlette.routing import Route
from starlette.websockets import WebSocketDisconnect

from agent.console.cases.case_folders import FILE_NAME
from agent.console.cases.live_case import CaseState
from agent.console.security import HEADERS, LARGEST_BODY, LONGEST_SECONDS, LaunchToken
from agent.console.server import bound
from tests.agent.console.house import NOTICE, ORIGIN, PORT, Visit, shelve, visiting
from tests.structure.source import ROOT

FOREIGN_HOSTS = [
    "evil.example",
    f"evil.example:{PORT}",
    f"127.0.0.1.evil.example:{PORT}",
    f"127.0.0.1:{PORT + 1}",
    "127.0.0.1",
    f"0.0.0.0:{PORT}",
    f"192.168.1.2:{PORT}",
    f"user@127.0.0.1:{PORT}",
    "",
]
FOREIGN_ORIGINS = [
    "http://evil.example",
    "null",
    f"https://127.0.0.1:{PORT}",
    f"http://127.0.0.1:{PORT + 1}",
    f"http://localhost:{PORT}",
    f"{ORIGIN}.evil.example",
    "",
]
PATHS = [
    "/",
    "/desk",
    "/cohort",
    "/cohort/events",
    "/consent",
    "/cases/a",
    "/desk/summary.csv",
    "/static/console.js",
    "/no-such-page",
]


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Visit]:
    """A browser that has not opened the address."""
    with visiting(tmp_path) as visit:
        yield visit


@pytest.fixture
def visit(stranger: Visit) -> Visit:
    """A browser that has."""
    assert stranger.enter().status_code == 303
    return stranger


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[Visit]:
    """A browser that has, of a console with one case that has ended."""
    shelve(tmp_path)
    with visiting(tmp_path) as visit:
        visit.enter()
        yield visit


def _begin(visit: Visit, headers: dict[str, str], **form: str) -> Response:
    wanted = {"profile": NOTICE.id, "who": "self", "student": "yes_no", **form}
    answer: Response = visit.client.post("/cases", data=wanted, headers=headers)
    return answer


# -- Host ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_foreign_host(visit: Visit, host: str) -> None:
    answer = visit.client.get("/desk", headers={"host": host})
    assert answer.status_code == 421
    assert "今日办理" not in answer.text


def test_dns_rebinding(visit: Visit) -> None:
    """The attacker's name leads to loopback, its page is of the same origin as the answer, and it even has the cookie."""
    evil = f"evil.example:{PORT}"
    headers = {"host": evil, "origin": f"http://{evil}", "cookie": _cookie(visit)}
    assert visit.client.get("/desk", headers=headers).status_code == 421
    assert _begin(visit, headers, csrf=visit.csrf).status_code == 421
    assert list(visit.cases) == []


@pytest.mark.parametrize(
    "host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"]
)
def test_the_names_of_loopback_are_let_in(visit: Visit, host: str) -> None:
    assert visit.client.get("/", headers={"host": host, "cookie": _cookie(visit)}).status_code == 200


def test_only_loopback_listens() -> None:
    with bound(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


# -- token and session ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_no_token(stranger: Visit, path: str) -> None:
    assert stranger.client.get(path).status_code == 403
    assert stranger.client.post(path, headers={"origin": ORIGIN}).status_code == 403


def test_no_address_is_open_without_a_session(stranger: Visit) -> None:
    routes = [route for route in stranger.console.pages.routes if isinstance(route, Route)]
    assert len(routes) > 15
    for route in routes:
        path = re.sub(r"\{.*?\}", "1", route.path)
        for method in route.methods or ():
            answer = stranger.client.request(method, path, headers={"origin": ORIGIN})
            assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize("token", ["", "guess", "x" * 43, "名"])
def test_wrong_token(stranger: Visit, token: str) -> None:
    assert stranger.client.get("/start", params={"token": token}).status_code == 403
    assert stranger.enter().status_code == 303  # which did not use the right one up


def test_replayed_token(stranger: Visit) -> None:
    address = f"/start?token={stranger.console.launch.token}"
    first = stranger.client.get(address, follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    stranger.client.cookies.clear()
    second = stranger.client.get(address, follow_redirects=False)
    assert second.status_code == 403
    assert "set-cookie" not in second.headers


def test_the_cookie_is_for_this_console_alone_and_for_no_script(stranger: Visit) -> None:
    given = stranger.enter().headers["set-cookie"]
    assert given.startswith(f"gradsync-{PORT}=")
    assert {part.strip().lower() for part in given.split(";")[1:]} == {
        "httponly",
        "path=/",
        "samesite=strict",
    }
    assert stranger.console.launch.token == ""


def test_tokens_cannot_be_guessed() -> None:
    tokens = {LaunchToken().token for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)  # 256 bits in base64


def test_a_session_ends_after_a_working_day(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("agent.console.security.time", SimpleNamespace(monotonic=lambda: now[0]))
    token = LaunchToken()
    cookie = token.exchange(token.token)
    assert cookie
    assert token.session(cookie)
    now[0] = LONGEST_SECONDS
    assert token.session(cookie) is None


def test_leaving_ends_the_session_and_the_program(visit: Visit) -> None:
    answer = visit.post("/leave")
    assert answer.status_code == 200
    assert visit.left == [True]
    assert visit.client.get("/desk").status_code == 403


# -- changes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_foreign_origin(visit: Visit, origin: str) -> None:
    assert _begin(visit, {"origin": origin}, csrf=visit.csrf).status_code == 403
    assert list(visit.cases) == []


def test_no_origin(visit: Visit) -> None:
    assert _begin(visit, {}, csrf=visit.csrf).status_code == 403
    assert list(visit.cases) == []


@pytest.mark.parametrize("csrf", ["", "guess", "名"])
def test_cross_site_post(visit: Visit, csrf: str) -> None:
    """The cookie goes along, as a browser without SameSite would send it, but no page of ours made the form."""
    assert _begin(visit, {"origin": ORIGIN}, csrf=csrf).status_code == 403
    assert list(visit.cases) == []


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
def test_other_kinds_of_body_need_the_header(visit: Visit, kind: str) -> None:
    headers = {"origin": ORIGIN, "content-type": kind}
    body = f"csrf={visit.csrf}&profile={NOTICE.id}".encode()
    assert visit.client.post("/cases", content=body, headers=headers).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_can_fetch_nothing(visit: Visit, site: str) -> None:
    for path in ("/desk", "/static/console.js"):
        assert visit.client.get(path, headers={"sec-fetch-site": site}).status_code == 403
    assert visit.client.get("/desk", headers={"origin": "http://evil.example"}).status_code == 403


def test_get_changes_nothing(visit: Visit) -> None:
    case = visit.begin()
    visit.wait_for(case, CaseState.ASKING)
    for word in ("answer", "stop", "again", "withdraw", "forget"):
        address = f"/cases/{case.name}/{word}?csrf={visit.csrf}&number=1&value=yes"
        assert visit.client.get(address).status_code in (404, 405)
    assert visit.client.get(f"/leave?csrf={visit.csrf}").status_code in (404, 405)
    assert case.state is CaseState.ASKING
    assert visit.left == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods(visit: Visit, method: str) -> None:
    assert visit.client.request(method, "/desk", headers={"origin": ORIGIN}).status_code == 405


def test_websockets_are_closed(visit: Visit) -> None:
    with pytest.raises(WebSocketDisconnect), visit.client.websocket_connect("/desk"):
        pass


def test_a_body_that_is_too_large(visit: Visit) -> None:
    assert _begin(visit, {"origin": ORIGIN}, csrf=visit.csrf, more="x" * LARGEST_BODY).status_code == 413


# -- files ---------------------------------------------------------------------------------------------------------------

NAMES = [
    "..%2fsecret",
    "%2e%2e",
    "%2e%2e%2fsecret",
    "a%2f..%2f..%2fsecret",
    "%2fetc",
    "a.b",
    "A",
    "a%00",
    "~",
    "a%0d%0ab",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rest", ["", "/report", "/photos/chsi"])
def test_path_traversal_in_case_names(visit: Visit, tmp_path: Path, name: str, rest: str) -> None:
    secret = tmp_path.parent / "secret"
    secret.mkdir(exist_ok=True)
    (secret / "report.html").write_text("SECRET")
    answer = visit.client.get(f"/cases/{name}{rest}")
    assert answer.status_code == 404
    assert "SECRET" not in answer.text
    assert visit.cases.get(unquote(name)) is None


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"]
)
def test_path_traversal_in_assets(visit: Visit, path: str) -> None:
    assert visit.client.get(path).status_code == 404


def test_only_the_three_photos_have_addresses(ended: Visit) -> None:
    (case,) = ended.cases
    base = f"/cases/{case.name}/photos"
    assert ended.client.get(f"{base}/chsi").headers["content-type"] == "image/jpeg"
    for which in ("610000", "..%2f..%2fconsole", "chsi.jpg", "report", "platform_copy.jpg"):
        assert ended.client.get(f"{base}/{which}").status_code == 404


def test_a_link_among_the_cases_leads_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / FILE_NAME).write_text("{}")
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "link").symlink_to(outside)
    with visiting(cases) as visit:
        assert list(visit.cases) == []


# -- pages ---------------------------------------------------------------------------------------------------------------


def test_every_answer_has_the_headers(visit: Visit) -> None:
    answers = [visit.client.get(path) for path in PATHS]
    refused = [visit.client.get("/", headers={"host": "evil.example"}), visit.client.put("/")]
    for answer in (*answers, *refused):
        own = {"content-security-policy": _alone(answer)} if answer in refused else {}
        assert {name: answer.headers[name] for name in HEADERS} == {**HEADERS, **own}
        assert "access-control-allow-origin" not in answer.headers
    policy = HEADERS["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def _alone(answer: Response) -> str:
    """The policy of a page that may load nothing and carries its own style."""
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def test_whoever_is_locked_out_is_told_how_to_come_in(stranger: Visit) -> None:
    """The browser was closed, or another one is used: Enter in the terminal gives a fresh address, and this page says so."""
    used = f"/start?token={stranger.console.launch.token}"
    stranger.client.get(used)
    stranger.client.cookies.clear()
    for path in ("/", "/cases/a", used, "/start?token=x"):
        page = stranger.client.get(path)
        assert page.status_code == 403
        assert "按一下回车" in page.text
        assert not any(
            word in page.text for word in ("gradsync console", "终端")
        )  # whoever clicked it knows neither
        assert page.headers["content-security-policy"] == _alone(page)
    fresh = stranger.console.launch.renew()
    assert stranger.client.get(used).status_code == 403
    assert stranger.client.get(f"/start?token={fresh}").status_code == 200


def test_a_fresh_address_ends_no_session(visit: Visit) -> None:
    visit.console.launch.renew()
    assert visit.client.get("/desk").status_code == 200


def test_the_report_may_do_nothing(ended: Visit) -> None:
    (case,) = ended.cases
    policy = ended.client.get(f"/cases/{case.name}/report").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


def test_what_a_site_says_is_shown_as_text(visit: Visit) -> None:
    case = visit.begin()
    visit.wait_for(case, CaseState.ASKING)
    page = visit.client.get(f"/cases/{case.name}").text
    assert "上传&lt;b&gt;照片&lt;/b&gt;" in page
    assert "<b>照片" not in page


def test_no_page_has_a_place_for_a_password_or_anything_inline(visit: Visit) -> None:
    for path in ("/", "/desk", f"/consent?profile={NOTICE.id}&student=form"):
        page = visit.client.get(path).text
        assert 'type="password"' not in page
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", page)


def test_the_table_names_tests_that_are_there() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    source = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) > 15
    assert {name for name in named if f"def {name}(" not in source} == set()
    mine = set(re.findall(r"^def (test_\w+)", Path(__file__).read_text("utf-8"), re.MULTILINE))
    assert mine - named == {"test_the_table_names_tests_that_are_there"}


def _cookie(visit: Visit) -> str:
    return "; ".join(f"{name}={value}" for name, value in visit.client.cookies.items())
