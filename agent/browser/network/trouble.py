"""Why a page did not come, by what Chromium says of it: one sentence and one remedy for each kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from agent.errors import SiteUnavailable

_CODE = re.compile(r"net::(ERR_\w+)")
_ADDRESS = re.compile(r"https?://[^\s/]+")
ADDRESSES = "网址是自己写在设置里的，请检查 gradsync.toml 的 [sites] 和环境变量 GRADSYNC_SITES__…"
PORTS = {"http": 80, "https": 443}
NOTHING_FAILED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class NetworkTrouble:
    """One kind of trouble.

    Args:
        said: What happened, continuing a sentence that begins with the site's name.
        remedy: What to do now.
        by_address: True where an address that somebody has written into the settings may be wrong.
    """

    said: str
    remedy: str
    by_address: bool = False

    def error(self, site: str) -> SiteUnavailable:
        """Return the stop; in a terminal it says where addresses are written, or that pages may take longer."""
        return SiteUnavailable(f"网站（{site}）{self.said}", self.remedy, command=ADDRESSES * self.by_address)


OFFLINE = NetworkTrouble(
    "打不开：这台电脑现在没有连上网络。", "请连上网络（校园网要先登录），能打开别的网站后再办理。"
)
CLOCK = NetworkTrouble(
    "的安全证书不在有效期内，没有打开。",
    "请先看这台电脑的日期和时间对不对；时间没错就是网站的问题，请过一阵再办理。",
)
ANOTHER_NAME = NetworkTrouble(
    "的安全证书不是发给这个网址的，没有打开。",
    "请不要在这个网络里输入密码，换一个网络再试。",
    by_address=True,
)
UNTRUSTED = NetworkTrouble(
    "的安全证书不受信任，没有打开。",
    "请换一个网络再试（公共网络、上网认证页和安全软件可能替换了证书）；自己的网站用自签证书时，请先让系统信任它。",
)
NAME = NetworkTrouble(
    "打不开：找不到这个网址的服务器。",
    "请看看别的网站能不能打开：打不开就先连好网络（校园网要先登录），能打开就过一会儿再办理。",
    by_address=True,
)
REFUSED = NetworkTrouble(
    "打不开：服务器拒绝了连接。", "多半是网站暂时停了服务，请过一会儿再办理。", by_address=True
)
TLS = NetworkTrouble(
    "打不开：加密连接（TLS）没有建立起来。",
    "请换一个网络，或过一会儿再办理。",
    by_address=True,
)
PROXY = NetworkTrouble(
    "打不开：代理服务器连不上，或拒绝了请求。",
    "请检查系统的代理设置（以及 VPN、加速器），关掉或改正后再办理。",
)
BROKEN = NetworkTrouble("的连接中断了，页面没有传来。", "请检查网络，过一会儿再办理。")
SILENT = NetworkTrouble(
    "连不上：服务器一直没有应答。", "请检查网络，过一会儿再办理；校外访问校内网站可能要先连 VPN。"
)
CIRCLE = NetworkTrouble(
    "来回跳转，没有给出页面。", "请过一会儿再办理；仍不行就在平时的浏览器里看看能不能打开。"
)
NO_ADDRESS = NetworkTrouble("的网址不能打开。", "请把这段提示发给维护者。", by_address=True)

KINDS: tuple[tuple[str, NetworkTrouble], ...] = (
    (r"CERT_DATE_INVALID|CERT_VALIDITY_TOO_LONG", CLOCK),
    (r"CERT_COMMON_NAME_INVALID", ANOTHER_NAME),
    (r"CERT_\w+|CERTIFICATE_TRANSPARENCY_REQUIRED|SSL_PINNED_KEY_NOT_IN_CERT_CHAIN", UNTRUSTED),
    (r"PROXY_\w+|TUNNEL_CONNECTION_FAILED|SOCKS_CONNECTION_\w+|MANDATORY_PROXY_\w+|PAC_\w+|NO_SUPPORTED_PROXIES", PROXY),
    (r"NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|DNS_\w+|ICANN_NAME_COLLISION", NAME),
    (r"INTERNET_DISCONNECTED|NETWORK_CHANGED|NETWORK_ACCESS_DENIED|NETWORK_IO_SUSPENDED", OFFLINE),
    (r"CONNECTION_REFUSED", REFUSED),
    (r"SSL_\w+|BAD_SSL_\w+|ECH_\w+|QUIC_PROTOCOL_ERROR", TLS),
    (r"CONNECTION_TIMED_OUT|TIMED_OUT|ADDRESS_UNREACHABLE|CONNECTION_FAILED", SILENT),
    (r"TOO_MANY_REDIRECTS|REDIRECT_\w+", CIRCLE),
    (r"INVALID_URL|UNSAFE_PORT|UNKNOWN_URL_SCHEME|DISALLOWED_URL_SCHEME|ADDRESS_INVALID|INVALID_REDIRECT", NO_ADDRESS),
    (r"CONNECTION_\w+|EMPTY_RESPONSE|CONTENT_LENGTH_MISMATCH|INCOMPLETE_\w+|HTTP2_\w+|SOCKET_NOT_CONNECTED|"
     r"INVALID_RESPONSE|INVALID_HTTP_RESPONSE|RESPONSE_HEADERS_\w+|CONTENT_DECODING_FAILED|FAILED", BROKEN),
)  # fmt: skip
"""The first that fits what follows ``ERR_`` (Chromium, net/base/net_error_list.h)."""


def trouble_of(
    text: str, address: str = "", failed: Mapping[str, str] = NOTHING_FAILED
) -> NetworkTrouble | None:
    """Return the trouble that a browser's message tells of; None where it names none, or only that loading was given up.

    Args:
        text: The message.
        address: What was asked for; looked for in the message when left out.
        failed: What the context's proxy says of connections that did not come about, by host and port: the browser itself sees
            only that the proxy gave no answer.
    """
    code = _CODE.search(text)
    if code is None or code[1] in {"ERR_ABORTED", "ERR_BLOCKED_BY_CLIENT"}:
        return None
    name = (failed.get(_place(address or text)) or code[1]).removeprefix("ERR_")
    known = next((trouble for form, trouble in KINDS if re.fullmatch(form, name)), None)
    return known or NetworkTrouble(f"打不开（ERR_{name}）。", BROKEN.remedy)


def _place(text: str) -> str:
    found = _ADDRESS.search(text)
    parts = urlsplit(found[0]) if found else None
    return f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}" if parts else ""
