"""Signing in, one-time codes and the user's own data.

The three sign-ins say `reads=True`: they count what fails in a transaction of their own (see `actions`), and
their answers, which hold a token, are never kept under an Idempotency-Key.
"""

from __future__ import annotations

from agendum.access import actions
from agendum.access.wire import (
    BookingUser,
    CabinetUser,
    CodeRequest,
    Credentials,
    PasswordChange,
    PhoneAndCode,
    PhoneConfirmationQuery,
    SignedInUser,
    UserChanges,
    UserToken,
    user_fields,
)
from agendum.core.envelope import Answer, Done, accepted, created
from agendum.core.errors import Invalid, Unauthorized
from agendum.core.permissions import PARTNER, USER
from agendum.core.routes import Routes
from agendum.core.server import Call

B2C = "authentication-b2c"

routes = Routes("/api/v1", group="client-personal-cabinet")


@routes.post("/auth", needs=PARTNER, group="authentication-b2b", reads=True)
async def authorize_user(call: Call, body: Credentials) -> Answer[SignedInUser]:
    """Sign a team member or an owner in by phone, e-mail or login name."""
    user, token = await actions.sign_in(call.db, call.server.pools, body.login, body.password, ip=call.ip, now=call.now)
    return Answer(
        data=SignedInUser(
            **user_fields(dict(user), token, call.server.url),
            is_approved=user["is_approved"],
            is_email_confirmed=user["is_email_confirmed"],
        )
    )


@routes.post("/booking/auth", needs=PARTNER, group=B2C, reads=True)
async def authorize_online_booking_user(call: Call, body: Credentials) -> BookingUser:
    """Sign a client in by phone, e-mail or login name and password."""
    user, token = await actions.sign_in(call.db, call.server.pools, body.login, body.password, ip=call.ip, now=call.now)
    return BookingUser(**user_fields(dict(user), token, call.server.url))


@routes.post("/user/auth", needs=PARTNER, group=B2C, reads=True)
async def log_in_with_phone_number_and_code(call: Call, body: PhoneAndCode) -> UserToken:
    """Sign a client in by his phone and the code sent to it; he becomes a user at his first sign-in."""
    phone, code = body.login or body.phone, body.password or body.code
    if not phone or not code:
        raise Invalid("This field is required.", field="password" if phone else "login")
    digits = actions.read_phone(phone, "login" if body.login else "phone")
    return UserToken(await actions.sign_in_by_code(call.db, call.server.pools, digits, code, ip=call.ip, now=call.now))


@routes.post("/book_code/{location_id}", needs=PARTNER, group=B2C)
async def send_booking_verification_code(call: Call, location_id: int, body: CodeRequest) -> Done:
    """Send a one-time code to a phone, for a booking or a sign-in."""
    await actions.send_code(
        call.db,
        phone=actions.read_phone(body.phone),
        location_id=location_id,
        chain_id=call.chain_id,
        ip=call.ip,
        now=call.now,
        name=(body.fulname or body.fullname or "").strip(),
    )
    return created()


@routes.put("/booking/user", needs=USER, status=202)
async def update_booking_user(call: Call, body: UserChanges) -> Done:
    """Change the user's name, e-mail or, with a code sent to the new one, phone."""
    await actions.change_user(call.db, call.server.pools, call.user.id, body, now=call.now)
    return accepted()


@routes.get("/booking/user/data", needs=USER)
async def get_booking_user(call: Call) -> CabinetUser:
    """The signed-in user, read afresh: his own change shows at once."""
    row = await actions.sql.user.row(call.db, id=call.user.id)
    if row is None:
        raise Unauthorized()
    token = call.actor.user_token
    return CabinetUser(**user_fields(dict(row), token, call.server.url), token_again=token)


@routes.put("/booking/user/password", needs=USER)
async def update_booking_user_password(call: Call, body: PasswordChange) -> Answer[UserToken]:
    """Change the password; every token of the user dies and a new one is given."""
    token = await actions.change_password(
        call.db,
        call.server.pools,
        call.user.id,
        body.old_password,
        body.new_password,
        ip=call.ip,
        now=call.now,
    )
    return Answer(data=UserToken(token))


@routes.get("/booking/user/phone_confirmation", needs=USER, status=202, writes=True)
async def send_phone_update_verification_code(call: Call, query: PhoneConfirmationQuery) -> Done:
    """Send a one-time code to the phone that the user wants to have."""
    chain_id, location_id = await actions.place_of_code(call.db, query.company_id, query.group_id)
    await actions.send_code(
        call.db,
        phone=actions.read_phone(query.phone),
        location_id=location_id,
        chain_id=chain_id,
        ip=call.ip,
        now=call.now,
        name=call.user.name,
    )
    return accepted()
