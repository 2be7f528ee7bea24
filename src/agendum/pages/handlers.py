"""The front ends: the booking page and its widget, the pages behind the links in messages, the cabinet, the console.

They are clients of the public API and of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from agendum.core.permissions import PUBLIC
from agendum.core.routes import Route
from agendum.pages.assets import Assets
from agendum.pages.booking import booking_page
from agendum.pages.linked import linked_page
from agendum.pages.shell import shell

_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable", "vary": "Accept-Encoding"}
_OPT: dict[str, Any] = {"needs": PUBLIC}


def handlers(routes: Sequence[Route]) -> list[HTTPRouteHandler]:
    """The handlers of all pages, for the application to mount."""
    assets = Assets()
    by_name = {route.name: route for route in routes}

    @get("/assets/{name:str}", opt=_OPT)
    async def asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        """A built file. Its name changes with its content, so it may be kept for ever."""
        return _send(request, name, _FOR_EVER)

    @get("/widget.js", opt=_OPT)
    async def widget(request: Request[Any, Any, Any]) -> Response[bytes]:
        """What a business puts into its own site: a button that opens the booking page. The name stays, so it is kept
        for an hour only."""
        entry = assets.entries.get("widget")
        headers = {**_FOR_EVER, "cache-control": "public, max-age=3600"}
        return _send(request, entry.script if entry else "", headers)

    def _send(request: Request[Any, Any, Any], name: str, headers: dict[str, str]) -> Response[bytes]:
        found = assets.files.get(name)
        if found is None:
            raise NotFoundException("There is no such file.")
        encoding, content = found.best(request.headers.get("accept-encoding", ""))
        named = {"content-encoding": encoding} if encoding else {}
        return Response(content, media_type=found.media_type, headers={**headers, **named})

    @get("/b/{form_id:int}", opt=_OPT)
    async def booking(request: Request[Any, Any, Any], form_id: FromPath[int]) -> Response[Any]:
        """The booking page of a form; other sites may show it in a frame."""
        return await booking_page(request, assets, by_name, form_id)

    @get("/a/{key:str}", opt=_OPT)
    async def appointment(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[str]:
        """A client's own appointment, by the link in a message: id and key."""
        record_id, _, record_hash = key.partition("-")
        names = {"record_id": record_id, "record_hash": record_hash}
        return await linked_page(request, assets, by_name["get_user_appointment_list"], names)

    @get("/r/{token:str}", opt=_OPT)
    async def review(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[str]:
        """The review of a visit, by the link in a message."""
        return await linked_page(request, assets, by_name["get_feedback_form_status"], {"record_token": token})

    @get("/i/{token:str}", opt=_OPT)
    async def invitation(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[str]:
        """An invitation to the team, by the link in a message."""
        return await linked_page(request, assets, by_name["get_user_invitation"], {"token": token})

    @get(["/my", "/my/{rest:path}"], opt=_OPT)
    async def cabinet(request: Request[Any, Any, Any]) -> Response[str]:
        """The client's personal cabinet."""
        return shell(request.app.state.server, assets.entries.get("cabinet"), title="My appointments")

    @get(["/console", "/console/{rest:path}"], opt=_OPT)
    async def console(request: Request[Any, Any, Any]) -> Response[str]:
        """The team's console."""
        return shell(request.app.state.server, assets.entries.get("console"), title="Agendum")

    @get("/", opt=_OPT)
    async def home() -> Redirect:
        """The business's own door."""
        return Redirect("/console")

    return [asset, widget, booking, appointment, review, invitation, cabinet, console, home]
