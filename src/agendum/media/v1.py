"""Uploading images, deleting them, and showing them."""

from __future__ import annotations

import re
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.params import FromPath

from agendum.core.envelope import Answer, Done, accepted
from agendum.core.errors import NotFound
from agendum.core.permissions import PUBLIC, USER
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.media import actions
from agendum.media.wire import GoneImage, NewImage, UploadedImage

routes = Routes("/api/v1", group="utilities")

_PATH = re.compile(r"/(images/[0-9a-f]{2}/([0-9a-f]{32})/(\w+)\.(jpeg|png|webp))")
_FOR_EVER = "public, max-age=31536000, immutable"


@routes.post("/images/{entity}", needs=USER, status=200, multipart=True)
async def upload_image(call: Call, entity: str, body: NewImage) -> Answer[UploadedImage]:
    """Upload an image and have a service or a team member show it.

    `entity` is service or team_member (also master). With `company_id` and `service_id` it becomes the image of the
    service, for which the user needs `services_edit` and `settings_services_edit_image_access` there; with `master_id`
    the team member's avatar, for which he needs `master_edit`. It replaces the image before. Without these it is
    tied to nothing, and only he can delete it.

    JPEG, PNG and WebP of up to 40 million pixels are taken. They are turned upright, cleared of everything but the
    picture, and kept in four sizes, never enlarged: `sm` 100 x 100, cut to a square, `basic` within 560 x 280, `norm`
    within 800 x 800, `origin` within 2560 x 2560.
    """
    group = await actions.upload(call, entity, body)
    return Answer(
        data=UploadedImage(image_binded=group.image_binded, image_group=group, image_group_by_its_older_name=group)
    )


@routes.delete("/images/{entity}", needs=USER, multipart=True)
async def delete_image(call: Call, entity: str, body: GoneImage) -> Done:
    """Delete an image in all its sizes; what showed it shows none.

    Where it belongs to a location, the user needs the rights there that uploading it asks for.
    """
    await actions.delete(call, entity, body.image_group_id)
    return accepted()


@route("/media/{path:path}", http_method=[HttpMethod.GET, HttpMethod.HEAD], opt={"needs": PUBLIC})
async def show_image(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """An uploaded image. What an address shows never changes, so it may be kept for ever."""
    storage, match = request.app.state.server.storage, _PATH.fullmatch(path)
    if match is None:
        raise NotFound()
    file, token, version, kind = match.groups()
    etag = f'"{token}-{version}"'
    headers = {"cache-control": _FOR_EVER, "etag": etag}
    if etag in request.headers.get("if-none-match", ""):
        await storage.check(file)
        return Response(b"", status_code=304, headers=headers)
    return Response(await storage.get(file), media_type=f"image/{kind}", headers=headers)
