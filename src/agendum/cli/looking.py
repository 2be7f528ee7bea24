"""Commands that show something: the settings, the messages, the API as OpenAPI."""

from __future__ import annotations

import asyncio
import os
import re
from typing import Any

import click
import msgspec

from agendum.cli.common import database, for_one_task, options, steps, strange_variables, transaction
from agendum.config import PREFIX, SECRET, Settings


@click.command()
@options("host", "port", "workers", "data_dir", "database_url")
def config(**given: Any) -> None:
    """Show every setting, its value and where it comes from."""
    settings = for_one_task(given)
    rows = [("SETTING", "VALUE", "FROM")]
    for field in msgspec.structs.fields(Settings):
        variable = PREFIX + field.name.upper()
        where = "default"
        if given.get(field.name) is not None:
            where = "--" + field.name.replace("_", "-")
        elif variable in os.environ:
            where = "environment"
        rows.append((variable, shown(field.name, getattr(settings, field.name)), where))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for row in rows:
        click.echo(f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}")
    for line in strange_variables():
        click.echo(line, err=True)


def shown(name: str, value: Any) -> str:
    """A setting's value for people, without its secrets."""
    if isinstance(value, bool):
        return "on" if value else "off"
    text = str(value)
    if name not in SECRET or not text:
        return text
    scheme, _, rest = text.partition("://")
    if name == "sms_url":  # an Apprise URL keeps its keys anywhere
        return f"{scheme}://***"
    rest = re.sub(r"^([^/?#]*?):[^/?#]*@", r"\1:***@", rest)
    rest = re.sub(r"(?i)((?:ssl)?password)=[^&]*", r"\1=***", rest)
    return f"{scheme}://{rest}"


@click.command()
@click.option("--to", "recipient", metavar="PHONE", help="Only those to a phone or an e-mail address.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@options("data_dir", "database_url")
def messages(recipient: str | None, limit: int, as_json: bool, **given: Any) -> None:
    """Show the newest SMS and e-mails: what was sent, and what was only kept for want of a provider."""
    from agendum.access.actions import read_phone
    from agendum.messaging.actions import Message, list_messages

    if recipient is not None and "@" not in recipient:
        recipient = read_phone(recipient)

    async def read(dsn: str) -> list[Message]:
        async with transaction(dsn) as db:
            return await list_messages(db, recipient, limit)

    settings = for_one_task(given)
    with database(settings, steps()) as dsn:
        found = asyncio.run(read(dsn))
    for message in found:
        if as_json:
            click.echo(msgspec.json.encode(message).decode())
            continue
        head = f"{message.created_at:%Y-%m-%d %H:%M:%S}  {message.channel} to {message.recipient}  {message.kind}"
        click.echo(f"{click.style(head, bold=True)}  {message.status}{message.error and f': {message.error}'}")
        text = f"{message.subject}\n{message.body}" if message.subject else message.body
        click.echo("\n".join(f"    {line}" for line in text.splitlines()) + "\n")
    if not found and not as_json:
        click.echo("No messages.", err=True)


@click.command()
@click.option("--version", type=click.Choice(["v1", "v2"]), default="v1", show_default=True, help="Of the API.")
def openapi(version: str) -> None:
    """Print the OpenAPI document of the API."""
    from agendum.app import routes
    from agendum.core.openapi import build

    settings = for_one_task({})
    document = build(version, routes(), base_url=settings.public_url)
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
