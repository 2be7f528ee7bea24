"""Routes: a function, its path, what it needs. This is the edge: it knows the caller, reads the input, opens the
transaction, writes the answer.

    routes = Routes("/api/v1", group="online-booking")

    @routes.get("/book_times/{location_id}/{team_member_id}/{date}", needs=PARTNER)
    async def get_time_slots_for_booking(
        call: Call, team_member_id: int, date: date, query: TimesQuery
    ) -> Answer[list[Slot]]: ...

A parameter named like a part of the path comes from the path, `query` and `body` are structs read by `core.wire`,
`call` is the request's `Call`. GET routes read on a read-only connection; the others write in a transaction that
commits before the answer leaves. `reads=True` on a POST and `writes=True` on a GET say otherwise.
`legacy_errors`, `errors_by_field`: see `core.edge.on_app_error`. `multipart`: the body is a multipart/form-data, which
may hold files and be as long as an upload may.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_type_hints

from litestar import Request, delete, get, patch, post, put
from litestar.exceptions import ClientException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from agendum.core.auth import authenticate, chain_of_location, check_chain
from agendum.core.cache import dropping_own
from agendum.core.db.pool import lent
from agendum.core.errors import Invalid, NotFound
from agendum.core.idempotency import Claim, claim
from agendum.core.jsonapi import MEDIA_TYPE, check_accept
from agendum.core.live import EventStream
from agendum.core.permissions import Actor, Membership, Needs, check_place
from agendum.core.server import Call, Server
from agendum.core.uploads import without_boundary
from agendum.core.wire import read_body, read_query, to_json

Handler = Callable[..., Awaitable[Any]]
_PLACES = ("location_id", "company_id")
_PART = re.compile(r"\{(\w+)\}")
_METHODS = {"GET": get, "POST": post, "PUT": put, "PATCH": patch, "DELETE": delete}
_BIGINT = 2**63


@dataclass(frozen=True)
class Route:
    """One operation: everything that the edge and the API reference know of it."""

    method: str
    path: str  # below the prefix, as the contract writes it
    prefix: str
    group: str
    needs: Needs
    status: int
    handler: Handler
    writes: bool
    hints: dict[str, Any]
    media_type: str
    legacy_errors: bool
    errors_by_field: bool
    multipart: bool
    begins: bool  # its transactions itself

    @property
    def is_v2(self) -> bool:
        return self.prefix == "/api/v2"

    @property
    def name(self) -> str:
        return self.handler.__name__

    @property
    def path_params(self) -> list[str]:
        return _PART.findall(self.path)


@dataclass
class Routes:
    """The routes of one module. `app.py` lists every such object; nothing registers itself."""

    prefix: str
    group: str
    items: list[Route] = field(default_factory=list)

    def get(self, path: str, *, needs: Needs, status: int = 200, writes: bool = False, **kw: Any) -> Any:
        return self._add("GET", path, needs, status, writes, **kw)

    def post(self, path: str, *, needs: Needs, status: int = 201, reads: bool = False, **kw: Any) -> Any:
        return self._add("POST", path, needs, status, not reads, **kw)

    def put(self, path: str, *, needs: Needs, status: int = 200, **kw: Any) -> Any:
        return self._add("PUT", path, needs, status, True, **kw)

    def patch(self, path: str, *, needs: Needs, status: int = 200, **kw: Any) -> Any:
        return self._add("PATCH", path, needs, status, True, **kw)

    def delete(self, path: str, *, needs: Needs, status: int = 200, **kw: Any) -> Any:
        return self._add("DELETE", path, needs, status, True, **kw)

    def _add(
        self,
        method: str,
        path: str,
        needs: Needs,
        status: int,
        writes: bool,
        *,
        group: str = "",
        media_type: str = "",
        legacy_errors: bool = False,
        errors_by_field: bool = False,
        multipart: bool = False,
        begins: bool = False,
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            hints = get_type_hints(handler, include_extras=True)
            unknown = set(inspect.signature(handler).parameters) - set(_PART.findall(path)) - {"call", "query", "body"}
            if unknown:
                raise TypeError(f"{handler.__name__}: {sorted(unknown)} come from nowhere")
            self.items.append(
                Route(
                    method,
                    path,
                    self.prefix,
                    group or self.group,
                    needs,
                    status,
                    handler,
                    writes,
                    hints,
                    media_type or (MEDIA_TYPE if self.prefix == "/api/v2" else "application/json"),
                    legacy_errors,
                    errors_by_field or self.prefix == "/api/v2",
                    multipart,
                    begins,
                )
            )
            return handler

        return add


def mount(route: Route, *, max_upload: int = 0) -> HTTPRouteHandler:
    """The Litestar handler of a route; `max_upload` bytes may come to one that takes files.

    Raises RuntimeError for a route that does not say what it needs.
    """
    if not isinstance(route.needs, Needs):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise RuntimeError(f"{route.method} {route.path} does not say what it needs")
    edge = _Edge(route)

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        return await edge(request)

    handle.__name__ = route.name
    path = _PART.sub(lambda part: "{" + part[1] + ":str}", route.path)
    decorate: Any = _METHODS[route.method]
    options: dict[str, Any] = {"opt": {"route": route, "needs": route.needs}, "include_in_schema": False}
    if route.multipart and max_upload:
        options["request_max_body_size"] = max_upload
    # The answer says its own status; Litestar would only refuse a 204 from a handler that gives an answer.
    status = 200 if route.status == 204 else route.status
    return decorate(route.prefix + path, status_code=status, **options)(handle)


class _Edge:
    """What happens around a handler, with everything that can be known beforehand worked out once."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.body_shape = route.hints.get("body")
        self.query_shape = route.hints.get("query")
        names = list(inspect.signature(route.handler).parameters)
        self.path_args = [(name, route.hints[name]) for name in names if name in route.path_params]
        self.media_type = route.media_type.encode()
        self.place = next((name for name in _PLACES if name in route.path_params), None)

    async def __call__(self, request: Request[Any, Any, Any]) -> ASGIApp:
        route, server, headers = self.route, request.app.state.server, request.headers
        if route.is_v2:
            check_accept(headers.get("accept", ""))
        authorization = headers.get("authorization", "")
        actor = await authenticate(server.pools, authorization, route.needs)
        params = request.path_params
        chain_id = location_id = 0
        membership = None
        if self.place is not None:
            location_id = path_value(params[self.place], int, self.place)
            chain_id = await chain_of_location(server.pools.read, location_id)
            membership = check_place(actor, route.needs, chain_id, location_id)
        elif "chain_id" in params:
            chain_id = await check_chain(server.pools.read, path_value(params["chain_id"], int, "chain_id"))
            membership = check_place(actor, route.needs, chain_id, None)
        args = {name: path_value(params[name], shape, name) for name, shape in self.path_args}
        if self.query_shape is not None:
            args["query"] = read_query(request.query_params.multi_items(), self.query_shape)
        raw = b""
        if self.body_shape is not None:
            raw = await _body(request)
            args["body"] = read_body(raw, headers.get("content-type", ""), self.body_shape)
        if not route.writes:
            async with server.pools.read.acquire() as db:
                call = Call(server, request, actor, db, chain_id, location_id, membership)
                answer = await route.handler(call, **args)
            return answer if isinstance(answer, EventStream) else self._response(_encode(answer))
        with dropping_own():
            content, status = await self._write(server, request, actor, (chain_id, location_id, membership), raw, args)
        return self._response(content, status)

    async def _write(
        self,
        server: Server,
        request: Request[Any, Any, Any],
        actor: Actor,
        place: tuple[int, int, Membership | None],
        raw: bytes,
        args: dict[str, Any],
    ) -> tuple[bytes, int]:
        """The handler in its transaction, if it does not begin its own. What it answers is kept under the request's
        Idempotency-Key, for which there always is one."""
        key = self._key(request)
        async with lent(server.pools.write, begin=not self.route.begins or key is not None) as db:
            call = Call(server, request, actor, db, *place)
            held = await self._claim(call, key, raw) if key is not None else None
            if isinstance(held, tuple):
                return held[1], held[0]
            content = _encode(await self.route.handler(call, **args))
            if held is not None:
                await held.keep(self.route.status, content)
        return content, self.route.status

    def _key(self, request: Request[Any, Any, Any]) -> str | None:
        return (request.headers.get("idempotency-key") or None) if self.route.method == "POST" else None

    async def _claim(self, call: Call, key: str, raw: bytes) -> Claim | tuple[int, bytes]:
        raw = without_boundary(raw, call.request.headers.get("content-type", ""))
        path, authorization = call.request.url.path, call.request.headers.get("authorization", "")
        return await claim(
            call.db, authorization=authorization, key=key, method="POST", path=path, body=raw, at=call.now
        )

    def _response(self, content: bytes, status: int | None = None) -> ASGIApp:
        return _Whole(status or self.route.status, self.media_type, content)


class _Whole:
    """An answer that is written whole. Litestar's own response can do more, and takes a tenth of a booking for it."""

    __slots__ = ("content", "media_type", "status")

    def __init__(self, status: int, media_type: bytes, content: bytes) -> None:
        self.status, self.media_type, self.content = status, media_type, content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: list[tuple[bytes, bytes]] = []
        if self.status != 204:
            headers = [(b"content-type", self.media_type), (b"content-length", str(len(self.content)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.content, "more_body": False})


def _encode(answer: Any) -> bytes:
    return answer if isinstance(answer, bytes) else b"" if answer is None else to_json(answer)


async def _body(request: Request[Any, Any, Any]) -> bytes:
    try:
        return await request.body()
    except ClientException as error:
        if error.status_code == 413:
            raise
        raise Invalid("The body cannot be read.", field="body") from None


def path_value(text: str, shape: Any, name: str) -> Any:
    """A part of the path as its handler wants it. An id that cannot be is not found; a bad date is named."""
    if shape is int:
        if not re.fullmatch(r"-?\d{1,19}", text) or abs(int(text)) >= _BIGINT:
            raise NotFound()
        return int(text)
    if shape is date:
        digits = text[:10]
        try:
            return date.fromisoformat(digits)
        except ValueError:
            raise Invalid(f"{name}: expected a date such as 2026-09-30.", field=name) from None
    if "\x00" in text:
        raise NotFound()
    return text
