"""Around every request: its id, its limits, its log line, its metrics, the headers of every answer, and the envelope
of every error."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from functools import cache
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from agendum.core.auth import is_known_user, parse_authorization
from agendum.core.envelope import refusal
from agendum.core.errors import BUSY_DATABASE, AppError, TooManyRequests
from agendum.core.jsonapi import MEDIA_TYPE, errors_by_field
from agendum.core.server import Server, client_address
from agendum.core.wire import to_json

_log = structlog.get_logger("agendum.request")

REQUESTS = Histogram(
    "agendum_request_seconds",
    "Time to answer, by operation and status class",
    ("operation", "status"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
BUSY = Counter("agendum_database_busy_total", "Requests answered 503 because the database was busy", ("error",))

TEAM_TIMES = 5  # a console asks for more at once than a client does
LINGER_BYTES, LINGER_SECONDS = 64 * 1024 * 1024, 10

SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]


class EdgeMiddleware:
    """Outermost. `log_requests` is off, errors, writes or all."""

    def __init__(self, app: ASGIApp, *, server: Server, log_requests: str = "writes") -> None:
        self.app, self.server, self.log_requests = app, server, log_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _header(scope, b"x-request-id") or os.urandom(16).hex()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 500
        body = None
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            receive = body = _Body(receive)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if status >= 400 and body is not None:
                    await body.drain()
                headers = list(message.get("headers", []))
                present = {name for name, _ in headers}
                headers += [pair for pair in SECURITY_HEADERS if pair[0] not in present]
                headers.append((b"x-request-id", request_id.encode()))
                message = {**message, "headers": headers}  # type: ignore[misc]
            await send(message)

        try:
            if (wait := self._limited(scope)) > 0:
                error = TooManyRequests(retry_after=wait)
                await _answer(error, send_with_headers)
            else:
                await self.app(scope, receive, send_with_headers)
        finally:
            took = time.perf_counter() - began
            self._record(scope, status, took)
            structlog.contextvars.unbind_contextvars("request_id")

    def _limited(self, scope: Scope) -> int:
        limit = self.server.limit
        if limit is None or not scope["path"].startswith("/api/") or scope.get("method") == "OPTIONS":
            return 0
        partner_token, user_token = parse_authorization(_header(scope, b"authorization"))
        if partner_token == self.server.pages_token and is_known_user(user_token):
            # A whole team works in the console from one address: its members are counted one by one.
            return limit.wait(f"user {user_token}", times=TEAM_TIMES)
        return limit.wait(client_address(scope, self.server.trusted_proxies))

    def _record(self, scope: Scope, status: int, took: float) -> None:
        handler: Any = scope.get("route_handler")
        route = handler.opt.get("route") if handler is not None else None
        if route is None or route.media_type != "text/event-stream" or status >= 400:  # a stream is open, not slow
            _timer(route.name if route else "other", status // 100).observe(took)
        wanted = self.log_requests
        if wanted == "off" or (wanted == "errors" and status < 400):
            return
        if wanted == "writes" and status < 400 and scope.get("method") in ("GET", "HEAD", "OPTIONS"):
            return
        _log.info(
            "request",
            method=scope.get("method"),
            path=scope["path"],
            status=status,
            ms=round(took * 1000, 1),
            ip=client_address(scope, self.server.trusted_proxies),
        )


class _Body:
    """The body on its way in. What a refusal leaves unread is read and thrown away: the server would end the connection
    on it, and the client not come to read why he was refused."""

    __slots__ = ("_is_open", "_receive")

    def __init__(self, receive: Receive) -> None:
        self._receive, self._is_open = receive, True

    async def __call__(self) -> Any:
        message = await self._receive()
        self._is_open = message["type"] == "http.request" and message.get("more_body", False)
        return message

    async def drain(self) -> None:
        size = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while self._is_open and size < LINGER_BYTES:
                    size += len((await self()).get("body", b""))


@cache
def _timer(operation: str, status_class: int) -> Histogram:
    return REQUESTS.labels(operation, f"{status_class}xx")


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            text = value.decode("latin-1")
            return text if len(text) <= 128 and text.isprintable() else ""
    return ""


async def _answer(error: AppError, send: Send) -> None:
    body = to_json(refusal(error.message, error.errors))
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in error.headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _respond(status: int, message: str, errors: Any = None, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(
        to_json(refusal(message, errors)),
        status_code=status,
        media_type="application/json",
        headers=headers or {},
    )


def on_app_error(request: Request[Any, Any, Any], error: AppError) -> Response[bytes]:
    handler: Any = request.scope.get("route_handler")
    route = handler.opt.get("route") if handler is not None else None
    media_type = MEDIA_TYPE if request.scope["path"].startswith("/api/v2/") else "application/json"
    errors: Any = error.errors
    if errors is not None and route is not None and route.errors_by_field:
        # v2, and some operations of v1 that were made after it, map a field to its messages.
        errors = errors_by_field(errors)
    body = refusal(error.message, errors)
    if route is not None and route.legacy_errors and error.status in (401, 404):
        # The oldest operations of the wire also say it beside meta.
        body["errors"] = {"code": error.status, "message": error.message}
    return Response(to_json(body), status_code=error.status, media_type=media_type, headers=error.headers)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's own refusals: no such path, method not allowed, body too large."""
    if error.status_code == 413:
        most = request.route_handler.resolve_request_max_body_size()
        return _respond(413, f"The request is too large: {most} bytes may be sent here.")
    return _respond(error.status_code, error.detail or "The request cannot be carried out.")


def on_busy(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Trouble of the moment in the database: try again, nothing was written."""
    name = type(error).__name__
    BUSY.labels(name).inc()
    _log.warning("database busy", error=name, path=request.url.path)
    return _respond(503, "The server is busy, try again.", headers={"retry-after": "1"})


def on_bug(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    _log.error("bug", path=request.url.path, exc_info=error)
    return _respond(500, "Internal error.")


EXCEPTION_HANDLERS: dict[Any, Any] = {
    AppError: on_app_error,
    HTTPException: on_http_error,
    **dict.fromkeys(BUSY_DATABASE, on_busy),
    Exception: on_bug,
}
