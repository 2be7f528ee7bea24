"""All of `agendum serve`, from the data folder to its end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeAlias

from agendum.config import Settings
from agendum.serve.children import Child, jobs, web
from agendum.serve.ground import check_port, embedded, forget_metrics, held_folder, outlets
from agendum.serve.watch import Pulse, Ready, Stop, watch

Say: TypeAlias = Callable[[str], None]  # hears what begins now


def serve(settings: Settings, *, prepare: Callable[[str], None], say: Say, ready: Ready) -> bool:
    """Serve until told to stop. `prepare` gets the DSN before anybody else uses the database; `ready` is called when
    the server answers. True when everything came to its own end.

    Raises ServeError, EmbeddedError, KeyboardInterrupt when told to stop before it answers, and what `prepare` raises.
    """
    outlets(settings)
    with Stop() as stop, held_folder(settings.data_path), ExitStack() as held:
        check_port(settings)
        forget_metrics()
        dsn, pulse = settings.database_url, None
        if not dsn:
            say("starting PostgreSQL")
            postgres = held.enter_context(embedded(settings))
            dsn = postgres.dsn("agendum")
            prepare(dsn)
            pulse = held.enter_context(contextlib.closing(Pulse(postgres)))
        else:
            prepare(dsn)
        children = [Child(f"web {n}", web, settings, dsn) for n in range(1, settings.workers + 1)]
        if settings.worker:
            children.append(Child("jobs", jobs, settings, dsn))
        return watch(children, pulse, stop, settings, ready)
