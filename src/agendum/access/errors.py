"""Why access is refused."""

from __future__ import annotations

from agendum.core.errors import Invalid, TooManyRequests, Unauthorized


class WrongLogin(Unauthorized):
    """An unknown login and a wrong password look the same."""

    text = "Wrong login or password."


class WrongPhoneOrCode(Unauthorized):
    text = "Wrong phone or code."


class TooManyFailures(TooManyRequests):
    text = "Too many failed attempts, try again later."


class TooManyCodes(TooManyRequests):
    text = "Too many codes were asked for, try again later."


class BadPhone(Invalid):
    def __init__(self, field: str = "phone") -> None:
        super().__init__("The phone is not in international form, such as +13155550175.", field=field)


class BadEmail(Invalid):
    def __init__(self) -> None:
        super().__init__("This is not an e-mail address.", field="email")


class WrongConfirmation(Invalid):
    """The code that should prove a new phone."""

    def __init__(self, message: str = "Wrong confirmation code.") -> None:
        super().__init__(message, field="confirmation_code")


class WrongOldPassword(Invalid):
    def __init__(self) -> None:
        super().__init__("Wrong old password.", field="old_password")


class Taken(Invalid):
    """A phone, e-mail or login that another user has; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(f"Another user has this {field}.", field=field)
