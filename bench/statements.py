"""How many statements a request costs, counted at the driver."""

from __future__ import annotations

from typing import Any

import httpx

from agendum.app import build_app, open_server
from agendum.config import load_settings
from agendum.core.cache import drop_everywhere_here
from bench.paths import Path


async def count_statements(dsn: str, paths: list[Path]) -> dict[str, float]:
    """Statements of a warm request by path name; BEGIN and COMMIT count as what they are."""
    settings = load_settings({}, rate_limit="off", log_requests="off", pool_size=1, base_url="http://127.0.0.1")
    drop_everywhere_here()  # what an other size left
    server = await open_server(settings, dsn)
    app: Any = build_app(settings, server)
    seen: list[str] = []

    def note(record: Any) -> None:
        seen.append(record.query)

    for pool in (server.pools.read, server.pools.write):
        async with pool.acquire() as db:
            await db.fetchval("SELECT 1")
        holder: Any = pool._holders[0]  # pyright: ignore[reportPrivateUsage]
        holder._con.add_query_logger(note)
    counts: dict[str, float] = {}
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as http:
            for path in paths:
                requests = path.requests()
                for _ in range(3):
                    await _send(http, next(requests))
                seen.clear()
                await _send(http, next(requests))
                counts[path.name] = len(seen)
    finally:
        await server.pools.close()
    return counts


async def _send(http: httpx.AsyncClient, request: bytes) -> None:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, url, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    answer = await http.request(method, url, headers=headers, content=body)
    if answer.status_code >= 400:
        raise RuntimeError(f"{method} {url}: {answer.status_code} {answer.text[:300]}")
