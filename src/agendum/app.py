"""The application: the one file that lists every module's routes and jobs."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.config.cors import CORSConfig
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from agendum import docs_pages
from agendum.access import jobs as access_jobs
from agendum.access import v1 as access_v1
from agendum.booking.forms_facts import BookingOfLocations
from agendum.booking.nearest import next_slots
from agendum.booking.v1 import forms as booking_forms_v1
from agendum.booking.v1 import online as booking_online_v1
from agendum.booking.v1 import records as booking_records_v1
from agendum.chains import v1 as chains_v1
from agendum.chains.hooks import set_booking_facts
from agendum.config import Settings
from agendum.core import housekeeping
from agendum.core.cache import CacheListener
from agendum.core.db.pool import open_pools
from agendum.core.edge import EXCEPTION_HANDLERS, EdgeMiddleware
from agendum.core.facts import signing_secret
from agendum.core.jobs import Jobs
from agendum.core.limits import RateLimit
from agendum.core.permissions import PUBLIC
from agendum.core.routes import Route, mount
from agendum.core.server import Server
from agendum.core.signing import Signer
from agendum.messaging import jobs as messaging_jobs

MODULES: list[Any] = [
    access_v1,
    chains_v1,
    booking_forms_v1,
    booking_online_v1,
    booking_records_v1,
]
JOBS: list[Jobs] = [housekeeping.jobs, access_jobs.jobs, messaging_jobs.jobs]


def routes() -> list[Route]:
    """Every operation of the API."""
    return [route for module in MODULES for route in module.routes.items]


async def open_server(settings: Settings, dsn: str) -> Server:
    """The shared parts of a process. Raises OSError or asyncpg.PostgresError when the database is out of reach."""
    pools = await open_pools(dsn, size=settings.pool_size)
    limit = None
    if settings.rate_limit == "on":
        settings.data_path.mkdir(parents=True, exist_ok=True)
        limit = RateLimit(
            settings.data_path / "limits",
            per_minute=settings.rate_per_minute,
            per_second=settings.rate_per_second,
        )
    proxies = frozenset(filter(None, (address.strip() for address in settings.trusted_proxies.split(","))))
    async with pools.write.acquire() as db:
        signer = Signer(await signing_secret(db))
    return Server(pools, signer, settings.public_url, limit, proxies, max_body=settings.max_body)


def build_app(settings: Settings, server: Server, *, listener: CacheListener | None = None) -> EdgeMiddleware:
    """The ASGI application over an open server. Raises RuntimeError for a route without a permission."""

    set_booking_facts(BookingOfLocations(next_slots))

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None]:
        if listener is not None:
            await listener.start()
        try:
            yield
        finally:
            if listener is not None:
                await listener.stop()
            await server.pools.close()

    app = Litestar(
        route_handlers=[*(mount(route) for route in routes()), live, ready, metrics, *docs_pages.handlers(routes())],
        exception_handlers=EXCEPTION_HANDLERS,
        cors_config=CORSConfig(
            allow_origins=[origin.strip() for origin in settings.cors_origins.split(",")],
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
            allow_headers=["Authorization", "Content-Type", "Accept", "Idempotency-Key", "X-Request-Id"],
            expose_headers=["Retry-After", "X-Request-Id"],
            max_age=600,
        ),
        request_max_body_size=settings.max_body,
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    app.state.server = server
    return EdgeMiddleware(app, server=server, log_requests=settings.log_requests)


@get("/health/live", opt={"needs": PUBLIC})
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/health/ready", opt={"needs": PUBLIC})
async def ready(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The database answers too; otherwise the edge says 503."""
    async with request.app.state.server.pools.read.acquire() as db:
        await db.fetchval("SELECT 1")
    return {"status": "ok"}


@get("/metrics", opt={"needs": PUBLIC}, media_type="text/plain; version=0.0.4")
async def metrics() -> Response[bytes]:
    """Prometheus metrics: of all processes of `agendum serve`, of this one elsewhere."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")
