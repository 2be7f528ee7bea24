"""Images of services and team members.

A picture is written to the storage before its rows commit, and its files are removed by a job after they are gone:
a request that fails leaves at most files that nobody names, which `jobs.remove_strays` clears away.
"""

from __future__ import annotations

import secrets

import msgspec

from agendum.catalog.actions.services import set_image
from agendum.core.audit import Kind, author_of, note_new, watch
from agendum.core.auth import chain_of_location
from agendum.core.db.sql import load
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.jobs import enqueue
from agendum.core.permissions import Needs, check_place, may
from agendum.core.server import Call
from agendum.core.threads import Threads
from agendum.media import rules
from agendum.media.wire import Image, ImageGroup, NewImage
from agendum.team.actions import set_avatar

sql = load(__file__)

IMAGE = Kind("image", sql.image_facts)

FOLDER = "images"
MASTER, SERVICE = "master", "settings_service"
ENTITIES = {"master": MASTER, "team_member": MASTER, "service": SERVICE, "settings_service": SERVICE}
NEEDS: dict[str, Needs] = {
    MASTER: may("master_edit"),
    SERVICE: may("services_edit", "settings_services_edit_image_access"),
}
MOST_UNTIED = 100  # images of one user that are tied to nothing
REMOVE = "media.remove_files"

# Two at a time: each takes a core and up to some 300 MB.
_threads = Threads(2, "image")


class Files(msgspec.Struct):
    """Files that no row names any more."""

    paths: list[str]


class Owner(msgspec.Struct, kw_only=True):
    """Where a picture belongs and what shows it; chain 0: nowhere, it is its uploader's alone."""

    entity: str
    chain_id: int = 0
    location_id: int | None = None
    service_id: int | None = None
    team_member_id: int | None = None

    @property
    def is_tied(self) -> bool:
        return self.service_id is not None or self.team_member_id is not None


async def upload(call: Call, entity: str, new: NewImage) -> ImageGroup:
    """Keep a picture in all sizes, and have what it is tied to show it instead of the one before.

    Raises NotFound for an unknown entity or location, Forbidden, BadImage, Invalid for what is not there.
    """
    owner = await _owner(call, ENTITIES.get(entity), new)
    versions = await _threads.run(rules.versions, new.image.content)
    token = secrets.token_hex(16)
    folder = f"{FOLDER}/{token[:2]}/{token}"
    files = {f"{folder}/{version.file_name}": version.content for version in versions}
    if owner.is_tied:
        await _show(call, owner, {version.name: f"/media/{folder}/{version.file_name}" for version in versions})
        await _drop_former(call, owner)
    await call.server.storage.put(files, f"image/{versions[0].type}")
    group_id = await sql.add_group.value(
        call.db, **msgspec.structs.asdict(owner), user_id=call.user.id, folder=folder, at=call.now
    )
    rows = await sql.add_images.rows(
        call.db,
        chain_id=owner.chain_id,
        image_group_id=group_id,
        versions=[version.name for version in versions],
        types=[version.type for version in versions],
        widths=[version.width for version in versions],
        heights=[version.height for version in versions],
    )
    if owner.chain_id:
        place = owner.chain_id, owner.location_id
        await note_new(call.db, author_of(call), IMAGE, *place, ids=[group_id], at=call.now)
    ids = {row["version"]: row["id"] for row in rows}
    images = {
        version.name: Image(
            id=ids[version.name],
            path=call.server.url(f"/media/{folder}/{version.file_name}"),
            width=str(version.width),
            height=str(version.height),
            type=version.type,
            image_group_id=group_id,
            version=version.name,
        )
        for version in versions
    }
    return ImageGroup(
        id=group_id,
        entity=owner.entity if owner.is_tied else "",
        entity_id=owner.service_id or owner.team_member_id or 0,
        image_binded=owner.is_tied,
        images=images,
    )


async def delete(call: Call, entity: str, group_id: int) -> None:
    """Forget a picture; what showed it shows none.

    Raises NotFound, also for whoever does not belong to its location, and Forbidden.
    """
    row = await sql.group_by_id.row(call.db, id=group_id)
    if row is None or row["entity"] != ENTITIES.get(entity):
        raise NotFound("Image not found.")
    owner = msgspec.convert(dict(row), Owner)
    if owner.chain_id == 0:
        if row["user_id"] != call.user.id:
            raise NotFound("Image not found.")
    elif call.user.membership(owner.chain_id, owner.location_id) is None:
        raise NotFound("Image not found.")
    else:
        check_place(call.actor, NEEDS[owner.entity], owner.chain_id, owner.location_id)
    if row["is_shown"]:
        # First, as an upload does: what shows the picture is the lock that both take.
        await _set(call, owner, {})
    await _drop(call, owner.chain_id, group_id)


async def _owner(call: Call, entity: str | None, new: NewImage) -> Owner:
    """What the new picture is for, once the caller may do that."""
    if entity is None:
        raise NotFound("Images are of a team_member, master or service.")
    ids = {MASTER: new.master_id, SERVICE: new.service_id}
    stray = next((kind for kind, value in ids.items() if value is not None and kind != entity), None)
    if stray is not None:
        raise Invalid("Not for this entity.", field="master_id" if stray == MASTER else "service_id")
    if new.company_id is not None:
        chain_id = await chain_of_location(call.server.pools.read, new.company_id)
        location_id: int | None = new.company_id
    elif entity == MASTER and new.master_id is not None:
        chain_id, location_id = await _place_of_member(call, new.master_id)
    elif new.service_id is not None:
        raise Invalid("This field is required beside service_id.", field="company_id")
    else:
        await _check_untied(call)
        return Owner(entity=entity)
    check_place(call.actor, NEEDS[entity], chain_id, location_id)
    return Owner(
        entity=entity,
        chain_id=chain_id,
        location_id=location_id,
        service_id=new.service_id,
        team_member_id=new.master_id,
    )


async def _place_of_member(call: Call, team_member_id: int) -> tuple[int, int]:
    """The chain and location of a team member, looked for in the caller's own businesses."""
    for chain_id in {place.chain_id for place in call.user.memberships}:
        location_id = await sql.location_of_member.value(call.db, chain_id=chain_id, id=team_member_id)
        if location_id is not None and call.user.membership(chain_id, location_id) is not None:
            return chain_id, location_id
    raise _not_here("master_id")


async def _check_untied(call: Call) -> None:
    if not call.user.memberships:
        raise Forbidden("Images are for those who work in a business.")
    if await sql.count_untied.value(call.db, user_id=call.user.id) >= MOST_UNTIED:
        raise Invalid(f"At most {MOST_UNTIED} images may be tied to nothing; delete some first.", field="company_id")


def _not_here(field: str) -> Invalid:
    return Invalid("There is no such id in this location.", field=field)


async def _show(call: Call, owner: Owner, paths: dict[str, str]) -> None:
    """Raises Invalid when there is nothing in the location that could show it."""
    if not await _set(call, owner, paths):
        raise _not_here("service_id" if owner.service_id is not None else "master_id")


async def _set(call: Call, owner: Owner, paths: dict[str, str]) -> bool:
    """Have a service or a team member show a picture, or none for no paths; False when it is not there."""
    assert owner.location_id is not None
    place, author = (call.db, owner.chain_id, owner.location_id), author_of(call)
    if owner.service_id is not None:
        images = [paths["norm"]] if paths else []
        small = paths.get("basic", "")
        return await set_image(*place, owner.service_id, image=small, images=images, author=author, at=call.now)
    assert owner.team_member_id is not None
    small, large = paths.get("sm", ""), paths.get("norm", "")
    return await set_avatar(*place, owner.team_member_id, avatar=small, avatar_big=large, author=author, at=call.now)


async def _drop_former(call: Call, owner: Owner) -> None:
    """The picture that a new one replaces."""
    if owner.service_id is not None:
        former = await sql.group_of_service.value(call.db, chain_id=owner.chain_id, service_id=owner.service_id)
    else:
        member = owner.team_member_id
        former = await sql.group_of_member.value(call.db, chain_id=owner.chain_id, team_member_id=member)
    if former is not None:
        await _drop(call, owner.chain_id, former)


async def _drop(call: Call, chain_id: int, group_id: int) -> None:
    """Raises NotFound when somebody else was faster."""
    seen = await watch(call.db, IMAGE, chain_id, None, [group_id]) if chain_id else None
    paths = await sql.files_of_group.value(call.db, chain_id=chain_id, id=group_id)
    if await sql.drop_group.value(call.db, chain_id=chain_id, id=group_id) is None:
        raise NotFound("Image not found.")
    if seen is not None:
        await seen.note(author_of(call), call.now)
    await enqueue(call.db, REMOVE, Files(paths))
