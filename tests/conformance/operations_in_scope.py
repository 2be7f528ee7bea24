"""What is built so far: `scope.txt` names the operations, a walk of the same name shows that each conforms."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from agendum.app import routes
from tests.conformance.api import Api
from tests.conformance.contract import Operation, operations

Walk = Callable[[Api], Awaitable[None]]


@cache
def scope() -> tuple[str, ...]:
    """Keys of operations, in the contract's order."""
    lines = (Path(__file__).parent / "scope.txt").read_text().splitlines()
    names = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    unknown = names - operations().keys()
    assert not unknown, f"scope.txt names what the contract does not know: {sorted(unknown)}"
    return tuple(name for name in operations() if name in names)


def all_rights() -> list[str]:
    """Every right that some route asks for."""
    return sorted({right for route in routes() for right in route.needs.rights})


@cache
def all_walks() -> dict[str, Walk]:
    """Every walk: a function named after its operation, in a module of `walks`."""
    found: dict[str, Walk] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent / "walks")]):
        members = vars(importlib.import_module(f"tests.conformance.walks.{module.name}"))
        found |= {name: member for name, member in members.items() if name in operations()}
    return found


@cache
def _mounted() -> frozenset[tuple[str, str, str]]:
    return frozenset((route.method, route.prefix.removeprefix("/api") + route.path, route.name) for route in routes())


def is_mounted(operation: Operation) -> bool:
    return (operation.method, operation.path, operation.name) in _mounted()
