"""What goes out: the v1 envelope. A route that answers a bare object returns its struct instead."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")


def no_meta() -> list[Any]:
    return []


class Answer(msgspec.Struct, Generic[T], kw_only=True):
    """`{success: true, data, meta}`; meta is an empty array unless the route counts something."""

    success: bool = True
    data: T
    meta: Any = msgspec.field(default_factory=no_meta)


class Message(msgspec.Struct):
    message: str


class Done(msgspec.Struct, kw_only=True):
    """`{success: true, data: null, meta: {message}}`: it was done and there is nothing to show."""

    success: bool = True
    data: None = None
    meta: Message


def created() -> Done:
    return Done(meta=Message("Created"))


def accepted() -> Done:
    return Done(meta=Message("Accepted"))


def refusal(message: str, errors: Any) -> dict[str, Any]:
    """The body of an error; `errors` are items in v1, and a map of field to messages in v2."""
    meta: dict[str, Any] = {"message": message}
    if errors is not None:
        meta["errors"] = errors
    return {"success": False, "data": None, "meta": meta}
