"""Writing clients, what is noted about them, and their sums."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg
import msgspec
from msgspec import UNSET

from agendum.clients.errors import NoSuchClient, PhoneKnown
from agendum.clients.notices import ClientChanged, ClientCreated, ClientDeleted
from agendum.clients.rules import given
from agendum.clients.rules.shown import View, masked_phone, number
from agendum.clients.wire import BulkClient, ClientBody, ClientFacts, Refused
from agendum.core.audit import Author, author_of, note_change
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import Invalid
from agendum.core.jobs import enqueue
from agendum.core.outbox import body_of, tell
from agendum.core.server import Call

sql = load(__file__)

FOLDER = "client_files"  # of the storage
REMOVE = "clients.remove_files"


class FoundClient(msgspec.Struct, frozen=True):
    id: int
    is_blacklisted: bool
    is_new: bool


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as he calls himself: `phone` are E.164 digits, the first word of `fullname` is the name."""

    phone: str = ""
    fullname: str = ""
    email: str = ""

    def arguments(self, chain_id: int, location_id: int) -> dict[str, Any]:
        """As the statements that find or make a client want him."""
        name, _, surname = self.fullname.strip().partition(" ")
        return {
            "phone": self.phone,
            "name": name,
            "surname": surname.strip(),
            "email": self.email,
            "client_kind": ClientCreated.kind,
            # The statement that makes the client puts its id in.
            "client_notice": body_of(ClientCreated(chain_id=chain_id, location_id=location_id, client_id=0)),
        }


class Files(msgspec.Struct):
    """Files of the storage that no row names any more."""

    paths: list[str]


class ClientStats(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over a client's appointments: those that took place are visits, `spent` is what they cost."""

    visits_count: int = 0
    failed_visits_count: int = 0
    first_visit_at: datetime | None = None
    last_visit_at: datetime | None = None
    spent: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)


async def find_or_make_client(
    db: Connection, who: Named, *, chain_id: int, location_id: int, author: Author, at: datetime
) -> FoundClient:
    """The client of this phone, made when there is none. Without a phone a client is made each time."""
    args = {
        **who.arguments(chain_id, location_id),
        "chain_id": chain_id,
        "location_id": location_id,
        "author_user_id": author.user_id,
        "author_partner_id": author.partner_id,
        "request_id": author.request_id,
        "at": at,
    }
    row = await sql.find_or_make_client.row(db, **args)
    if row is None:  # another booking made the client while this statement waited for it
        row = await sql.find_or_make_client.row(db, **args)
        assert row is not None
    return FoundClient(row["id"], row["is_blacklisted"], row["is_new"])


async def find_client(db: Connection, chain_id: int, location_id: int, client_id: int) -> Row | None:
    """The columns of a living client of the location; None when there is no such client."""
    return await sql.find_client.row(db, chain_id=chain_id, location_id=location_id, id=client_id)


async def set_stats(db: Connection, chain_id: int, client_id: int, stats: ClientStats) -> None:
    """Put these sums in place of the former. What was spent and paid before the client was added stays beside them."""
    await sql.set_stats.run(db, chain_id=chain_id, client_id=client_id, **msgspec.structs.asdict(stats))


async def check_client(call: Call, view: View, client_id: int) -> None:
    """Raises NoSuchClient for one who is not there, or whom the caller may not see."""
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    if await sql.client_is_there.value(call.db, **place, id=client_id, member_id=view.member_id) is None:
        raise NoSuchClient()


async def create(call: Call, body: ClientBody, country_iso: str, view: View) -> int:
    """A new client; gives its id. Raises Invalid, PhoneKnown and Forbidden."""
    fields = await _fields(call)
    row = _row(body, country_iso, fields)
    given.check_tags(row["tags"], await _known_tags(call, row["tags"]))
    given.check_rights(given.EMPTY, row, _rights(call), view)
    made = await make_clients(call.db, call.chain_id, call.location_id, author_of(call), [row], call.now)
    if not made:
        raise PhoneKnown()
    return made[0]


async def create_many(
    call: Call, bodies: Sequence[BulkClient], country_iso: str, view: View
) -> tuple[list[int], list[Refused]]:
    """Those that can be made, by their ids, and why the others were not. Raises Forbidden when any of them asks for
    what the caller may not write."""
    fields, rights = await _fields(call), _rights(call)
    tags = await _known_tags(call, {tag for body in bodies for tag in given.tags_of(body)})
    rows: dict[int, dict[str, Any]] = {}
    refused: dict[int, str] = {}
    phones: set[str] = set()
    for n, body in enumerate(bodies):
        try:
            row = _row(body, country_iso, fields)
            given.check_tags(row["tags"], tags)
            if row["phone"] in phones:
                raise PhoneKnown()
        except Invalid as error:
            refused[n] = error.message
            continue
        given.check_rights(given.EMPTY, row, rights, view)
        phones.add(row["phone"])
        rows[n] = row
    author = author_of(call)
    made = await make_clients(call.db, call.chain_id, call.location_id, author, list(rows.values()), call.now)
    refused |= {n: PhoneKnown.text for i, n in enumerate(rows) if i not in made}
    return [made[i] for i in sorted(made)], [_refused(bodies[n], refused[n]) for n in sorted(refused)]


async def make_clients(
    db: Connection,
    chain_id: int,
    location_id: int,
    author: Author | None,
    rows: Sequence[Mapping[str, Any]],
    at: datetime,
) -> dict[int, int]:
    """Write new clients, rows with the columns of `rules.given.EMPTY`; gives the id of each by its place in `rows`.

    One whose phone is known (or came before in `rows`) is left out. `author`: None leaves no trail.
    """
    if not rows:
        return {}
    ids = [row["id"] for row in await sql.next_client_ids.rows(db, count=len(rows))]
    made = await sql.make_clients.rows(
        db,
        chain_id=chain_id,
        location_id=location_id,
        rows=[
            {**given.EMPTY, **row, "n": n, "id": ids[n], "tag_ids": row.get("tags", [])} for n, row in enumerate(rows)
        ],
        at=at,
        kind=ClientCreated.kind,
        notice=body_of(ClientCreated(chain_id=chain_id, location_id=location_id, client_id=0)),
    )
    if author is not None:
        place: dict[str, Any] = {"chain_id": chain_id, "location_id": location_id, "entity": "client", "at": at}
        for row in made:
            said = {name: value for name, value in rows[row["n"]].items() if value != given.EMPTY[name]}
            await note_change(db, author, **place, entity_id=row["id"], before=None, after=said)
    return {row["n"]: row["id"] for row in made}


async def change(call: Call, client_id: int, body: ClientBody, country_iso: str, view: View) -> None:
    """Change what is given. Raises NoSuchClient, Invalid, PhoneKnown and Forbidden."""
    before = await _lock(call, client_id, view)
    patch = given.facts_of(body, await _fields(call)) | {"name": given.name_of(body.name)}
    keeps_phone = (body.phone.strip() == "" == before["phone"]) or (
        not view.phones and body.phone.strip() == masked_phone(before["phone"])
    )
    if not keeps_phone:
        patch["phone"] = given.phone_of(body.phone, country_iso)
    patch = given.with_values(before, given.unseen_stays(before, patch, view))
    patch = {name: value for name, value in patch.items() if value != before[name]}
    if not patch:
        return
    given.check_rights(before, patch, _rights(call), view)
    given.check_email(patch.get("email", ""))
    new_tags = [tag for tag in patch.get("tags", ()) if tag not in before["tags"]]
    given.check_tags(new_tags, await _known_tags(call, new_tags))
    await _write(call, client_id, before, patch)
    was = {name: before[name] for name in patch}
    await _trail(call, "client", client_id, was, patch)
    notice = ClientChanged(chain_id=call.chain_id, location_id=call.location_id, client_id=client_id)
    await tell(call.db, notice, call.now)


async def _lock(call: Call, client_id: int, view: View) -> dict[str, Any]:
    """A client as he is, held. Raises NoSuchClient, also for one whom the caller may not see."""
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    row = await sql.lock_client.row(call.db, **place, id=client_id, member_id=view.member_id)
    if row is None or not row["is_theirs"]:
        raise NoSuchClient()
    return dict(row)


async def _write(call: Call, client_id: int, before: Mapping[str, Any], patch: dict[str, Any]) -> None:
    key = {"chain_id": call.chain_id, "id": client_id}
    columns = {name: value for name, value in patch.items() if name not in ("tags", "spent_before", "balance_before")}
    try:
        await sql.change_client.run(call.db, **key, patch=columns, at=call.now)
    except asyncpg.UniqueViolationError:
        raise PhoneKnown() from None
    if "tags" in patch:
        await sql.drop_tags.run(call.db, **key, tags=patch["tags"])
        await sql.add_tags.run(call.db, **key, tags=patch["tags"])
    if "spent_before" in patch or "balance_before" in patch:
        sums = {name: patch.get(name, before[name]) for name in ("spent_before", "balance_before")}
        await sql.set_sums_before.run(call.db, **key, location_id=call.location_id, **sums)


async def delete(call: Call, client_id: int, view: View) -> None:
    """Delete a client. His appointments, visits and sums stay as they are. Raises NoSuchClient."""
    before = await _lock(call, client_id, view)
    await sql.delete_client.run(call.db, chain_id=call.chain_id, id=client_id, at=call.now)
    was = {name: before[name] for name, empty in given.EMPTY.items() if before[name] != empty}
    await _trail(call, "client", client_id, was, None)
    notice = ClientDeleted(chain_id=call.chain_id, location_id=call.location_id, client_id=client_id)
    await tell(call.db, notice, call.now)


async def add_comment(call: Call, client_id: int, text: str) -> int:
    """A comment of the caller's; gives its id. Raises Invalid."""
    if not (text := text.strip()):
        raise Invalid("text: a comment says something.", field="text")
    comment_id: int = await sql.add_comment.value(
        call.db, chain_id=call.chain_id, client_id=client_id, text=text, user_id=call.user.id, at=call.now
    )
    await _trail(call, "client_comment", comment_id, None, {"client_id": client_id, "text": text})
    return comment_id


async def delete_comment(call: Call, client_id: int, comment: Row) -> None:
    """Delete a comment; the file that it stands for stays."""
    await sql.delete_comment.run(call.db, chain_id=call.chain_id, id=comment["id"])
    was = {"client_id": client_id, "text": comment["text"]}
    await _trail(call, "client_comment", comment["id"], was, None)


async def add_file(
    call: Call, client_id: int, *, name: str, mime: str, content: bytes, description: str, path: str
) -> int:
    """A file that is in the storage under `path`, and its place in the client's history; gives its id."""
    file_id: int = await sql.add_file.value(
        call.db,
        chain_id=call.chain_id,
        client_id=client_id,
        name=name,
        description=description,
        mime=mime,
        size=len(content),
        path=path,
        user_id=call.user.id,
        at=call.now,
    )
    await _trail(call, "client_file", file_id, None, {"client_id": client_id, "name": name})
    return file_id


async def delete_file(call: Call, client_id: int, file: Row) -> None:
    """Forget a file; its content goes after the commit."""
    await sql.delete_file.run(call.db, chain_id=call.chain_id, id=file["id"])
    await enqueue(call.db, REMOVE, Files([file["path"]]))
    await _trail(call, "client_file", file["id"], {"client_id": client_id, "name": file["name"]}, None)


def file_link(location_id: int, client_id: int, file_id: int) -> str:
    """Where a file can be had, on this server."""
    return f"/api/v1/company/{location_id}/clients/files/{client_id}/{file_id}"


async def _trail(call: Call, entity: str, entity_id: int, before: Any, after: Any) -> None:
    place: dict[str, Any] = {"chain_id": call.chain_id, "location_id": call.location_id, "at": call.now}
    await note_change(call.db, author_of(call), **place, entity=entity, entity_id=entity_id, before=before, after=after)


async def _fields(call: Call) -> list[given.Field]:
    rows = await sql.client_fields.rows(call.db, chain_id=call.chain_id, location_id=call.location_id)
    return [given.Field(row["code"], row["kind"], row["choices"]) for row in rows]


async def _known_tags(call: Call, tags: Collection[int]) -> set[int]:
    """Of these, the tags that a client of the location may carry."""
    if not tags:
        return set()
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    return {row["id"] for row in await sql.known_tags.rows(call.db, **place, ids=list(tags))}


def _row(body: ClientBody | BulkClient, country_iso: str, fields: Sequence[given.Field]) -> dict[str, Any]:
    facts: ClientFacts = body
    row = {
        **given.EMPTY,
        "name": given.name_of(body.name),
        "phone": given.phone_of(body.phone, country_iso),
        **given.facts_of(facts, fields),
    }
    given.check_email(row["email"])
    return given.with_values(given.EMPTY, row)


def _refused(body: BulkClient, error: str) -> Refused:
    surname = body.surname if isinstance(body.surname, str) else ""
    return Refused(
        phone=number(body.phone.strip()) or UNSET,
        name=given.full_name(body.name.strip(), surname.strip()) or UNSET,
        error=error,
    )


def _rights(call: Call) -> Mapping[str, Any]:
    return call.membership.rights if call.membership else {}
