"""Commands that make those who may speak to the server: partners and users."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agendum.cli.common import database, for_one_task, options, steps, transaction
from agendum.core import clock

if TYPE_CHECKING:
    from agendum.core.db.sql import Connection

T = TypeVar("T")

_SHORTEST, _LONGEST = 8, 255  # characters in a password, as in the API


@click.group()
def partner() -> None:
    """Integrations, which call the API with a token of their own."""


@partner.command("create")
@click.argument("title")
@options("data_dir", "database_url")
def create_partner(title: str, **given: Any) -> None:
    """Make an integration and show its token, this once."""
    from agendum.access.actions import create_partner

    if not title.strip():
        raise click.ClickException("a partner needs a title")
    partner_id, token = _do(given, lambda db: create_partner(db, title.strip(), clock.now()))
    click.echo(f"Partner {partner_id}: {title.strip()}\nToken: {token}")


@click.group()
def user() -> None:
    """People who sign in: owners, the team, clients."""


@user.command("create")
@click.argument("name")
@click.option("--phone", default="", help="In international form, such as +13155550175.")
@click.option("--email", default="")
@click.option("--login", default="", help="A name to sign in with.")
@click.option("--no-password", is_flag=True, help="For somebody who signs in by phone and code.")
@options("data_dir", "database_url")
def create_user(name: str, phone: str, email: str, login: str, no_password: bool, **given: Any) -> None:
    """Make a user. The password is asked for, or read from standard input."""
    from agendum.access.actions import create_user

    if not name.strip():
        raise click.ClickException("a user needs a name")
    if not (phone or email or login):
        raise click.ClickException("give a --phone, an --email or a --login: a user signs in with one of them")
    if no_password and not phone:
        raise click.ClickException("without a password a user signs in by --phone and code")
    password = "" if no_password else _ask_password()
    user_id = _do(given, lambda db: create_user(db, name, phone, email, login, password, clock.now()))
    click.echo(f"User {user_id}: {name.strip()}")


@user.command("password")
@click.argument("login")
@options("data_dir", "database_url")
def change_password(login: str, **given: Any) -> None:
    """Give the user with this phone, e-mail or login a new password; all his tokens are void."""
    from agendum.access.actions import set_password, sql
    from agendum.access.rules import login_phone

    password = _ask_password()

    async def change(db: Connection) -> str:
        row = await sql.user_by_login.row(db, phone=login_phone(login), login=login.strip())
        if row is None:
            raise click.ClickException(f"there is no user with the phone, e-mail or login {login}")
        await set_password(db, row["id"], password, clock.now())
        return row["name"]

    click.echo(f"{_do(given, change)} has a new password.")


def _do(given: dict[str, Any], task: Callable[[Connection], Awaitable[T]]) -> T:
    """Run a task in one transaction on the database of these settings."""

    async def run(dsn: str) -> T:
        async with transaction(dsn) as db:
            return await task(db)

    settings = for_one_task(given)
    with database(settings, steps()) as dsn:
        return asyncio.run(run(dsn))


def _ask_password() -> str:
    """Never an option: other users of the machine can read a command line."""
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise click.ClickException(f"a password has {_SHORTEST} to {_LONGEST} characters")
    return password
