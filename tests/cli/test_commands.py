"""The commands beside `serve`: what they show, what they make, and how they refuse."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import pytest

from agendum.config import Settings
from agendum.core.db.embedded import EmbeddedPostgres
from tests.processes import agendum, environment, partner, place, refusal, serving, small_world, until

pytestmark = pytest.mark.xdist_group("processes")


def said(*arguments: str, feed: str = "", **settings: object) -> str:
    """What a command prints that does what it is asked for."""
    done = agendum(*arguments, feed=feed, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_tells_its_version_and_its_commands() -> None:
    assert said("--version") == f"agendum {version('agendum')}\n"
    shown = said("--help")
    assert all(command in shown for command in ("serve", "worker", "migrate", "demo", "config", "messages"))


def test_config_shows_every_setting_with_its_origin_and_no_secret() -> None:
    shown = said(
        "config",
        "--port",
        "9000",
        database_url="postgresql://ada:s3cret@db.example:5433/salon?sslmode=require&password=s3cret",
        smtp_url="smtps://ada:s3cret@mail.example",
        sms_url="twilio://s3cret:s3cret@15550100/{phone}",
        worker="off",
    )
    rows = {line.split()[0]: line for line in shown.splitlines()[1:]}
    assert set(rows) == {f"AGENDUM_{name.upper()}" for name in Settings.__struct_fields__}
    assert "s3cret" not in shown
    assert rows["AGENDUM_PORT"].split()[1:] == ["9000", "--port"]
    assert rows["AGENDUM_WORKER"].split()[1:] == ["off", "environment"]
    assert rows["AGENDUM_HOST"].split()[1:] == ["127.0.0.1", "default"]
    url = "postgresql://ada:***@db.example:5433/salon?sslmode=require&password=***"
    assert rows["AGENDUM_DATABASE_URL"].split()[1:] == [url, "environment"]
    assert rows["AGENDUM_SMTP_URL"].split()[1] == "smtps://ada:***@mail.example"
    assert rows["AGENDUM_SMS_URL"].split()[1] == "twilio://***"


def test_a_variable_that_is_no_setting_is_pointed_out() -> None:
    done = agendum("config", prot="9000")
    assert (done.returncode, done.stderr) == (0, "AGENDUM_PROT is not a setting: did you mean AGENDUM_PORT?\n")


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"port": 99999}, "AGENDUM_PORT (--port): Expected `int` <= 65535"),
        ({"workers": "many"}, "AGENDUM_WORKERS (--workers): Expected `int`, got `str`"),
        ({"database_url": "mysql://x/y"}, "AGENDUM_DATABASE_URL must look like postgresql://"),
        ({"database_url": "postgresql://u@127.0.0.1:1/x"}, "no PostgreSQL answers at 127.0.0.1:1 "),
        ({"sms_url": "nonsense"}, "the SMS URL must say with {phone} where the number goes"),
        ({"host": "nowhere.invalid"}, "--host nowhere.invalid: "),
        ({"host": "192.0.2.1"}, "this machine has no address 192.0.2.1: give another --host"),
    ],
)
def test_a_bad_setting_is_one_line(tmp_path: Path, settings: dict[str, Any], line: str) -> None:
    assert refusal("serve", "--data-dir", str(tmp_path / "data"), **settings).startswith(line)
    assert not (tmp_path / "data/postgres").exists()


def test_a_command_makes_no_cluster_by_mistake(tmp_path: Path) -> None:
    line = f"there is no data in {tmp_path}/data: give its --data-dir, or run `agendum serve` first"
    assert refusal("partner", "create", "Bot", "--data-dir", f"{tmp_path}/data") == line
    assert not (tmp_path / "data").exists()


@pytest.fixture(scope="module")
def outside() -> Iterator[str]:
    """A PostgreSQL server that asks for a password, as one of the operator's own; the URL of its user `ada`."""
    with place() as folder:
        rules = folder / "hba.conf"
        rules.write_text("local all agendum trust\nlocal all ada scram-sha-256\n")
        rules.chmod(0o644)
        with EmbeddedPostgres(folder / "data", settings={"hba_file": str(rules)}) as server:
            with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
                admin.execute("CREATE ROLE ada LOGIN PASSWORD 'lovelace'")
                admin.execute("CREATE DATABASE salon OWNER ada")
                admin.execute("CREATE DATABASE bare OWNER agendum")
            query = server.dsn("x").partition("?")[2]
            yield f"postgresql://ada:lovelace@/salon?{query}"


def test_an_outside_database_is_named_in_what_goes_wrong(outside: str) -> None:
    right = {"database_url": outside}
    assert said("migrate", **right) == "The database is up to date.\n"
    assert said("partner", "create", "Bot", **right).startswith("Partner 1: Bot\nToken: ")
    wrong = outside.replace("lovelace", "byron")
    line = refusal("migrate", database_url=wrong)
    assert line.startswith("PostgreSQL at localhost:5432 refuses the user or password of AGENDUM_DATABASE_URL")
    assert "byron" not in line
    line = refusal("serve", database_url=outside.replace("/salon", "/saloon"))
    assert line.startswith('there is no database "saloon" at localhost:5432: make it with `createdb saloon`')
    line = refusal("partner", "create", "Bot", database_url=outside.replace("/salon", "/postgres"))
    assert line.startswith("the database is not up to date")
    assert line.endswith("run `agendum migrate`")
    line = refusal("migrate", database_url=outside.replace("/salon", "/bare"))
    assert line == (
        'the role of AGENDUM_DATABASE_URL may not make tables in "bare" at localhost:5432: '
        "make it the owner of the database"
    )


def test_serve_works_on_an_outside_database(tmp_path: Path, outside: str) -> None:
    with serving(tmp_path / "data", database_url=outside, data_dir=tmp_path / "data") as server, server.http() as http:
        assert http.get("/health/ready").status_code == 200
        assert not list((tmp_path / "data").glob("postgres*"))
        assert server.stop() == 0


def test_who_is_made_here_may_speak_to_the_running_server(folder: Path) -> None:
    here = ("--data-dir", str(folder))
    with serving(folder) as server, server.http() as http:
        made = said("partner", "create", "Price bot", *here)
        token = made.rpartition("Token: ")[2].strip()
        headers = {"Authorization": f"Bearer {token}"}
        assert http.get("/api/v1/countries").status_code == 401
        assert http.get("/api/v1/countries", headers=headers).status_code == 200

        assert said("user", "create", "Ada", "--email", "ada@example.com", *here, feed="first password\n")
        sign_in = {"login": "ada@example.com", "password": "first password"}
        signed_in = http.post("/api/v1/auth", headers=headers, json=sign_in)
        assert signed_in.status_code == 201, signed_in.text
        mine = {"Authorization": f"Bearer {token}, User {signed_in.json()['data']['user_token']}"}
        assert http.get("/api/v1/booking/user/data", headers=mine).status_code == 200

        assert said("user", "password", "ADA@example.com", *here, feed="second password\n")
        until(lambda: http.get("/api/v1/booking/user/data", headers=mine).status_code == 401)
        assert http.post("/api/v1/auth", headers=headers, json=sign_in).status_code == 401
        sign_in["password"] = "second password"
        assert http.post("/api/v1/auth", headers=headers, json=sign_in).status_code == 201

        assert refusal("user", "create", "Bob", "--email", "ada@example.com", "--no-password", *here) == (
            "without a password a user signs in by --phone and code"
        )
        assert refusal("user", "password", "bob", *here, feed="long enough\n").startswith("there is no user with")
        bob = ("user", "create", "Bob", *here, "--email")
        assert refusal(*bob, "ada@example.com", feed="long enough\n") == "Another user has this email."
        assert refusal(*bob, "bob@example.com", feed="short\n") == "a password has 8 to 255 characters"
        assert server.stop() == 0


def test_messages_shows_a_code_that_was_sent(folder: Path) -> None:
    here = ("--data-dir", str(folder))
    with serving(folder) as server, server.http() as http:
        small = small_world(server.dsn)
        asked = http.post(
            f"/api/v1/book_code/{small.business.location_id}",
            json={"phone": "+1 315 555 0175", "fulname": "Ada"},
            headers=partner(small),
        )
        assert asked.status_code == 201, asked.text
        [message] = until(lambda: [json.loads(line) for line in said("messages", "--json", *here).splitlines()])
        assert (message["recipient"], message["kind"], message["status"]) == ("13155550175", "phone_code", "kept")
        shown = said("messages", "--to", "+1 (315) 555-0175", *here)
        assert message["body"] in shown
        assert said("messages", "--to", "+1 315 555 0176", *here) == ""
        assert refusal("messages", "--to", "tomorrow", *here).startswith("The phone is not in international form")
        code = next(word for word in message["body"].replace(".", " ").split() if word.isdigit())
        signed_in = http.post("/api/v1/user/auth", json={"phone": "13155550175", "code": code}, headers=partner(small))
        assert signed_in.status_code == 201, signed_in.text
        assert server.stop() == 0


def test_a_worker_of_its_own_does_the_jobs(folder: Path) -> None:
    with serving(folder, worker="off") as server, server.http() as http:
        small = small_world(server.dsn)
        assert server.jobs() == []
        body = {"phone": "+13155550175", "fulname": "Ada"}
        http.post(f"/api/v1/book_code/{small.business.location_id}", json=body, headers=partner(small))
        command = [sys.executable, "-m", "agendum", "worker", "--data-dir", str(folder)]
        with subprocess.Popen(command, env=environment()) as worker:
            until(lambda: said("messages", "--json", "--data-dir", str(folder)))
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        assert server.stop() == 0


def test_openapi_prints_the_document() -> None:
    document = json.loads(said("openapi", base_url="https://book.example"))
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "https://book.example/api/v1"}]
    assert "/book_record/{location_id}" in document["paths"]
