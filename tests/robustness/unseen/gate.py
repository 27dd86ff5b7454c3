"""What both unseen sites share: pages from templates, signing in, and counting clicks that no plan names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from fixtures.people.portraits import no_photo
from tests.robustness.unseen.world import Effect, World

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("pages")),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
)
WRONG = "您输入的用户名或密码有误。"


def render(template: str, **values: object) -> HTMLResponse:
    """Fill a template."""
    return HTMLResponse(_PAGES.get_template(template).render(**values))


@dataclass
class Gate:
    """The way into one site.

    Args:
        world: Counts the tries.
        site: ``chsi`` or ``chaoxing``.
        form: Template of the sign-in form.
        title: The site's name on it.
        user_hint: What the form calls the user name.
        home: Where signing in leads.
    """

    world: World
    site: str
    form: str
    title: str
    user_hint: str
    home: str

    def routes(self) -> list[Route]:
        """Signing in and out, and the counter of clicks nobody planned."""
        return [
            Route("/login", self.show),
            Route("/login", self.submit, methods=["POST"]),
            Route("/login/inner", self.show_inner),
            Route("/login.json", self.submit_by_script, methods=["POST"]),
            Route("/logout", self.leave),
            Route("/captcha.png", self.captcha),
            Route("/stray", self.stray, methods=["POST"]),
        ]

    def is_in(self, request: Request) -> bool:
        """True when the request comes with a session."""
        return self.world.is_signed_in(self.site, request.cookies.get(f"sid_{self.site}"))

    def turned_away(self, request: Request) -> Response | None:
        """Return the way to the form for whoever is not signed in."""
        if self.is_in(request):
            return None
        return RedirectResponse(f"/login?next={quote(request.url.path)}", 302)

    async def show(self, request: Request) -> Response:
        """The sign-in form, or the way in for whoever is signed in."""
        if self.is_in(request):
            return RedirectResponse(self.home, 302)
        return self._form(self.form, request.query_params.get("next", self.home))

    async def show_inner(self, request: Request) -> Response:
        """The form that stands in a frame."""
        return self._form("inner", request.query_params.get("next", self.home))

    async def submit(self, request: Request) -> Response:
        """A form that was sent the old way: away, or the form again with what is wrong."""
        form = await request.form()
        ahead = request.query_params.get("next", self.home)
        token, said = self._try(str(form["username"]), str(form["password"]))
        if token is None:
            return self._form("inner" if self.form == "framed" else self.form, ahead, said)
        return self._with_session(RedirectResponse(ahead, 302), token)

    async def submit_by_script(self, request: Request) -> Response:
        """A form that was sent by script: the answer as JSON."""
        form = await request.form()
        token, said = self._try(str(form["username"]), str(form["password"]))
        if token is None:
            return JSONResponse({"ok": False, "text": said})
        return self._with_session(JSONResponse({"ok": True, "url": str(form["next"])}), token)

    def _try(self, username: str, password: str) -> tuple[str | None, str]:
        if self.world.trouble & {f"{self.site}_captcha", f"{self.site}_captcha_after"}:
            self.world.logins[f"{self.site}.captcha"] += 1
            return None, "为保障您的账号安全，请输入验证码后重新登录"
        return self.world.sign_in(self.site, username, password), WRONG

    def _with_session(self, response: Response, token: str) -> Response:
        response.set_cookie(f"sid_{self.site}", token, httponly=True)
        return response

    def _form(self, form: str, ahead: str, error: str = "") -> Response:
        return render(
            f"login/{form}.html",
            site_title=self.title,
            user_hint=self.user_hint,
            action=f"/login?next={quote(ahead)}",
            next=ahead,
            error=error,
            captcha=f"{self.site}_captcha" in self.world.trouble,
        )

    async def leave(self, request: Request) -> Response:
        """Sign out; in the middle of a run everything after it would fail."""
        self.world.sign_everybody_out()
        return RedirectResponse("/login", 302)

    async def captcha(self, request: Request) -> Response:
        """Some picture; there is nothing to solve."""
        return Response(no_photo(), media_type="image/png")

    async def stray(self, request: Request) -> Response:
        """Count a click that no plan names."""
        self.world.effects.append(Effect(request.query_params["what"]))
        return JSONResponse({})
