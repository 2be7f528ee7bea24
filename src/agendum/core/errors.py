"""Refusals. Each carries its HTTP status and what the caller is told; the edge writes the envelope."""

from __future__ import annotations

from typing import Any, ClassVar

import asyncpg


class AppError(Exception):
    """An expected refusal: answered, counted, never paged.

    `errors` are the items of `meta.errors`; `headers` go out with the answer.
    """

    status: ClassVar[int] = 400
    text: ClassVar[str] = "The request cannot be carried out."

    def __init__(
        self,
        message: str | None = None,
        *,
        errors: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message or self.text)
        self.message = message or self.text
        self.errors = errors
        self.headers = headers or {}


class BadRequest(AppError):
    status = 400


class Unauthorized(AppError):
    status, text = 401, "Authentication needed."


class Forbidden(AppError):
    status, text = 403, "Access denied."


class NotFound(AppError):
    status, text = 404, "Not found."


class Conflict(AppError):
    status, text = 409, "The request conflicts with the present state."


class Invalid(AppError):
    """Bad input. `field` is the path of the offending value, as the caller named it."""

    status, text = 422, "An error has occurred"

    def __init__(self, message: str | None = None, *, field: str | None = None, **kw: Any) -> None:
        if field is not None:
            kw.setdefault("errors", [{"code": 422, "field": field, "message": message or self.text}])
        super().__init__(message, **kw)


class TooManyRequests(AppError):
    status, text = 429, "Too many requests."

    def __init__(self, message: str | None = None, *, retry_after: int) -> None:
        super().__init__(message, headers={"retry-after": str(max(1, retry_after))})


# Trouble of the moment: answered 503 with Retry-After and counted, not a bug.
BUSY_DATABASE = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,  # the connection fell while it was spoken to
    ConnectionError,
    TimeoutError,
)
