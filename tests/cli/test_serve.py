"""`agendum serve` from its start to its end, through everything that may fall meanwhile."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.makers.world import SmallWorld
from tests.processes import Serving, lives, partner, place, postgres_of, refusal, serving, small_world, until, wish

pytestmark = pytest.mark.xdist_group("processes")


def test_it_starts_answers_and_leaves_nothing_behind() -> None:
    with place() as new, serving(new / "data", "--workers", "2") as server:
        for part in (f"127.0.0.1:{server.port}/api/v1", "/docs", "/health/ready", str(new / "data")):
            assert part in server.banner
        with server.http() as http:
            assert http.get("/health/ready").json() == {"status": "ok"}
            assert http.get("/api/v1/locations").status_code in (401, 404)
        until(lambda: (len(server.web()), len(server.jobs())) == (2, 1))
        processes = [*server.web(), *server.jobs(), *server.postgres()]
        began = time.monotonic()
        assert server.stop() == 0, server.said
        assert time.monotonic() - began < 8
        assert not any(map(lives, processes))
        assert "Traceback" not in server.said


def test_a_booking_is_there_after_a_restart(folder: Path) -> None:
    with serving(folder) as server:
        small = small_world(server.dsn)
        with server.http() as http:
            path = f"/api/v1/book_record/{small.business.location_id}"
            made = http.post(path, json=wish(small, "10:00"), headers=partner(small))
            assert made.status_code == 201, made.text
        assert server.stop(signal.SIGTERM) == 0
    [booked] = made.json()["data"]
    with serving(folder) as server, server.http() as http:
        seen = http.get(f"{path}/{booked['record_id']}/{booked['record_hash']}", headers=partner(small))
        assert (seen.status_code, seen.json()["staff"]["name"]) == (200, "Anna")
        assert server.stop() == 0


def test_a_second_one_is_told_who_holds_the_folder(folder: Path) -> None:
    with serving(folder) as server:
        said = refusal("serve", "--data-dir", str(folder))
        assert said == f"{folder} is already served by process {server.process.pid}; stop that one first"
        assert server.stop() == 0


def test_a_port_in_use_is_said_before_anything_is_started(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = refusal("serve", "--data-dir", str(folder), "--port", port)
    assert said == f"port {port} of 127.0.0.1 is in use: stop what listens there or give another --port"
    assert not list(postgres_of(folder))


def test_a_broken_cluster_is_said_in_one_line(folder: Path) -> None:
    (folder / "postgres/PG_VERSION").unlink()
    assert "is no PostgreSQL cluster" in refusal("serve", "--data-dir", str(folder))


def test_a_killed_worker_is_replaced(folder: Path) -> None:
    with serving(folder, "--workers", "2") as server, server.http() as http:
        for kind in (server.web, server.jobs):
            before = kind()
            before[0].kill()
            until(lambda kind=kind, before=before: len(kind()) == len(before) and before[0] not in kind())
        assert all(http.get("/health/ready", headers={"connection": "close"}).status_code == 200 for _ in range(20))
        assert "a process ended and is started again" in server.said
        assert server.stop() == 0


def test_everything_ends_with_the_watcher_and_the_next_start_needs_no_hand(folder: Path) -> None:
    with serving(folder, "--workers", "2") as server:
        children = [*server.web(), *server.jobs()]
        [postmaster, *_] = server.postgres()
        server.process.kill()
        server.process.wait()
        with serving(folder, port=server.port) as again, again.http() as http:
            assert not any(map(lives, children))
            assert http.get("/health/ready").status_code == 200
            assert again.postgres()[0] == postmaster
            assert again.stop() == 0
        assert not lives(postmaster)


class Visitors:
    """Clients who look and try to book in several threads, until they are asked to leave."""

    def __init__(self, server: Serving, small: SmallWorld) -> None:
        self._server, self._small, self._is_over = server, small, threading.Event()
        self.answers: Counter[int] = Counter()
        self.unexpected: list[str] = []
        self._threads = [threading.Thread(target=self._visit) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def _visit(self) -> None:
        with httpx.Client(base_url=self._server.url, headers=partner(self._small), timeout=30) as http:
            place = self._small.business.location_id
            while not self._is_over.is_set():
                try:
                    self._note(http.get(f"/book_services/{place}"))
                    self._note(http.post(f"/book_record/{place}", json=wish(self._small, "10:00")))
                except httpx.TransportError as error:
                    self.unexpected.append(repr(error))

    def _note(self, answer: httpx.Response) -> None:
        self.answers[answer.status_code] += 1
        if answer.status_code == 503 and answer.headers.get("retry-after") != "1":
            self.unexpected.append("503 without Retry-After")
        elif answer.status_code not in (200, 201, 422, 503):
            self.unexpected.append(f"{answer.status_code}: {answer.text}")

    def leave(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()


def test_a_killed_postgresql_is_started_again_and_nobody_sees_a_500(folder: Path) -> None:
    with serving(folder, "--workers", "2") as server:
        visitors = Visitors(server, small_world(server.dsn))
        try:
            for _ in range(3):
                until(lambda: visitors.answers[200] > 40)
                server.postgres()[0].kill()
                until(lambda: visitors.answers[503])
                visitors.answers.clear()
                until(lambda: visitors.answers[200] > 40)
        finally:
            visitors.leave()
        assert visitors.unexpected == [], server.said[-20_000:]
        assert server.stop() == 0


class HeldRequest:
    """A request that the server has begun and cannot finish: a lock is in its way until `release`."""

    def __init__(self, server: Serving) -> None:
        self._lock = psycopg.connect(server.dsn)
        self._lock.execute("LOCK TABLE partners IN ACCESS EXCLUSIVE MODE")
        self.answer: httpx.Response | Exception | None = None
        self._thread = threading.Thread(target=self._ask, args=(server,))
        self._thread.start()
        waiting = "SELECT FROM pg_locks WHERE NOT granted"
        with psycopg.connect(server.dsn, autocommit=True) as look:
            until(lambda: look.execute(waiting).fetchall())

    def _ask(self, server: Serving) -> None:
        try:
            with server.http() as http:
                self.answer = http.get("/api/v1/book_services/1", headers={"Authorization": "Bearer nobody"})
        except httpx.TransportError as error:
            self.answer = error

    def release(self) -> httpx.Response | Exception | None:
        self._lock.close()
        self._thread.join()
        return self.answer


def test_a_request_under_way_is_answered_before_the_end(folder: Path) -> None:
    with serving(folder) as server:
        held = HeldRequest(server)
        server.process.send_signal(signal.SIGINT)

        def is_closed() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", server.port)) != 0

        until(is_closed)
        answer = held.release()
        assert isinstance(answer, httpx.Response)
        assert answer.status_code == 401
        assert server.process.wait(20) == 0


def test_a_second_ctrl_c_does_not_wait(folder: Path) -> None:
    with serving(folder) as server:
        [web], [jobs] = server.web(), server.jobs()
        processes = [web, jobs, *server.postgres()]
        held = HeldRequest(server)
        server.process.send_signal(signal.SIGINT)
        until(lambda: not lives(jobs))
        time.sleep(0.6)  # a double press is one wish
        began = time.monotonic()
        assert server.stop() == 1
        assert time.monotonic() - began < 5
        assert isinstance(held.release(), httpx.TransportError)
        assert not any(map(lives, processes))


def test_metrics_of_one_process_tell_of_all(folder: Path) -> None:
    with serving(folder, "--workers", "2") as server, server.http() as http:
        until(lambda: len(server.web()) == 2)
        for _ in range(40):
            http.get("/health/live", headers={"connection": "close"})
        lines = http.get("/metrics").text.splitlines()
        [answered] = [line for line in lines if line.startswith('agendum_request_seconds_count{operation="other"')]
        assert float(answered.split()[1]) >= 40
        assert any(line.startswith("agendum_jobs{") for line in lines)
        assert server.stop() == 0
