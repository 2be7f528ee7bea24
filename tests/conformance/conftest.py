"""The live server of the walks, and the table of `make conformance`."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from agendum.core.db.embedded import EmbeddedPostgres
from tests.conformance.contract import operations
from tests.conformance.live import live_server
from tests.conformance.operations_in_scope import is_mounted, scope
from tests.conftest import copy_of
from tests.makers.world import connect
from tests.stage import Database

WALK = "test_operation["


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--conformance-table", action="store_true", help="show how far the contract is met, by group")


@dataclass
class Live:
    """A server on a socket, its database, and a connection to that."""

    address: str
    database: Database
    db: Any


@pytest.fixture(scope="session")
async def live(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[Live]:
    """The server of this process's walks and schemata; each makes a business of its own and sweeps it away."""
    async with AsyncExitStack() as opened:
        dsn = await opened.enter_async_context(copy_of(postgres, template))
        database = await Database.open(dsn, opened)
        address = opened.enter_context(live_server(dsn))
        db = await connect(dsn)
        opened.push_async_callback(db.close)
        yield Live(address, database, db)


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
