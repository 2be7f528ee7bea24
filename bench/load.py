"""A light load generator: keep-alive connections over raw asyncio, requests prepared beforehand."""

from __future__ import annotations

import asyncio
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import uvloop

from bench.data import BenchIds
from bench.paths import Path, yardstick
from bench.statements import count_statements


@dataclass
class Round:
    """One round of one path: latencies in milliseconds over `seconds`."""

    latencies: list[float]
    seconds: float
    errors: int

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0


@dataclass
class Report:
    name: str
    wanted: float | None
    rate: float
    p50: float
    p99: float
    ratio: float
    statements: float
    memory: float

    @property
    def ok(self) -> bool:
        return self.wanted is None or self.ratio >= self.wanted


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> float:
        """Resident MiB of the server and its worker."""
        parent = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in [parent, *parent.children(recursive=True)]) / 2**20


@dataclass
class Best:
    """The best round of a path, with the yardstick's rounds on either side of it."""

    round: Round | None = None
    ratio: float = 0.0
    ratios: list[float] = field(default_factory=list)


def measure(dsn: str, ids: BenchIds, wanted: list[Path], seconds: float, rounds: int, connections: int) -> list[Report]:
    """Measure every path and the yardstick in alternating rounds. Raises RuntimeError when a path answers an error."""
    counts = asyncio.run(count_statements(dsn, wanted))
    with _server("yardstick", dsn) as bare, _server("agendum", dsn) as whole:
        best = {path.name: Best() for path in wanted}
        yards: list[Round] = []
        _run(bare, yardstick(ids), 1.0, connections)  # warm
        for path in wanted:
            _run(whole, path, 1.0, connections)
            for _ in range(rounds):
                yard = _run(bare, yardstick(ids), seconds / 2, connections)
                done = _run(whole, path, seconds, connections)
                after = _run(bare, yardstick(ids), seconds / 2, connections)
                yards += [yard, after]
                one = best[path.name]
                ratio = done.rate / ((yard.rate + after.rate) / 2)
                one.ratios.append(ratio)
                if ratio >= one.ratio:
                    one.round, one.ratio = done, ratio
            print(".", end="", flush=True, file=sys.stderr)
        memory = whole.memory()
        top = max(yards, key=lambda one: one.rate)
        reports = [_report("yardstick", None, top, 1.0, 1, bare.memory())]
        for path in wanted:
            one = best[path.name]
            assert one.round is not None
            reports.append(_report(path.name, path.wanted, one.round, one.ratio, counts[path.name], memory))
    return reports


def _report(name: str, wanted: float | None, one: Round, ratio: float, statements: float, memory: float) -> Report:
    ordered = sorted(one.latencies)
    return Report(
        name=name,
        wanted=wanted,
        rate=one.rate,
        p50=ordered[len(ordered) // 2],
        p99=ordered[int(len(ordered) * 0.99)],
        ratio=ratio,
        statements=statements,
        memory=memory,
    )


def _run(server: Server, path: Path, seconds: float, connections: int) -> Round:
    requests = path.requests()
    done = uvloop.run(_load(server.port, lambda: next(requests, None), seconds, connections, path.expect))
    if done.errors:
        raise RuntimeError(f"{path.name}: {done.errors} answers were not {path.expect}")
    return done


async def _load(
    port: int, next_request: Callable[[], bytes | None], seconds: float, connections: int, expect: int
) -> Round:
    latencies: list[float] = []
    wanted = f"HTTP/1.1 {expect} ".encode()
    errors = itertools.count()
    began = time.perf_counter()
    until = began + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until and (request := next_request()) is not None:
            at = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().find(b"content-length:")
            if length >= 0:
                await reader.readexactly(int(head[length + 15 : head.index(b"\r\n", length)]))
            if not head.startswith(wanted):
                next(errors)
            latencies.append((time.perf_counter() - at) * 1000)
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    return Round(latencies, time.perf_counter() - began, next(errors))


@contextmanager
def _server(which: str, dsn: str) -> Generator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "bench.server", which, str(port), dsn])
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError(f"the {which} server did not start") from None
                time.sleep(0.05)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(20)
