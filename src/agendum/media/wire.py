"""Images on the wire. Widths and heights are pixels, written as strings; an address is absolute."""

from __future__ import annotations

from typing import Annotated

import msgspec

from agendum.core.uploads import File
from agendum.core.wire import Id


class NewImage(msgspec.Struct, kw_only=True):
    """A JPEG, PNG or WebP image, and what to tie it to; tied to nothing it is the uploader's own."""

    image: File
    company_id: Annotated[Id, msgspec.Meta(description="The location; a service is given with it.")] | None = None
    service_id: Annotated[Id, msgspec.Meta(description="Becomes this service's image.")] | None = None
    master_id: Annotated[Id, msgspec.Meta(description="Becomes this team member's avatar.")] | None = None


class GoneImage(msgspec.Struct, kw_only=True):
    image_group_id: Annotated[Id, msgspec.Meta(description="The group to delete, with all its images.")]


class Image(msgspec.Struct, kw_only=True):
    """One size of a picture: `sm`, `basic`, `norm` or `origin`."""

    id: int
    path: str
    width: str
    height: str
    type: str
    image_group_id: int
    version: str


class ImageGroup(msgspec.Struct, kw_only=True):
    """A picture in its sizes, by version. `entity` is master, settings_service, or empty while it is tied to nothing;
    then `entity_id` is 0."""

    id: int
    entity: str
    entity_id: int
    image_binded: bool
    images: dict[str, Image]


class UploadedImage(msgspec.Struct, kw_only=True):
    """The group also stands under the older name, which ends in a blank."""

    image_binded: bool
    image_group: ImageGroup
    image_group_by_its_older_name: ImageGroup = msgspec.field(name="image_group ")
