"""Why a user, his role or his rights are not changed."""

from __future__ import annotations

from agendum.core.errors import Forbidden, Invalid, NotFound, TooManyRequests, Unauthorized


class NoSuchUser(NotFound):
    text = "User not found."


class NoInvitation(NotFound):
    """An unknown token, one that was used, one that is too old: they look the same."""

    text = "This invitation is not valid any more."


class OthersInvitation(Forbidden):
    text = "This invitation is for another account."


class SignInFirst(Unauthorized):
    text = "Sign in, then accept the invitation."


class TooHigh(Forbidden):
    text = "You may not change this user."


class RoleTooHigh(Forbidden):
    def __init__(self) -> None:
        message = "You may not give this role."
        super().__init__(message, errors=[{"code": 403, "field": "user_role", "message": message}])


class NotYours(Forbidden):
    """A right that whoever gives it has not."""

    def __init__(self, field: str) -> None:
        message = "You may not give what you do not have."
        super().__init__(message, errors=[{"code": 403, "field": field, "message": message}])


class LastOwner(Invalid):
    def __init__(self) -> None:
        super().__init__("A location needs an owner, and this is the last one.", field="user_id")


class WholeChain(Invalid):
    def __init__(self) -> None:
        message = "The user belongs to the whole chain: remove him from all of its locations at once."
        super().__init__(message, field="user_id")


class TooManyInvitations(TooManyRequests):
    text = "Too many invitations were sent today."
