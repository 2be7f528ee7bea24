"""The HTML around a page: its styles and scripts, and the data that it begins with."""

from __future__ import annotations

import json
import secrets
from html import escape
from typing import Any

from litestar import Response

from agendum.core.server import Server
from agendum.core.signing import Signer
from agendum.pages.assets import Entry

NOT_BUILT = "The pages are not built: run `make web`, then start the server again."


def pages_token(signer: Signer) -> str:
    """The partner token of our own pages: not a secret, every page shows it; the same in every process."""
    return signer.sign("pages")


def shell(
    server: Server,
    entry: Entry | None,
    *,
    title: str,
    place: dict[str, str] | None = None,
    answers: dict[str, Any] | None = None,
    language: str = "en",
    body: str = "",
    look: str = "",
    head: str = "",
    framed: bool = False,
    status: int = 200,
) -> Response[str]:
    """A page. `place` is what its address names and `answers` what the API says to it, as `web/shared/boot.ts` reads
    them; `body` is HTML shown until the script has begun, its title unless another is given, `look` CSS that only this
    page has. `framed`: other sites may show it in a frame."""
    if entry is None:
        return Response(NOT_BUILT, status_code=503, media_type="text/plain")
    nonce = secrets.token_urlsafe(16)
    links = "".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in entry.styles)
    links += "".join(f'<link rel="modulepreload" href="/assets/{name}">' for name in entry.preloads)
    style = f'<style nonce="{nonce}">{look}</style>' if look else ""
    boot = {"api": "/api", "token": server.pages_token, "answers": answers or {}, "place": place or {}}
    body = body or f"<main><h1>{escape(title)}</h1></main>"
    data = json.dumps(boot, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    content = (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>{links}{style}{head}"
        f'<script type="module" src="/assets/{entry.script}"></script><link rel="icon" href="data:,"></head>'
        f'<body><div id="app">{body}</div><script type="application/json" id="boot">{data}</script></body></html>'
    )
    headers = {"content-security-policy": _policy(nonce, server.base_url, framed=framed), "cache-control": "no-store"}
    return Response(content, status_code=status, media_type="text/html", headers=headers)


def _policy(nonce: str, base_url: str, *, framed: bool) -> str:
    ancestors = "*" if framed else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
        f"img-src 'self' {base_url} data: blob:; font-src 'self'; frame-src 'self'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {ancestors}"
    )
