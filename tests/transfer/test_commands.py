"""The commands: what they print, write and refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes import agendum
from tests.transfer.conftest import Ledger

pytestmark = pytest.mark.anyio


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def test_clients_go_out_and_come_in_by_command(ledger: Ledger, sheet: Path, tmp_path: Path) -> None:
    where = ("--location", str(ledger.here), "--database-url", ledger.dsn)
    _write(sheet, "name,phone\nAnn,+13155550001\nBad,1\n")
    report = tmp_path / "report.csv"
    done = agendum("import", "clients", str(sheet), *where, "--dry-run")
    assert done.returncode == 1
    assert done.stdout == "2 lines: 1 would be new, 0 would be changed, 0 known, 1 refused.\n"
    assert done.stderr == "line 3: Phone must contain 9 to 15 digits\n"
    done = agendum("import", "clients", str(sheet), *where, "--report", str(report))
    assert (done.returncode, done.stdout) == (1, "2 lines: 1 new, 0 changed, 0 known, 1 refused.\n")
    assert _read(report) == "line,reason\n3,Phone must contain 9 to 15 digits\n"
    done = agendum("export", "clients", "-", *where)
    assert (done.returncode, done.stdout, done.stderr) == (0, await ledger.take("clients"), "2 clients written.\n")
    done = agendum("export", "clients", str(sheet), *where)
    assert (done.returncode, _read(sheet)) == (0, await ledger.take("clients"))
    done = agendum("import", "clients", str(sheet), *where)
    assert (done.returncode, done.stdout) == (0, "2 lines: 0 new, 0 changed, 2 known, 0 refused.\n")


async def test_appointments_come_in_and_go_out_by_command(ledger: Ledger, sheet: Path) -> None:
    where = ("--location", str(ledger.here), "--database-url", ledger.dsn)
    head = "team_member;start;service;client_phone"
    _write(sheet, f"{head}\nAnna;{ledger.day(3)} 9:00;Haircut;{ledger.business.client_phone}\n")
    done = agendum("import", "appointments", str(sheet), *where)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 lines: 1 new, 0 known, 0 refused.\n", "")
    done = agendum("export", "appointments", "-", *where)
    assert done.stdout == await ledger.take("appointments")


async def test_what_stands_in_the_way_is_one_line(ledger: Ledger, sheet: Path) -> None:
    _write(sheet, "name,shoe size\nAnn,44\n")
    done = agendum("import", "clients", str(sheet), "--location", str(ledger.here), "--database-url", ledger.dsn)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Column 2, shoe size: known are external_id, name, ")
    _write(sheet, "name,phone\nAnn,+13155550001\n")
    done = agendum("import", "clients", str(sheet), "--location", "999", "--database-url", ledger.dsn)
    assert (done.returncode, done.stderr) == (1, "Error: There is no location 999.\n")
