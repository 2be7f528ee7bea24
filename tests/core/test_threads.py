"""Work beside the event loop."""

from __future__ import annotations

import asyncio
import multiprocessing
from multiprocessing.queues import Queue

from agendum.core.threads import Threads

threads = Threads(2, "test")


def test_a_child_works_although_its_parent_has_worked_before() -> None:
    assert asyncio.run(threads.run(len, "in the parent")) == 13
    fork = multiprocessing.get_context("fork")
    answers: Queue[int] = fork.Queue()
    child = fork.Process(target=_work, args=(answers,))
    child.start()
    assert answers.get(timeout=60) == 12
    child.join()


def _work(answers: Queue[int]) -> None:
    answers.put(asyncio.run(threads.run(len, "in the child")))
