"""Who may enter the demo, and `demo.json`, the file that says so to its operator alone."""

from __future__ import annotations

import os
import secrets
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from agendum.access.passwords import hash_password
from agendum.core.db.sql import Connection, load
from agendum.core.signing import new_token, token_hash

sql = load(__file__)

FILE = "demo.json"


class Account(msgspec.Struct, frozen=True):
    login: str
    password: str
    user_token: str


class Stranger(msgspec.Struct, frozen=True):
    """The owner of another chain, who must not see into this one."""

    user_token: str
    chain_id: int
    location_id: int


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """`demo.json`: where the server is, the tokens, and ids to start from."""

    base_url: str
    partner_token: str
    owner: Account
    receptionist: Account
    chain_id: int
    location_id: int
    location_ids: list[int]
    team_member_ids: list[int]
    service_ids: list[int]
    booking_form_ids: list[int]
    client_ids: list[int]
    review_token: str  # of the link to review the last visit
    stranger: Stranger


class People(msgspec.Struct, frozen=True):
    """Users of the demo: (id, login) of those who sign in, the id of the stranger."""

    owner: tuple[int, str]
    receptionist: tuple[int, str]
    stranger: int


class Issued(msgspec.Struct, frozen=True):
    """New keys in clear text; the database has their hashes only."""

    partner_id: int
    partner_token: str
    owner: Account
    receptionist: Account
    stranger_token: str


async def issue(db: Connection, people: People, now: datetime) -> Issued:
    """New passwords, and tokens beside those that others may hold."""
    partner_token = new_token()
    partner_id = await sql.put_partner.value(db, title="Demo integration", token_hash=token_hash(partner_token), at=now)
    owner = await _account(db, *people.owner, now)
    receptionist = await _account(db, *people.receptionist, now)
    return Issued(partner_id, partner_token, owner, receptionist, await _token(db, people.stranger, now))


async def fits(db: Connection, keys: Keys, chain_id: int) -> bool:
    """Whether a file's keys are this database's. Users may have changed their passwords since, that is their affair."""
    return keys.chain_id == chain_id and await sql.knows_partner.value(db, token_hash=token_hash(keys.partner_token))


def read(data_dir: Path) -> Keys | None:
    """The file's keys; None when there is no (readable) file."""
    try:
        return msgspec.json.decode((data_dir / FILE).read_bytes(), type=Keys)
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def write(data_dir: Path, keys: Keys) -> None:
    """Put the file in its place whole, for its owner's eyes only."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{FILE}.", dir=data_dir)  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(keys), indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(data_dir / FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def plain(keys: Keys) -> dict[str, Any]:
    """The file's content as plain values."""
    return msgspec.to_builtins(keys)


async def _account(db: Connection, user_id: int, login: str, now: datetime) -> Account:
    password = secrets.token_urlsafe(9)
    await sql.set_password.run(db, password_hash=await hash_password(password), at=now, id=user_id)
    return Account(login, password, await _token(db, user_id, now))


async def _token(db: Connection, user_id: int, now: datetime) -> str:
    token = new_token()
    await sql.put_token.run(db, token_hash=token_hash(token), user_id=user_id, at=now)
    return token
