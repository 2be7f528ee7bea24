"""What is logged, as somebody who reads the log meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.processes import serving, until

pytestmark = pytest.mark.xdist_group("processes")

SPEAK = r"""
import logging, sys
import structlog
from agendum.core import logs
logs.set_up("info", sys.argv[1])
log = structlog.get_logger("agendum.test")
structlog.contextvars.bind_contextvars(request_id="r1")
log.debug("unheard")
log.info("booked", path="/caf\u00e9\udc80", at=2**70)
logging.getLogger("somebody").info("unheard")
logging.getLogger("somebody").warning("mind %s", "the gap")
try:
    1 / 0
except ZeroDivisionError as error:
    log.error("bug", exc_info=error)
"""


def spoken(form: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", SPEAK, form], capture_output=True, check=True, text=True)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_json_is_one_object_a_line_whatever_is_in_it() -> None:
    booked, mind, bug = [json.loads(line) for line in spoken("json")]
    assert list(booked)[:4] == ["time", "level", "logger", "event"]
    assert (booked["level"], booked["logger"], booked["event"]) == ("info", "agendum.test", "booked")
    assert (booked["path"], booked["at"], booked["request_id"]) == ("/café\udc80", 2**70, "r1")
    assert (mind["level"], mind["logger"], mind["event"]) == ("warning", "somebody", "mind the gap")
    assert bug["exception"].endswith("ZeroDivisionError: division by zero")


def test_text_is_for_people() -> None:
    lines = spoken("text")
    assert "[info     ] booked" in lines[0]
    assert "request_id=r1" in lines[0]
    assert "mind the gap" in lines[1]
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_a_request_is_logged_under_the_id_that_its_answer_carries(folder: Path) -> None:
    with serving(folder, log_format="json", log_requests="all") as server, server.http() as http:
        answers = [http.get("/health/live"), http.get("/nowhere", headers={"x-request-id": "mine"})]
        assert answers[1].headers["x-request-id"] == "mine"

        def logged(answer: httpx.Response) -> list[tuple[Any, ...]]:
            lines = [json.loads(line) for line in server.said.splitlines()]
            mine = [line for line in lines if line.get("request_id") == answer.headers["x-request-id"]]
            return [(line["event"], line["path"], line["status"], line["ip"]) for line in mine]

        assert until(lambda: logged(answers[0])) == [("request", "/health/live", 200, "127.0.0.1")]
        assert until(lambda: logged(answers[1])) == [("request", "/nowhere", 404, "127.0.0.1")]
        assert server.stop() == 0


def test_a_misspelt_variable_is_in_the_log(folder: Path) -> None:
    with serving(folder, prot="9000") as server:
        assert "AGENDUM_PROT is not a setting: did you mean AGENDUM_PORT?" in server.said
        assert server.stop() == 0
