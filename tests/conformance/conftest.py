"""A small world, ready to be copied for each walk, and the table of `make conformance`."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agendum.app import routes
from agendum.core.db.embedded import EmbeddedPostgres
from tests.conformance.contract import operations
from tests.conformance.operations_in_scope import is_mounted, scope
from tests.conftest import copy_of
from tests.makers.world import SmallWorld, connect, make_small_world

WALK = "test_operation["


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--conformance-table", action="store_true", help="show how far the contract is met, by group")


@pytest.fixture(scope="session")
async def small_world(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[tuple[str, SmallWorld]]:
    """The name of a database that holds a small world, and who is in it."""
    rights = sorted({right for route in routes() for right in route.needs.rights})
    async with copy_of(postgres, template) as dsn:
        db = await connect(dsn)
        world = await make_small_world(db, rights=rights)
        name = await db.fetchval("SELECT current_database()")
        await db.close()
        yield name, world


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not config.getoption("conformance_table", False):
        return
    failed = _walked(terminalreporter, "failed") | _walked(terminalreporter, "error")
    passed = _walked(terminalreporter, "passed") - failed
    total, wanted, missing, good, bad = (Counter[str]() for _ in range(5))
    for name, operation in operations().items():
        total[operation.group] += 1
        if name in scope():
            wanted[operation.group] += 1
            missing[operation.group] += not is_mounted(operation)
            good[operation.group] += name in passed
            bad[operation.group] += name in failed and is_mounted(operation)
    write = terminalreporter.write_line
    line = "{:40} {:>9} {:>9} {:>11} {:>8} {:>8}".format
    write("")
    write(line("group", "contract", "in scope", "conforming", "failing", "missing"))
    for group in total:
        write(line(group, total[group], wanted[group], good[group], bad[group], missing[group]))
    sums = (sum(count.values()) for count in (total, wanted, good, bad, missing))
    write(line("all", *sums))


def _walked(reporter: Any, outcome: str) -> set[str]:
    ids = (report.nodeid for report in reporter.stats.get(outcome, []) if WALK in report.nodeid)
    return {nodeid.split(WALK)[1].split("]")[0].split("-")[-1] for nodeid in ids}
