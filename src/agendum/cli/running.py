"""Commands that run the server or prepare its database."""

from __future__ import annotations

import asyncio
import os
from importlib.metadata import version
from typing import Any

import click
import structlog

from agendum.cli.common import Say, bring_up_to_date, database, for_one_task, options, steps, strange_variables
from agendum.cli.trouble import check_database
from agendum.config import Settings, load_settings
from agendum.core import clock, logs

_log = structlog.get_logger("agendum.cli")


@click.command()
@click.option(
    "--demo", "with_demo", is_flag=True, help="Make a demo business, and fill its calendar up to 30 days ahead."
)
@options("host", "port", "workers", "data_dir", "database_url")
@click.pass_context
def serve(ctx: click.Context, with_demo: bool, **given: Any) -> None:
    """Start everything: PostgreSQL, the API, the jobs. Ctrl-C stops it."""
    settings = load_settings(**given)
    logs.set_up(settings.log_level, settings.log_format)
    for line in strange_variables():
        _log.warning(line)
    _share_metrics(settings)
    from agendum.serve.start import serve as start  # after the line above, which prometheus-client must find

    say = steps(in_log=True)
    card: dict[str, Any] = {}

    def prepare(dsn: str) -> None:
        bring_up_to_date(dsn, say)
        if with_demo:
            card.update(_make_demo(settings, dsn, say))

    if settings.database_url:
        asyncio.run(check_database(settings, to_migrate=True))
    try:
        in_peace = start(settings, prepare=prepare, say=say, ready=lambda: _show(settings, card))
    except KeyboardInterrupt:  # before it was ready
        in_peace = True
    ctx.exit(0 if in_peace else 1)


@click.command()
@options("data_dir", "database_url")
def worker(**given: Any) -> None:
    """Run jobs alone, beside servers that were started with AGENDUM_WORKER=off."""
    settings = load_settings(**given)
    logs.set_up(settings.log_level, settings.log_format)
    from agendum.serve.children import jobs, run
    from agendum.serve.ground import outlets

    outlets(settings)
    with database(settings, steps(in_log=True)) as dsn:
        run(jobs, settings, dsn)


@click.command()
@options("data_dir", "database_url")
def migrate(**given: Any) -> None:
    """Bring the database up to date. `serve` does it too, when it starts."""
    settings, say = for_one_task(given), steps()
    with database(settings, say, make=True) as dsn:
        bring_up_to_date(dsn, say)
    click.echo("The database is up to date.")


@click.command()
@options("data_dir", "database_url")
def demo(**given: Any) -> None:
    """Make the demo business, or fill its calendar up to 30 days ahead again."""
    settings, say = for_one_task(given), steps()
    with database(settings, say, make=True) as dsn:
        bring_up_to_date(dsn, say)
        card = _make_demo(settings, dsn, say)
    click.echo(_lines(_demo_lines(settings, card)))


def _make_demo(settings: Settings, dsn: str, say: Say) -> dict[str, Any]:
    from agendum.demo.actions import extend_demo, make_demo

    async def both() -> dict[str, Any]:
        now = clock.now()
        card = await make_demo(dsn, settings.public_url, settings.data_path, now=now, progress=say)
        await extend_demo(dsn, now=now, progress=say)
        return card

    return asyncio.run(both())


def _share_metrics(settings: Settings) -> None:
    """Have all processes of this server count in one folder, so that /metrics of any of them tells for all."""
    folder = settings.data_path / "metrics"
    settings.data_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _show(settings: Settings, card: dict[str, Any]) -> None:
    url = settings.public_url
    lines = {
        "Console": f"{url}/console",
        "Cabinet": f"{url}/my",
        "API": f"{url}/api/v1",
        "Reference": f"{url}/docs",
        "Health": f"{url}/health/ready",
        "Data folder": str(settings.data_path),
    }
    if card:
        lines |= _demo_lines(settings, card)
    title = click.style(f"Agendum {version('agendum')} is ready", bold=True)
    hint = ""
    if settings.host in ("0.0.0.0", "::") and not settings.base_url:  # noqa: S104
        hint = "\n\n  Set AGENDUM_BASE_URL to the address by which clients reach this server."
    click.echo(f"\n  {title}, Ctrl-C stops it\n\n{_lines(lines)}{hint}\n")


def _demo_lines(settings: Settings, card: dict[str, Any]) -> dict[str, str]:
    owner = card["owner"]
    return {
        "Booking page": f"{settings.public_url}/b/{card['booking_form_ids'][0]}",
        "Demo": str(settings.data_path / "demo.json"),
        "Partner token": card["partner_token"],
        "Owner": f"{owner['login']} / {owner['password']}",
        "Owner's token": owner["user_token"],
    }


def _lines(pairs: dict[str, str]) -> str:
    return "\n".join(f"  {click.style(f'{name:<14}', dim=True)} {value}" for name, value in pairs.items())
