"""Sign-in and the personal cabinet on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import msgspec

from agendum.core.phone import show_phone
from agendum.core.wire import Id

Line = Annotated[str, msgspec.Meta(max_length=255)]
Password = Annotated[str, msgspec.Meta(max_length=255)]
NewPassword = Annotated[str, msgspec.Meta(min_length=8, max_length=255)]


class Credentials(msgspec.Struct):
    """`login`: a phone in any form, an e-mail or a login name."""

    login: Line
    password: Password


class PhoneAndCode(msgspec.Struct):
    """The phone comes as `login` or `phone`, the code as `password` or `code`."""

    login: Line | None = None
    phone: Line | None = None
    password: Line | None = None
    code: Line | None = None


class CodeRequest(msgspec.Struct):
    """`fulname` is the contract's spelling; `fullname` is read too."""

    phone: Line
    fulname: Line | None = None
    fullname: Line | None = None


class PhoneConfirmationQuery(msgspec.Struct):
    """The new phone, and for whom the code is sent: a location or a chain; 0 is none."""

    phone: Line
    company_id: Id = 0
    group_id: Id = 0


class UserChanges(msgspec.Struct):
    """What is absent or null stays. `confirmation_code` proves a new `phone`."""

    name: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    confirmation_code: Line | None = None


class PasswordChange(msgspec.Struct):
    """`old_password` is not asked of a user who has none yet."""

    new_password: NewPassword
    old_password: Password = ""


class BookingUser(msgspec.Struct, kw_only=True):
    """`avatar` is an absolute address, `phone` has a plus; what is not known is empty."""

    id: int
    user_token: str
    name: str
    phone: str
    login: str
    email: str
    avatar: str


class SignedInUser(BookingUser, kw_only=True):
    is_approved: bool
    is_email_confirmed: bool


class CabinetUser(BookingUser, kw_only=True):
    token_again: str = msgspec.field(name="0")


class UserToken(msgspec.Struct):
    user_token: str


def user_fields(row: Mapping[str, Any], token: str, url: Callable[[str], str]) -> dict[str, Any]:
    """The fields of a BookingUser; `url` makes a path of this server absolute."""
    return {
        "id": row["id"],
        "user_token": token,
        "name": row["name"],
        "phone": show_phone(row["phone"]),
        "login": row["login"],
        "email": row["email"],
        "avatar": url(row["avatar"]),
    }
