"""Threads for work that would hold the event loop up."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

Args = TypeVarTuple("Args")
Result = TypeVar("Result")


class Threads:
    """At most `count` at a time, the others wait their turn.

    A child process begins with none: its parent's do not come along, and an executor that believed in them would
    wait for ever.
    """

    def __init__(self, count: int, name: str) -> None:
        self._count, self._name = count, name
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._executor = ThreadPoolExecutor(self._count, thread_name_prefix=self._name)

    async def run(self, work: Callable[[*Args], Result], *args: *Args) -> Result:
        """What `work` returns or raises."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, *args)
