"""The command line. Each command loads what it needs when it runs, so that `agendum --help` is quick."""

from __future__ import annotations

from typing import Any

import click

from agendum.cli.looking import config, messages, openapi
from agendum.cli.people import partner, user
from agendum.cli.running import demo, migrate, serve, worker
from agendum.cli.transfer import export, import_
from agendum.cli.trouble import explain

_ORDER = (serve, worker, migrate, demo, config, messages, partner, user, import_, export, openapi)


class _Commands(click.Group):
    """Says in one line what stands in the way; a traceback means a bug."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [command.name for command in _ORDER if command.name]

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if (line := explain(error)) is None:
                raise
            raise click.ClickException(line) from None


@click.group(
    cls=_Commands,
    commands={str(command.name): command for command in _ORDER},
    epilog=("Every setting can be given as a variable AGENDUM_…: `agendum config` shows them all."),
)
@click.version_option(package_name="agendum", prog_name="agendum", message="%(prog)s %(version)s")
def main() -> None:
    """Agendum: online booking, calendar and clients for service businesses, self-hosted."""
