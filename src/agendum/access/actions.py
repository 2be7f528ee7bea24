"""Signing in, codes, users and their tokens.

A refused attempt must be counted although its request is rolled back. Sign-ins therefore give the request's
connection back first (a password also takes long to check, and whoever reads should not wait for it), count in a
transaction of their own, and refuse after it. Where a request does hold a transaction, only the wrong attempt
takes a second, short one.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg

from agendum.access import errors, rules
from agendum.access.notices import PhoneCodeRequested
from agendum.access.passwords import hash_password, is_outdated, is_password
from agendum.access.wire import UserChanges
from agendum.core.cache import forget
from agendum.core.db.pool import Pools, transaction
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import Invalid, NotFound
from agendum.core.outbox import tell
from agendum.core.phone import parse_phone
from agendum.core.signing import new_token, token_hash

sql = load(__file__)


def read_phone(text: str, field: str = "phone") -> str:
    """E.164 digits. Raises BadPhone naming the field."""
    phone = parse_phone(text)
    if phone is None:
        raise errors.BadPhone(field)
    return phone


# Signing in


async def sign_in(
    db: Connection, pools: Pools, login: str, password: str, *, ip: str, now: datetime
) -> tuple[Row, str]:
    """The user of a phone, e-mail or login name, and a new token of his. `db`, of the read pool, is given back.

    Raises WrongLogin, or TooManyFailures with the wait in seconds. The limits are asked twice, since many
    attempts may be under way at once: before the costly check, and under a lock when its outcome is known. By
    then a right password is refused like a wrong one if the limit has been reached.
    """
    keys = rules.login_key(login), rules.address_key(ip)
    await _refuse_after_failures(db, *keys, now)
    user = await sql.user_by_login.row(db, phone=rules.login_phone(login), login=login.strip())
    await pools.read.release(db)
    stored: str | None = user["password_hash"] if user is not None else None
    token = None
    while True:
        right = await is_password(stored, password)
        renewed = await hash_password(password) if right and stored and is_outdated(stored) else None
        async with transaction(pools.write) as own:
            await sql.lock_keys.run(own, keys=[f"login:{keys[0]}", f"address:{keys[1]}"])
            await _refuse_after_failures(own, *keys, now)
            if user is not None and right:
                current = await sql.hold_password_hash.value(own, id=user["id"])
                if current != stored:  # it has changed since it was read: ask the new one
                    stored = current
                    continue
                if renewed is not None:
                    await sql.renew_password_hash.run(own, password_hash=renewed, id=user["id"])
                await sql.clear_failures.run(own, login=keys[0])
                token = await new_user_token(own, user["id"], now)
            else:
                await sql.add_failure.run(own, login=keys[0], ip=keys[1], now=now)
        break
    if user is None or token is None:
        raise errors.WrongLogin()
    return user, token


async def sign_in_by_code(db: Connection, pools: Pools, phone: str, code: str, *, ip: str, now: datetime) -> str:
    """A new token for the owner of a phone (E.164 digits), who becomes a user at his first sign-in. `db`, of the
    read pool, is given back.

    Raises WrongPhoneOrCode, or TooManyFailures when too many failed from this address.
    """
    await pools.read.release(db)
    address, token = rules.address_key(ip), None
    async with transaction(pools.write) as own:
        await _refuse_after_failures(own, "", address, now)
        if await check_code(own, phone=phone, code=code, now=now):
            user_id = await find_or_make_user_by_phone(own, phone, "", "", now)
            token = await new_user_token(own, user_id, now)
        else:
            # Under no login: the code's own tries are what protects the phone.
            await sql.add_failure.run(own, login="", ip=address, now=now)
    if token is None:
        raise errors.WrongPhoneOrCode()
    return token


async def _refuse_after_failures(db: Connection, login: str, address: str, now: datetime) -> None:
    by_login, by_address = rules.FAILURES_A_LOGIN, rules.FAILURES_AN_ADDRESS
    since = now - max(by_login.window, by_address.window)
    row = await sql.failures.row(
        db, login=login, ip=address, since=since, login_times=by_login.times, ip_times=by_address.times
    )
    assert row is not None
    wait = rules.wait(row["by_ip"], [by_address], now)
    if login:
        wait = max(wait, rules.wait(row["by_login"], [by_login], now))
    if wait:
        raise errors.TooManyFailures(retry_after=wait)


# Codes


async def send_code(
    db: Connection,
    *,
    phone: str,
    location_id: int | None,
    chain_id: int,
    ip: str,
    now: datetime,
    name: str = "",
) -> None:
    """Have a new code sent to a phone (E.164 digits) in the name of a location; its older codes are void.

    Raises TooManyCodes with the wait in seconds when the phone or the address has had enough of them.
    """
    address = rules.address_key(ip)
    await sql.lock_keys.run(db, keys=[f"codes:{phone}", f"address:{address}"])
    by_phone, by_address = rules.CODES_A_PHONE, rules.CODES_AN_ADDRESS
    sent = await sql.sent_codes.row(
        db,
        phone=phone,
        ip=address,
        since=now - max(limit.window for limit in by_phone + by_address),
        phone_times=max(limit.times for limit in by_phone),
        ip_times=max(limit.times for limit in by_address),
    )
    assert sent is not None
    wait = max(rules.wait(sent["by_phone"], by_phone, now), rules.wait(sent["by_ip"], by_address, now))
    if wait:
        raise errors.TooManyCodes(retry_after=wait)
    # Five digits, the first not zero: clients send codes as numbers too.
    code = str(10_000 + secrets.randbelow(90_000))
    await sql.add_code.run(
        db,
        phone=phone,
        code_hash=_code_hash(phone, code),
        ip=address,
        now=now,
        expires_at=now + rules.CODE_LIFE,
    )
    notice = PhoneCodeRequested(chain_id=chain_id, location_id=location_id or 0, phone=phone, code=code, name=name)
    await tell(db, notice, now)


async def check_code(db: Connection, *, phone: str, code: str, now: datetime, pools: Pools | None = None) -> bool:
    """Whether `code` is the living code of a phone (E.164 digits). The right one is used up in `db`'s
    transaction: when that is rolled back, the code lives on.

    A wrong try is counted in `db` when the caller will commit it; a caller that refuses by raising gives
    `pools`, and it is counted at once, apart. Raises TooManyFailures while another transaction is checking
    the same phone: one code opens one door, and parallel guesses get no further than single ones.
    """
    if not await sql.try_lock_key.value(db, key=f"code:{phone}"):
        raise errors.TooManyFailures("This code is being checked already.", retry_after=1)
    living = await sql.living_code.row(db, phone=phone, now=now, tries=rules.CODE_TRIES)
    if living is None:
        return False
    if hmac.compare_digest(living["code_hash"], _code_hash(phone, code.strip())):
        await sql.use_code.run(db, id=living["id"], now=now)
        return True
    if pools is None:
        await sql.count_try.run(db, id=living["id"])
    else:
        async with _apart(pools) as own:
            await sql.count_try.run(own, id=living["id"])
    return False


def _code_hash(phone: str, code: str) -> bytes:
    return token_hash(f"{phone}:{code}")


@asynccontextmanager
async def _apart(pools: Pools) -> AsyncGenerator[Connection]:
    """A connection beside the request's own: what it writes stays when the request is rolled back."""
    async with transaction(pools.side) as own:
        yield own


async def place_of_code(db: Connection, location_id: int, chain_id: int) -> tuple[int, int | None]:
    """(chain, location) in whose name a code goes out. Raises NotFound, and Invalid when both are 0."""
    if location_id:
        place = await sql.place_of_location.row(db, location_id=location_id, chain_id=chain_id)
    elif chain_id:
        place = await sql.place_of_chain.row(db, chain_id=chain_id)
    else:
        raise Invalid("Either company_id or group_id is required.", field="company_id")
    if place is None:
        raise NotFound("Location not found." if location_id else "Chain not found.")
    return place["chain_id"], place["location_id"]


# Users


async def find_or_make_user_by_phone(db: Connection, phone: str, name: str, email: str, now: datetime) -> int:
    """The id of the user with a phone (E.164 digits).

    An existing user stays as he is; a new one gets the name, and the e-mail unless it is another user's.
    """
    # Each attempt sees what the parallel request that beat the former one has committed.
    for address in (rules.read_email(email) or "", "", ""):
        user_id = await sql.find_or_make_user.value(db, phone=phone, name=name.strip(), email=address, now=now)
        if user_id is not None:
            return user_id
    raise AssertionError("a user with this phone can be neither found nor made")


async def create_user(
    db: Connection, name: str, phone: str, email: str, login: str, password: str, now: datetime
) -> int:
    """A new user's id. The phone comes in any international form; all but the name may be empty.

    Raises BadPhone, BadEmail, Taken.
    """
    given = {
        "phone": read_phone(phone) if phone else "",
        "email": _read_email(email) if email else "",
        "login": login.strip(),
    }
    password_hash = await hash_password(password) if password else None
    try:
        async with db.transaction():
            return await sql.add_user.value(db, name=name.strip(), **given, password_hash=password_hash, now=now)
    except asyncpg.UniqueViolationError:
        raise await _taken(db, 0, **given) from None


async def find_or_invite_user(db: Connection, *, phone: str, email: str, name: str, now: datetime) -> int:
    """The id of the user with a phone (E.164 digits) or an e-mail; a new one waits to register by `accept_user`."""
    for _ in range(3):
        user_id = await sql.user_by_contact.value(db, phone=phone, email=email)
        if user_id is None:
            user_id = await sql.add_invited_user.value(db, name=name.strip(), phone=phone, email=email, now=now)
        if user_id is not None:
            return user_id
    raise AssertionError("a user with this phone or e-mail can be neither found nor made")


async def accept_user(
    db: Connection, user_id: int, *, register: tuple[str, str] | None, phone: str, email: str, now: datetime
) -> Row | None:
    """The user who came by a link that was sent to this phone (E.164 digits) or e-mail, the other one empty.

    With `register` (name, password hash) he had no account but that address; None when he has one meanwhile.
    """
    if register is not None:
        name, password_hash = register
        given = {"name": name, "password_hash": password_hash, "phone": phone, "email": email}
        if await sql.register_invited_user.value(db, **given, now=now, id=user_id) is None:
            return None
    await sql.approve_user.run(db, proved_email=email, now=now, id=user_id)
    await forget_user(db, user_id)
    return await _user(db, user_id)


async def change_user(db: Connection, pools: Pools, user_id: int, changes: UserChanges, *, now: datetime) -> None:
    """Change what is given of a user. A new phone needs the code that was sent to it.

    Raises Invalid naming the field, Taken when another user has the phone or e-mail, TooManyFailures.
    """
    name = changes.name.strip() if changes.name is not None else None
    if name == "":
        raise Invalid("The name is empty.", field="name")
    email = _read_email(changes.email) if changes.email else changes.email
    phone = read_phone(changes.phone) if changes.phone is not None else None
    if phone is not None and phone != (await _user(db, user_id))["phone"]:
        if not changes.confirmation_code:
            raise errors.WrongConfirmation("A new phone needs the code that was sent to it.")
        if not await check_code(db, phone=phone, code=changes.confirmation_code, now=now, pools=pools):
            raise errors.WrongConfirmation()
    try:
        async with db.transaction():
            await sql.change_user.run(db, name=name, phone=phone, email=email, now=now, id=user_id)
    except asyncpg.UniqueViolationError:
        raise await _taken(db, user_id, phone=phone or "", email=email or "", login="") from None
    await forget_user(db, user_id)


async def change_password(
    db: Connection, pools: Pools, user_id: int, old: str, new: str, *, ip: str, now: datetime
) -> str:
    """A user's new password, and his only token from now on. A user without a password needs no old one.

    Raises WrongOldPassword, and TooManyFailures as signing in does.
    """
    keys = f"user:{user_id}", rules.address_key(ip)
    if not await sql.try_lock_key.value(db, key=keys[0]):
        raise errors.TooManyFailures("The password is being changed already.", retry_after=1)
    await _refuse_after_failures(db, *keys, now)
    stored = (await _user(db, user_id))["password_hash"]
    if stored is not None and not await is_password(stored, old):
        async with _apart(pools) as own:
            await sql.add_failure.run(own, login=keys[0], ip=keys[1], now=now)
        raise errors.WrongOldPassword()
    await sql.clear_failures.run(db, login=keys[0])
    return await set_password(db, user_id, new, now)


async def set_password(db: Connection, user_id: int, password: str, now: datetime) -> str:
    """Give a user a password and revoke all his tokens; returns his new one. Raises NotFound."""
    password_hash = await hash_password(password)
    if await sql.set_password.value(db, password_hash=password_hash, now=now, id=user_id) is None:
        raise NotFound("User not found.")
    await forget_user(db, user_id)
    await sql.revoke_tokens.run(db, user_id=user_id)
    return await new_user_token(db, user_id, now)


async def new_user_token(db: Connection, user_id: int, now: datetime) -> str:
    """One more token of a user; the others live on."""
    token = new_token()
    await sql.add_token.run(db, token_hash=token_hash(token), user_id=user_id, now=now)
    return token


async def create_partner(db: Connection, title: str, now: datetime) -> tuple[int, str]:
    """A new partner's id and token. The token is shown here once and stored hashed."""
    token = new_token()
    return await sql.add_partner.value(db, title=title, token_hash=token_hash(token), now=now), token


async def know_partner(db: Connection, title: str, token: str, now: datetime) -> None:
    """Let a token of our own making speak for a partner; once it does, nothing changes."""
    await sql.know_partner.run(db, title=title, token_hash=token_hash(token), now=now)


async def sweep(db: Connection, now: datetime) -> None:
    """Drop failures and codes that no limit looks at any more, and tokens that nobody comes with."""
    await sql.drop_old_failures.run(db, before=now - rules.MEMORY)
    await sql.drop_old_codes.run(db, before=now - rules.MEMORY)
    for row in await sql.drop_resting_tokens.rows(db, before=(now - rules.TOKEN_REST).date()):
        await forget(db, "user", row["token_hash"].hex())


async def _user(db: Connection, user_id: int) -> Row:
    row = await sql.user.row(db, id=user_id)
    if row is None:
        raise NotFound("User not found.")
    return row


def _read_email(text: str) -> str:
    email = rules.read_email(text)
    if email is None:
        raise errors.BadEmail()
    return email


async def _taken(db: Connection, user_id: int, *, phone: str, email: str, login: str) -> errors.Taken:
    """Which field another user has: asked after the indexes have judged, which also see parallel requests."""
    field = await sql.taken_field.value(db, id=user_id, phone=phone, email=email, login=login)
    return errors.Taken(field or "login")


async def forget_user(db: Connection, user_id: int) -> None:
    """Have every process read the user anew at his next request."""
    tokens = await sql.tokens_of_user.rows(db, user_id=user_id)
    for key in [row["token_hash"].hex() for row in tokens] if len(tokens) <= 50 else ["*"]:
        await forget(db, "user", key)
