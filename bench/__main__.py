"""`make bench`: the yardstick and the hot paths side by side, at sizes S and L.

The yardstick is the same web server (Granian, one worker) with the barest handler that runs one 50-row statement and
writes it as JSON. Every path is quoted as a ratio to the yardstick measured in the same run, so figures of different
machines can be compared. Rounds of the yardstick and of the paths alternate, and each path's best round counts: other
work on the machine only ever slows a round down.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import asyncpg
import msgspec
from msgspec import json

from agendum.chains.reference_load import load_reference
from agendum.core.db.embedded import EmbeddedPostgres
from agendum.core.db.migrate import MIGRATIONS, migrate
from bench.data import BenchIds, make_bench
from bench.load import Report, measure
from bench.paths import paths


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="S,L", help="which sizes, comma-separated")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16, help="requests under way at once")
    parser.add_argument("--only", default="", help="only paths whose name contains one of these, comma-separated")
    parser.add_argument("--data-dir", default=str(Path(tempfile.gettempdir()) / "agendum-bench"))
    args = parser.parse_args()
    reports: dict[str, list[Report]] = {}
    with EmbeddedPostgres(Path(args.data_dir)) as postgres:
        for size in args.sizes.split(","):
            print(f"size {size}: making data", flush=True)
            ids = asyncio.run(_prepare(postgres, size))
            wanted = [path for path in paths(ids) if any(part in path.name for part in args.only.split(","))]
            reports[size] = measure(postgres.dsn(_name(size)), ids, wanted, args.seconds, args.rounds, args.connections)
            _print(size, reports[size])
    if len(reports) == 2:
        _print_growth(*reports.values())


def _name(size: str) -> str:
    return f"bench_{size.lower()}"


async def _prepare(postgres: EmbeddedPostgres, size: str) -> BenchIds:
    """The size's database, fresh: a copy of what was made of it today, since bookings use up its free slots."""
    now = datetime.now(UTC)
    name, made = _name(size), f"{_name(size)}_made"
    ids_file, key = postgres.data_dir / f"{made}.json", _key(now)
    admin = await asyncpg.connect(postgres.dsn("postgres"), command_timeout=600)
    try:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        kept = json.decode(ids_file.read_bytes(), type=_Made) if ids_file.exists() else None
        if kept is None or kept.key != key:
            ids_file.unlink(missing_ok=True)
            await admin.execute(f"DROP DATABASE IF EXISTS {made} WITH (FORCE)")
            await admin.execute(f"CREATE DATABASE {made}")
            await migrate(postgres.dsn(made), seed=load_reference)
            kept = _Made(key, await make_bench(postgres.dsn(made), size, now))
            ids_file.write_bytes(json.encode(kept))
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {made} STRATEGY file_copy")
        await migrate(postgres.dsn(name))  # stored functions of this version
        # The load itself must be on disk before anybody is timed: its checkpoint would hold up every commit.
        await admin.execute("CHECKPOINT")
    finally:
        await admin.close()
    return kept.ids


class _Made(msgspec.Struct):
    key: str
    ids: BenchIds


def _key(now: datetime) -> str:
    """What makes the same data: its days count from today."""
    sources = [*sorted(MIGRATIONS.iterdir()), *(Path(__file__).with_name(name) for name in ("data.py", "queries.sql"))]
    digest = sha256(b"".join(source.read_bytes() for source in sources if source.is_file()))
    return f"{now.date()} {digest.hexdigest()}"


def _print(size: str, reports: list[Report]) -> None:
    print(f"\n## size {size}\n")
    print(f"{'path':34} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'ratio':>6} {'wanted':>7} {'stmts':>6} {'MiB':>6}")
    for report in reports:
        verdict = "" if report.wanted is None else f">={report.wanted:.2f}" + ("" if report.ok else " !")
        print(
            f"{report.name:34} {report.rate:8.0f} {report.p50:8.2f} {report.p99:8.2f} {report.ratio:6.2f} "
            f"{verdict:>7} {report.statements:6.1f} {report.memory:6.0f}",
            flush=True,
        )


def _print_growth(small: list[Report], large: list[Report]) -> None:
    print("\n## S to L: what a path loses against the yardstick\n")
    by_name = {report.name: report for report in small}
    for report in large:
        if report.name in by_name:
            before = by_name[report.name].ratio
            print(f"{report.name:34} {(1 - report.ratio / before) * 100:6.1f} %")


if __name__ == "__main__":
    main()
