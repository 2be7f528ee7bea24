"""The pages behind the links in messages: a client's appointment, the review of a visit, an invitation to the team."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from agendum.core.errors import AppError
from agendum.core.routes import Route, path_value
from agendum.pages.ahead import Ahead
from agendum.pages.assets import Assets
from agendum.pages.shell import shell

PAGES = {  # which page shows what an operation reads, and its title until the script speaks the visitor's language
    "get_user_appointment_list": ("appointment", "Your appointment"),
    "get_feedback_form_status": ("review", "Your visit"),
    "get_user_invitation": ("invitation", "Invitation"),
}


async def linked_page(
    request: Request[Any, Any, Any], assets: Assets, read: Route, names: dict[str, str]
) -> Response[str]:
    """A page with what its link leads to, as the operation `read` tells it; `names` fill the operation's path. Where
    the link leads nowhere, a page that says so, with status 404."""
    server, ahead, status = request.app.state.server, Ahead(request, {read.name: read}), 200
    page, title = PAGES[read.name]
    place = {"page": page, **names}
    try:
        places = {name: path_value(value, read.hints[name], name) for name, value in names.items()}
        await ahead.hand_over(read.name, **places)
    except AppError:
        place, status = {**place, "missing": "1"}, 404
    entry = assets.entries.get("manage")
    return shell(server, entry, title=title, place=place, answers=ahead.answers, status=status)
