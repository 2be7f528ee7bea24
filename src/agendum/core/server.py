"""What every request may reach: the pools, the signer, the limits. Built once by `agendum.app`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Request

from agendum.core.clock import now
from agendum.core.db.pool import Pools
from agendum.core.db.sql import Connection
from agendum.core.errors import Unauthorized
from agendum.core.limits import RateLimit
from agendum.core.links import absolute
from agendum.core.live import Live
from agendum.core.permissions import Actor, Membership, User
from agendum.core.signing import Signer
from agendum.core.storage import Storage


@dataclass(slots=True)
class Server:
    """The process's shared parts. `base_url` has no trailing slash; `trusted_proxies` may say who the client is.
    A request may have `max_body` bytes, one that brings files `max_upload`. `pages_token` is the partner token of our
    own pages."""

    pools: Pools
    signer: Signer
    base_url: str
    storage: Storage
    limit: RateLimit | None = None
    trusted_proxies: frozenset[str] = frozenset()
    max_body: int = 4 * 1024 * 1024
    max_upload: int = 10 * 1024 * 1024
    pages_token: str = ""
    live: Live = field(default_factory=Live)

    def url(self, path: str) -> str:
        """An absolute address for a path of this server; see `absolute`."""
        return absolute(self.base_url, path)


@dataclass(slots=True)
class Call:
    """One request on its way through a route: who calls, for which tenant, on which connection, when.

    `db` is a read-only connection in a route that reads, and a transaction in one that writes; the edge commits.
    `chain_id` is the tenant of the place that the path names; 0 where it names none.
    """

    server: Server
    request: Request[Any, Any, Any]
    actor: Actor
    db: Connection
    chain_id: int = 0
    location_id: int = 0
    membership: Membership | None = None
    now: datetime = field(default_factory=now)

    @property
    def user(self) -> User:
        """The signed-in user. Raises Unauthorized when there is none."""
        if self.actor.user is None:
            raise Unauthorized()
        return self.actor.user

    @property
    def ip(self) -> str:
        return client_address(self.request.scope, self.server.trusted_proxies)


def client_address(scope: Any, trusted: frozenset[str]) -> str:
    """The client's address; X-Forwarded-For counts only when a trusted proxy speaks."""
    client = scope.get("client")
    address = client[0] if client else "unknown"
    if address in trusted:
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                return value.decode("latin-1").rsplit(",", 1)[-1].strip() or address
    return address
