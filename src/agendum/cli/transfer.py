"""Commands that bring clients and appointments in from CSV files, and out into them."""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeVar

import click

from agendum.cli.common import connection, database, for_one_task, options, steps
from agendum.core import clock

if TYPE_CHECKING:
    from agendum.transfer.rules.sheets import Totals

F = TypeVar("F", bound=Callable[..., Any])
What = Literal["clients", "appointments"]
Hear = Callable[[int, str], None]

_SHOWN = 10  # refused lines that are shown where no report is wanted
_location = click.option("--location", "location_id", type=int, required=True, metavar="ID", help="Whose they are.")


@click.group("import")
def import_() -> None:
    """Bring clients and appointments in from a CSV file. Safe to repeat."""


@click.group()
def export() -> None:
    """Write clients and appointments into a CSV file, - for standard output."""


def _importing(command: F) -> F:
    """The options of every import."""
    for add in reversed(
        (
            click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
            _location,
            click.option("--dry-run", "dry", is_flag=True, help="Tell what would be done, write nothing."),
            click.option(
                "--report", type=click.Path(dir_okay=False, path_type=Path), help="CSV of every refused line."
            ),
            click.option("--quiet", is_flag=True, help="Tell no listeners: no webhooks, no reminders."),
            options("data_dir", "database_url"),
        )
    ):
        command = add(command)
    return command


@import_.command("clients")
@_importing
def import_clients(**given: Any) -> None:
    """Clients: new ones are made, known ones get what FILE says of them."""
    _import("clients", **given)


@import_.command("appointments")
@_importing
@click.option("--overbook", is_flag=True, help="Put them also over time that is taken.")
def import_appointments(**given: Any) -> None:
    """Appointments: past ones as history, coming ones take their time."""
    _import("appointments", **given)


@export.command("clients")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@_location
@options("data_dir", "database_url")
def export_clients(**given: Any) -> None:
    """All clients of a location."""
    _export("clients", **given)


@export.command("appointments")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@_location
@options("data_dir", "database_url")
def export_appointments(**given: Any) -> None:
    """All appointments of a location that are not deleted."""
    _export("appointments", **given)


def _import(
    what: What,
    file: Path,
    location_id: int,
    report: Path | None,
    dry: bool,
    quiet: bool,
    overbook: bool = False,
    **given: Any,
) -> None:
    from agendum.transfer.actions.appointments import import_appointments
    from agendum.transfer.actions.clients import import_clients
    from agendum.transfer.actions.common import Mode, place_of

    mode = Mode(at=clock.now(), dry=dry, quiet=quiet, overbook=overbook)
    work = import_clients if what == "clients" else import_appointments

    async def run(dsn: str, lines: Iterable[str], hear: Hear) -> Totals:
        async with connection(dsn) as db:
            return await work(db, await place_of(db, location_id), lines, mode, hear)

    settings = for_one_task(given)
    with database(settings, steps()) as dsn, _text(file) as lines, _refusals(report) as hear:
        totals = asyncio.run(run(dsn, lines, hear))
    would = "would be " if dry else ""
    changed = f"{totals.changed} {would}changed, " if what == "clients" else ""
    click.echo(
        f"{totals.lines} lines: {totals.new} {would}new, {changed}{totals.same} known, {totals.refused} refused."
    )
    if totals.refused:
        click.get_current_context().exit(1)


@contextmanager
def _text(file: Path) -> Generator[Iterator[str]]:
    """The lines of a file, with a bar on a terminal. What is not UTF-8 comes as lone surrogates."""
    with file.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        if not sys.stderr.isatty():
            yield text
            return
        size = max(file.stat().st_size, 1)
        with click.progressbar(length=size, label="  reading", file=sys.stderr) as bar:
            yield _counted(text, raw.tell, bar.update)
            bar.update(size - bar.pos)


def _counted(text: TextIO, tell: Callable[[], int], move: Callable[[int], None]) -> Iterator[str]:
    shown = 0
    for line in text:
        if (now := tell()) != shown:
            move(now - shown)
            shown = now
        yield line


@contextmanager
def _refusals(report: Path | None) -> Generator[Hear]:
    """Where refused lines go: all of them into the report; without one the first few on standard error."""
    if report is not None:
        with report.open("w", encoding="utf-8", newline="") as out:
            write = csv.writer(out).writerow
            write(("line", "reason"))
            yield lambda number, reason: _drop(write((number, reason)))
        return
    heard: list[tuple[int, str]] = []
    count = 0

    def hear(number: int, reason: str) -> None:
        nonlocal count
        count += 1
        if count <= _SHOWN:
            heard.append((number, reason))

    yield hear
    for number, reason in heard:
        click.echo(f"line {number}: {reason}", err=True)
    if count > _SHOWN:
        click.echo(f"… and {count - _SHOWN} more: --report FILE gets them all", err=True)


def _drop(_: Any) -> None:
    return None


def _export(what: What, file: str, location_id: int, **given: Any) -> None:
    from agendum.transfer.actions.appointments import export_appointments
    from agendum.transfer.actions.clients import export_clients
    from agendum.transfer.actions.common import place_of

    async def run(dsn: str) -> int:
        async with connection(dsn) as db, db.transaction(isolation="repeatable_read", readonly=True):
            place = await place_of(db, location_id)
            pages = (export_clients if what == "clients" else export_appointments)(db, place)
            return await _write(pages, file)

    settings = for_one_task(given)
    with database(settings, steps()) as dsn:
        count = asyncio.run(run(dsn))
    click.echo(f"{count} {what} written.", err=True)


async def _write(pages: AsyncIterator[Sequence[Sequence[str]]], file: str) -> int:
    """Gives the number of lines below the header."""
    count = -1
    with click.open_file(file, "w", encoding="utf-8", lazy=False, atomic=file != "-") as out:
        write = csv.writer(out, lineterminator="\n").writerows
        async for page in pages:
            write(page)
            count += len(page)
    return count
