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
from agendum.access import actions as access_actions
from agendum.access import jobs as access_jobs
from agendum.access import v1 as access_v1
from agendum.appointments import v2 as appointments_v2
from agendum.appointments.actions.holding import Presences
from agendum.appointments.v1 import partner as appointments_partner_v1
from agendum.appointments.v1 import records as appointments_records_v1
from agendum.appointments.v1 import visits as appointments_visits_v1
from agendum.attendance import v2 as attendance_v2
from agendum.audit import v1 as audit_v1
from agendum.booking.forms_facts import BookingOfLocations
from agendum.booking.nearest import next_slots
from agendum.booking.v1 import forms as booking_forms_v1
from agendum.booking.v1 import online as booking_online_v1
from agendum.booking.v1 import records as booking_records_v1
from agendum.booking.v1 import settings as booking_settings_v1
from agendum.booking.v1 import widgets as booking_widgets_v1
from agendum.catalog import v1 as catalog_v1
from agendum.catalog import v2 as catalog_v2
from agendum.chains import v1 as chains_v1
from agendum.chains.hooks import set_booking_facts
from agendum.clients import jobs as clients_jobs
from agendum.clients.hooks import register_holder
from agendum.clients.v1 import cards as clients_cards_v1
from agendum.clients.v1 import history as clients_history_v1
from agendum.clients.v1 import lists as clients_lists_v1
from agendum.config import Settings
from agendum.core import clock, housekeeping
from agendum.core.cache import CacheListener
from agendum.core.db.pool import Pools, open_pools
from agendum.core.edge import EXCEPTION_HANDLERS, EdgeMiddleware
from agendum.core.facts import signing_secret
from agendum.core.jobs import Jobs
from agendum.core.limits import RateLimit
from agendum.core.permissions import PUBLIC
from agendum.core.routes import Route, mount
from agendum.core.server import Server
from agendum.core.signing import Signer
from agendum.core.storage import Storage
from agendum.custom_fields import v1 as custom_fields_v1
from agendum.custom_fields import v2 as custom_fields_v2
from agendum.live import v1 as live_v1
from agendum.live.rules import KINDS
from agendum.media import jobs as media_jobs
from agendum.media import v1 as media_v1
from agendum.members import v1 as members_v1
from agendum.messaging import jobs as messaging_jobs
from agendum.messaging.actions import Letters
from agendum.pages import handlers as page_handlers
from agendum.pages.shell import pages_token
from agendum.receipts import v1 as receipts_v1
from agendum.reviews import v1 as reviews_v1
from agendum.schedule import v1 as schedule_v1
from agendum.schedule import v2 as schedule_v2
from agendum.tags import v1 as tags_v1
from agendum.tags import v2 as tags_v2
from agendum.team import v1 as team_v1
from agendum.team import v2 as team_v2
from agendum.transfer.actions.clients import Origins

MODULES: list[Any] = [
    access_v1,
    appointments_partner_v1,
    appointments_records_v1,
    appointments_visits_v1,
    appointments_v2,
    audit_v1,
    catalog_v1,
    catalog_v2,
    chains_v1,
    clients_cards_v1,
    clients_history_v1,
    clients_lists_v1,
    members_v1,
    booking_forms_v1,
    booking_online_v1,
    booking_records_v1,
    booking_settings_v1,
    booking_widgets_v1,
    custom_fields_v1,
    custom_fields_v2,
    live_v1,
    media_v1,
    tags_v1,
    tags_v2,
    team_v1,
    team_v2,
    schedule_v1,
    schedule_v2,
    attendance_v2,
    receipts_v1,
    reviews_v1,
]
JOBS: list[Jobs] = [housekeeping.jobs, access_jobs.jobs, clients_jobs.jobs, media_jobs.jobs, messaging_jobs.jobs]
ANNOUNCED = KINDS
"""The notices that are told to every process as they happen."""


def routes() -> list[Route]:
    """Every operation of the API."""
    return [route for module in MODULES for route in module.routes.items]


async def open_server(settings: Settings, dsn: str) -> Server:
    """The shared parts of a process. Raises OSError or asyncpg.PostgresError when the database is out of reach."""
    return await server_over(settings, await open_pools(dsn, size=settings.pool_size))


async def server_over(settings: Settings, pools: Pools) -> Server:
    """The shared parts of a process whose pools are open."""
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
        token = pages_token(signer)
        await access_actions.know_partner(db, "Agendum's own pages", token, clock.now())
    storage = Storage(settings.media_url, settings.data_path / "media")
    sizes: dict[str, Any] = {"max_body": settings.max_body, "max_upload": settings.max_upload}
    return Server(pools, signer, settings.public_url, storage, limit, proxies, pages_token=token, **sizes)


def build_app(settings: Settings, server: Server, *, listener: CacheListener | None = None) -> EdgeMiddleware:
    """The ASGI application over an open server. Raises RuntimeError for a route without a permission."""

    set_booking_facts(BookingOfLocations(next_slots))
    for holder in (Origins(), Presences(), Letters()):
        register_holder(holder)

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
        route_handlers=[
            *(mount(route, max_upload=server.max_upload) for route in routes()),
            live,
            ready,
            metrics,
            media_v1.show_image,
            *docs_pages.handlers(routes()),
            *page_handlers.handlers(routes()),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        cors_config=CORSConfig(
            allow_origins=[origin.strip() for origin in settings.cors_origins.split(",")],
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
            allow_headers=["Authorization", "Content-Type", "Accept", "Idempotency-Key", "X-Request-Id"],
            expose_headers=["Retry-After", "X-Request-Id"],
            max_age=600,
        ),
        request_max_body_size=server.max_body,
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
