"""Logs: one line an event on stderr, as JSON for machines or as text for people. What libraries say goes the same way.

A line has `time` (UTC), `level`, `logger`, `event`, what the event is about, and in a request its `request_id`.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import structlog
from structlog.contextvars import merge_contextvars
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import format_exc_info
from structlog.stdlib import ProcessorFormatter

Format = Literal["json", "text"]
Event = MutableMapping[str, Any]

_json = msgspec.json.Encoder(enc_hook=repr)
# Libraries are heard from a warning on; these two warn of what we say ourselves, and shortly.
_LIBRARIES = {"agendum": None, "_granian": logging.ERROR, "asyncpg.pool": logging.ERROR}


class _Stderr(io.RawIOBase):
    """One write a line, so that processes do not cut into each other's. A log that is gone never fails a request."""

    def write(self, line: Any, /) -> int:
        with contextlib.suppress(OSError):
            return os.write(2, line)
        return len(line)


def set_up(level: str = "info", form: Format = "json") -> None:
    """Send the logs of this process to stderr. To be called before the first line; forked children inherit it."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    stderr: Any = _Stderr()
    if form == "json":
        render: list[Any] = [format_exc_info, _fields, _to_json]
    else:
        colors = sys.stderr.isatty()
        console = ConsoleRenderer(colors=colors, timestamp_key="time", exception_formatter=plain_traceback)
        render = [_fields, console]
    structlog.configure(
        processors=[merge_contextvars, *render, _to_bytes],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.BytesLoggerFactory(stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=[merge_contextvars], processors=render))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.WARNING))
    for name, own in _LIBRARIES.items():
        logging.getLogger(name).setLevel(own or threshold)
    logging.captureWarnings(True)


def _fields(logger: Any, method: str, event: Event) -> Event:
    """What every line has, first. A record of the standard library brings its own logger and level."""
    record: logging.LogRecord | None = event.pop("_record", None)
    event.pop("_from_structlog", None)
    name, level = (record.name, record.levelname.lower()) if record else (getattr(logger, "name", None), method)
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "logger": name}
    return {**line, "event": event.pop("event", ""), **event}


def _to_json(_logger: Any, _method: str, event: Event) -> str:
    try:
        return _json.encode(event).decode()
    except (UnicodeEncodeError, OverflowError):  # half a surrogate from a path, a number beyond 64 bits
        return json.dumps(event, default=repr)


def _to_bytes(_logger: Any, _method: str, line: Any) -> bytes:
    return line.encode(errors="backslashreplace")
