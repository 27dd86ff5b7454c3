"""Settings: who outranks whom, and that every mistake is named without its value."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from agent import settings
from agent.errors import UsageError
from agent.settings import SiteSettings, load

CHSI_LOGIN = "GRADSYNC_SITES__CHSI__LOGIN_URL"
CANARY = "hunter2-canary"


@pytest.fixture(autouse=True)
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder with a user config folder of its own; return the user's file, not yet there."""
    (tmp_path / "here").mkdir()
    (tmp_path / "user").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr("platformdirs.user_config_path", lambda _: tmp_path / "user")
    return tmp_path / "user" / settings.FILE_NAME


@pytest.fixture
def local_file() -> Path:
    """The file in the working folder, not yet there."""
    return Path(settings.FILE_NAME)


# -- order ---------------------------------------------------------------------------------------------------------------


def test_each_source_outranks_the_next(
    user_file: Path, local_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [load().slow_network_seconds]
    user_file.write_text("slow_network_seconds = 41")
    seen.append(load().slow_network_seconds)
    local_file.write_text("slow_network_seconds = 42")
    seen.append(load().slow_network_seconds)
    monkeypatch.setenv("GRADSYNC_SLOW_NETWORK_SECONDS", "43")
    seen.append(load().slow_network_seconds)
    seen.append(load({"slow_network_seconds": 44}).slow_network_seconds)
    assert seen == [30, 41, 42, 43, 44]


def test_sources_are_merged_key_by_key(
    user_file: Path, local_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_file.write_text(
        '[sites.chsi]\nusername = "user"\npassword = "user"\nlogin_url = "http://user.example"'
    )
    local_file.write_text('[sites.chsi]\npassword = "local"')
    monkeypatch.setenv(CHSI_LOGIN, "http://environment.example")
    chsi = load({"sites": {"chaoxing": {"username": "flag"}}}).sites.of("chsi")
    assert (chsi.username, chsi.login_url) == ("user", "http://environment.example")
    assert chsi.password is not None
    assert chsi.password.get_secret_value() == "local"


def test_a_flag_that_was_not_given_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSYNC_HEADLESS", "true")
    monkeypatch.setenv("GRADSYNC_TODAY", "2024-06-03")
    loaded = load({"headless": None, "today": None})
    assert (loaded.headless, loaded.today) == (True, date(2024, 6, 3))


def test_credentials_of_one_site_are_not_anothers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__CHSI__PASSWORD", CANARY)
    loaded = load()
    assert loaded.sites.of("chaoxing").password is None
    assert loaded.sites.of("lzu").password is None


def test_a_sites_password_of_digits_stays_text_and_no_other_site_is_taken(
    monkeypatch: pytest.MonkeyPatch, local_file: Path
) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__LZU__PASSWORD", "0123456")
    password = load().sites.of("lzu").password
    assert password is not None
    assert password.get_secret_value() == "0123456"
    local_file.write_text('[sites.nowhere]\nusername = "x"')
    with pytest.raises(UsageError, match=r"sites\.nowhere（没有这一项）"):
        load()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ()),
        ("a.example", ("a.example",)),
        (" a.example , https://b.example:8443 ,,", ("a.example", "https://b.example:8443")),
    ],
)
def test_origins_are_separated_by_commas(
    written: str, read: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__LZU__ORIGINS", written)
    assert load().sites.of("lzu").further_origins == read


# -- mistakes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "GRADSYNC_HEADLES",
        "GRADSYNC_SITES__CHSI__LOGIN",
        "GRADSYNC_SITES__CSHI__LOGIN_URL",
        "GRADSYNC_SITES",
        "GRADSYNC_",
    ],
)
def test_an_unknown_variable_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        load(environ={name: CANARY})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("GRADSYNC_HEADLES", "GRADSYNC_HEADLESS"),
        ("GRADSYNC_SITES__CSHI__LOGIN_URL", "GRADSYNC_SITES__CHSI__LOGIN_URL"),
        ("GRADSYNC_SITES_CHSI_PASSWORD", "GRADSYNC_SITES__CHSI__PASSWORD"),
    ],
)
def test_the_nearest_name_is_told(name: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(environ={name: CANARY})
    assert meant in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("headles = true", "headless"),
        ("Headless = true", "headless"),
        ("[site.chsi]\nusername = 'x'", "sites"),
        ("[sites.chsi]\nuser_name = 'x'", "sites.chsi.username"),
        ("[sites.cshi]\nusername = 'x'", "sites.chsi"),
        ("[cohort]\nkeyfile = 'x'", "cohort.key_file"),
    ],
)
def test_a_key_that_is_not_there_is_told_with_its_file_and_the_nearest(
    text: str, meant: str, user_file: Path
) -> None:
    user_file.write_text(text)
    with pytest.raises(UsageError, match=f"是不是 {meant}）") as caught:
        load()
    assert str(user_file) in caught.value.message


@pytest.mark.parametrize("value", ["a\\tb", "a\\nb", "a\\u200bc", "\\ufeffa", "a\\r\\n"])
@pytest.mark.parametrize("key", ["password", "username"])
def test_what_is_typed_into_a_site_has_nothing_that_nobody_sees(
    key: str, value: str, local_file: Path
) -> None:
    local_file.write_text(f'[sites.chsi]\n{key} = "{CANARY}{value}x"')
    with pytest.raises(UsageError, match=f"sites.chsi.{key}") as caught:
        load()
    assert "单引号" in caught.value.message
    assert CANARY not in caught.value.message


def test_a_password_with_the_end_of_its_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__CHSI__PASSWORD", f"{CANARY}\r")
    with pytest.raises(UsageError, match="GRADSYNC_SITES__CHSI__PASSWORD") as caught:
        load()
    assert CANARY not in caught.value.message


@pytest.mark.parametrize("key", ["PASSWORD", "USERNAME"])
def test_bytes_that_are_no_text_here_cannot_be_typed(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that a window of another code page has set."""
    monkeypatch.setenv(f"GRADSYNC_SITES__CHSI__{key}", f"{CANARY}\udcd6\udcd0")
    with pytest.raises(UsageError, match=f"GRADSYNC_SITES__CHSI__{key}") as caught:
        load()
    assert CANARY not in caught.value.message


def test_a_number_where_a_text_belongs_wants_quotes(local_file: Path) -> None:
    local_file.write_text("[sites.chsi]\nusername = 13800000000")
    with pytest.raises(UsageError, match=r"sites\.chsi\.username（应该是文字，放在英文引号里）"):
        load()


def test_variables_of_other_programs_are_nobodys_business() -> None:
    load(environ={"GRADSYN_HEADLESS": "1", "PATH": "/bin"})


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("GRADSYNC_HEADLESS", CANARY, "headless"),
        ("GRADSYNC_TODAY", CANARY, "today"),
        ("GRADSYNC_SLOW_NETWORK_SECONDS", "0", "slow_network_seconds"),
        ("GRADSYNC_SLOW_NETWORK_SECONDS", "nan", "slow_network_seconds"),
        ("GRADSYNC_SLOW_NETWORK_SECONDS", "1e9", "slow_network_seconds"),
    ],
)
def test_a_bad_value_is_named_by_its_key_alone(
    name: str, value: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as caught:
        load()
    assert key in caught.value.message
    assert CANARY not in caught.value.message


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("headles = true", "headles"),
        ("[sites.chsi]\nusernam = 'x'", "sites.chsi.usernam"),
        ("[sites.cshi]\nusername = 'x'", "sites.cshi"),
        (f"[sites.chsi]\npassword = ['{CANARY}']", "sites.chsi.password"),
        ("sites = 'x'", "sites"),
        ("headless = ", settings.FILE_NAME),
    ],
)
@pytest.mark.parametrize("whose", ["user", "local"])
def test_a_mistake_in_a_file_is_named(
    text: str, named: str, whose: str, user_file: Path, local_file: Path
) -> None:
    (user_file if whose == "user" else local_file).write_text(text)
    with pytest.raises(UsageError, match=named) as caught:
        load()
    assert CANARY not in caught.value.message + caught.value.remedy


@pytest.mark.parametrize("whose", ["user", "local", "environment"])
def test_a_mistake_is_named_whatever_stands_before_it(
    whose: str, user_file: Path, local_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if whose == "environment":
        monkeypatch.setenv("GRADSYNC_HEADLESS", "maybe")
    else:
        (user_file if whose == "user" else local_file).write_text("headless = 'maybe'")
        monkeypatch.setenv("GRADSYNC_HEADLESS", "true")
    with pytest.raises(UsageError, match="headless") as caught:
        load({"headless": True})
    assert ("GRADSYNC_HEADLESS" in caught.value.message) == (whose == "environment")


def test_every_mistake_is_named_at_once(local_file: Path) -> None:
    local_file.write_text("headles = true\nheadless = 'maybe'")
    with pytest.raises(UsageError, match=r"headless.*headles\b|headles\b.*headless"):
        load()


def test_a_mistake_of_a_file_is_told_once(local_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local_file.write_text("headless = 'maybe'\n[sites.chsi]\npasword = 'x'")
    monkeypatch.setenv("GRADSYNC_TODAY", "soon")
    with pytest.raises(UsageError) as caught:
        load()
    said = caught.value.message
    assert [said.count(key) for key in ("headless（", "sites.chsi.pasword（", "GRADSYNC_TODAY")] == [1, 1, 1]


def test_a_file_in_an_unknown_encoding_is_a_usage_error(local_file: Path) -> None:
    local_file.write_bytes('# 設置\n[sites.chsi]\nusername = "國學"'.encode("big5"))
    with pytest.raises(UsageError, match=settings.FILE_NAME):
        load()


@pytest.mark.parametrize(
    "text", ["headless = 'maybe'", "slow_network_seconds = 0", "today = 'x'", "browser_path = 5"]
)
def test_mistakes_are_told_in_chinese(text: str, local_file: Path) -> None:
    local_file.write_text(text)
    with pytest.raises(UsageError) as caught:
        load()
    assert re.search(r"[a-z]+ [a-z]+ ", caught.value.message) is None, caught.value.message


# -- secrets -------------------------------------------------------------------------------------------------------------


def test_a_password_is_never_printed() -> None:
    loaded = load({"sites": {"chsi": {"password": CANARY}}})
    shown = [
        repr(loaded),
        str(loaded),
        f"{loaded.sites.of('chsi')}",
        loaded.model_dump_json(),
        str(loaded.model_dump()),
    ]
    assert [text for text in shown if CANARY in text] == []


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().headless = True


# -- addresses and names ---------------------------------------------------------------------------------------------------


def test_every_address_that_was_set_widens_the_origins() -> None:
    site = SiteSettings(login_url="http://a.example", portal_url="http://b.example")
    assert set(site.addresses) == {"http://a.example", "http://b.example"}


def test_the_contracts_variables_are_known() -> None:
    sites = {
        f"GRADSYNC_SITES__{site}__{name}"
        for site in ("CHSI", "CHAOXING", "LZU")
        for name in ("LOGIN_URL", "ORIGINS", "USERNAME", "PASSWORD")
    }
    others = {
        f"GRADSYNC_{name}"
        for name in (
            "BROWSER_PATH",
            "BROWSER_CHANNEL",
            "HEADLESS",
            "SLOW_NETWORK_SECONDS",
            "ANSWERS",
            "TODAY",
        )
    }
    extra = {"GRADSYNC_SITES__CHSI__ARCHIVE_URL", "GRADSYNC_SITES__LZU__PORTAL_URL"}
    known = {name.upper() for name in settings.environment_names(settings.Settings)}
    assert known >= sites | others | extra


# -- addresses and paths -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1:8000/login", "passport.example/login", "ftp://a.example/", "http:/a.example", "https://", "a b",
     "http：//a.example", "http://[::1", "http://a.example:99999/", "javascript:alert(1)", "http://"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["CHSI__LOGIN_URL", "CHSI__ARCHIVE_URL", "LZU__PORTAL_URL"])
def test_an_address_that_is_none_is_named(name: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"GRADSYNC_SITES__{name}", address)
    with pytest.raises(UsageError, match=f"GRADSYNC_SITES__{name}") as stop:
        load()
    assert "http://" in stop.value.message


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://a.example/x?y=1#z", "HTTP://A.example/",
                                     "http://[::1]:80/", " https://例子.example/ "])  # fmt: skip
def test_addresses_that_are_ones(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHSI_LOGIN, address)
    assert load().sites.of("chsi").login_url == address.strip()


@pytest.mark.parametrize(
    "origins", ["http://", "a b.example", "https://x.example:port", "a.example,,//", "ftp://x.example"]
)
def test_origins_that_are_none_are_named(origins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__LZU__ORIGINS", origins)
    with pytest.raises(UsageError, match="GRADSYNC_SITES__LZU__ORIGINS"):
        load()


@pytest.mark.parametrize(
    "written", ["\u202a/data/a.json", '"/data/a.json"', " /data/a.json ", "\u200e/data/a.json\u202c"]
)
def test_a_path_copied_from_a_window_of_the_system(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSYNC_ANSWERS", written)
    assert load().answers == Path("/data/a.json")


def test_a_path_with_a_line_break_is_a_backslash_gone_wrong(local_file: Path) -> None:
    local_file.write_text('answers = "C:\\new\\test.json"')
    with pytest.raises(UsageError, match="answers") as stop:
        load()
    assert "单引号" in stop.value.message


@pytest.mark.parametrize(
    "address",
    [
        "http://*.chsi.com.cn/",
        "http://.test/",
        "http://a..test/",
        "http://\u202aa.test/",
        "http://a，b.test/",
        "http://me:secret@a.test/login",
        "https://me@a.test/",
    ],
)
def test_an_address_of_no_one_host_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__CHSI__LOGIN_URL", address)
    with pytest.raises(UsageError, match="GRADSYNC_SITES__CHSI__LOGIN_URL") as stop:
        load()
    assert "secret" not in stop.value.message


@pytest.mark.parametrize(
    "origins", ["*.com", "*", "a.test；b.test", "a.test，b.test", "*.*", "me@a.test", "a.test,,.b"]
)
def test_origins_that_are_too_many_or_run_together_are_named(
    origins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__CHSI__ORIGINS", origins)
    with pytest.raises(UsageError, match="GRADSYNC_SITES__CHSI__ORIGINS"):
        load()


@pytest.mark.parametrize(
    "origins", ["*.chsi.com.cn", "*.edu.cn", "localhost", "学校.中国", "127.0.0.1:8080", "[::1]:80"]
)
def test_origins_as_people_need_them(origins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__CHSI__ORIGINS", origins)
    assert load().sites.of("chsi").further_origins == (origins,)


def test_an_empty_path_is_named_and_the_home_folder_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("USERPROFILE", "/home/somebody")
    monkeypatch.setenv("GRADSYNC_BROWSER_PATH", "~/chrome")
    assert load().browser_path == Path("/home/somebody/chrome")
    monkeypatch.setenv("GRADSYNC_BROWSER_PATH", " ")
    with pytest.raises(UsageError, match="GRADSYNC_BROWSER_PATH"):
        load()


def test_a_user_name_is_taken_without_what_came_along_when_it_was_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__CHSI__USERNAME", " 610102199904124210\n")
    assert load().sites.of("chsi").username == "610102199904124210"
