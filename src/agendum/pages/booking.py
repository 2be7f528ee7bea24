"""The booking page of a form: dressed in the form's colours, in the visitor's language, with its first step's answers.

Its heading and its style are in the HTML itself, so that the first paint, on a slow phone too, waits for nothing else.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from html import escape
from typing import Any

import msgspec
from litestar import Request, Response

from agendum.core.errors import AppError
from agendum.core.routes import Route
from agendum.pages.ahead import Ahead
from agendum.pages.assets import Assets
from agendum.pages.colors import look_of
from agendum.pages.languages import language_of
from agendum.pages.shell import shell

_TEXT_KEYS = {"comfirm": "confirm"}  # where the texts' key is not the step's name


async def booking_page(
    request: Request[Any, Any, Any], assets: Assets, by_name: Mapping[str, Route], form_id: int
) -> Response[Any]:
    """The page, or the API's refusal as a page with its status."""
    server, ahead = request.app.state.server, Ahead(request, by_name)
    entry = assets.entries.get("booking")
    try:
        form = await ahead.hand_over("get_booking_form_config", id=form_id)
        title, lead = await _hand_over_first_step(ahead, form)
        asked, accepted = request.query_params.get("lang", ""), request.headers.get("accept-language", "")
        code, language = language_of(asked, accepted, form["lang"])
        texts = await ahead.get("get_i18n_options", lang_code=code)
    except AppError as error:
        body = f'<main class="booking"><h1>{escape(error.message)}</h1></main>'
        return shell(server, entry, title=error.message, body=body, framed=True, status=error.status)
    css = "".join(assets.files[name].content.decode() for name in entry.styles) if entry else ""
    words = assets.chunk(f"booking/texts/{code}.json")
    page = shell(
        server,
        entry and msgspec.structs.replace(entry, styles=()),
        title=title,
        place={"form_id": str(form_id), "lang": code},
        answers=ahead.answers,
        language=language,
        body=_header(form, title, lead, server.base_url) + _first_step(form, texts),
        look=css + look_of(form["style"]["main_color"], form["style"]["buttons_color"], _theme(form)),
        head=f'<link rel="modulepreload" href="/assets/{words}">' if words else "",
        framed=True,
    )
    return _compressed(page, request)


def _theme(form: dict[str, Any]) -> str:
    return form["style"]["main_color_theme"]


async def _hand_over_first_step(ahead: Ahead, form: dict[str, Any]) -> tuple[str, str]:
    """What the first step shows; gives the title of the business, and what it is and where in a line."""
    here, group_id = form["company_id"], form["group_id"]
    if group_id:
        query = {"group_id": group_id, "active": 1, "forBooking": 1}
        locations = await ahead.hand_over("get_location_list", query)
        chains = {location["main_group"]["title"] for location in locations}
        return chains.pop() if len(chains) == 1 else form["brand"]["title"], ""
    location = await ahead.hand_over("get_location", location_id=here)
    await ahead.hand_over("get_booking_page_settings", location_id=here)
    if _shown(form)[0]["step"] == "service":
        await ahead.hand_over("get_services_available_for_booking", location_id=here)
    lead = " · ".join(filter(None, (location["short_descr"], location["address"])))
    return form["brand"]["title"] or location["title"], lead


def _shown(form: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for step in form["steps"] if not step["hidden"]] or form["steps"]


def _header(form: dict[str, Any], title: str, lead: str, base_url: str) -> str:
    """The business: its name, its logo, its picture. It stays as it is while the steps change below it."""
    style = form["style"]
    if not style["show_header"]:
        return f'<h1 class="hidden-text">{escape(title)}</h1>'
    cover = _image(style["header_background"], base_url, "cover")
    logo = _image(style["logo"], base_url, "logo")
    words = f"<h1>{escape(title)}</h1>" + (f'<p class="muted">{escape(lead)}</p>' if lead else "")
    return f'<header class="brand">{cover}<div class="name">{logo}<div>{words}</div></div></header>'


def _image(address: str, base_url: str, kind: str) -> str:
    """A picture of our own server; no other is asked for anything."""
    if not address.startswith(f"{base_url}/"):
        return ""
    return f'<img class="{kind}" src="{escape(address)}" alt="">'


def _first_step(form: dict[str, Any], texts: dict[str, Any]) -> str:
    """The first step as it stands until the script has begun. Its words are the largest that the script's own first
    paint has: what comes later is not the page's largest paint."""
    step = _shown(form)[0]
    title = texts["steps"][_TEXT_KEYS.get(step["step"], step["step"])] if step["is_title_default"] else step["title"]
    hint = f'<p class="muted">{escape(texts["geo"]["allow_text"])}</p>' if step["step"] == "company" else ""
    bones = '<div class="bone"></div>' * 5
    return f'<main class="booking"><h2 class="waiting">{escape(title)}</h2>{hint}{bones}</main>'


def _compressed(page: Response[str], request: Request[Any, Any, Any]) -> Response[Any]:
    if "gzip" not in request.headers.get("accept-encoding", "") or page.status_code != 200:
        return page
    headers = {**page.headers, "content-encoding": "gzip", "vary": "Accept-Encoding, Accept-Language"}
    return Response(gzip.compress(page.content.encode(), 6), media_type="text/html; charset=utf-8", headers=headers)
