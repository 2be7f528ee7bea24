"""The README's commands do what it says: the nine steps of a booking, and what a client does afterwards."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.processes import PATIENCE, Serving, environment

pytestmark = pytest.mark.xdist_group("processes")

ROOT = Path(__file__).parents[2]
LATER = 120.0  # seconds: a phone gets one code a minute


def test_the_commands_of_the_readme(folder: Path) -> None:
    """The two parts run in one shell; between them the server's clock goes on, so that nobody has to wait."""
    booking, afterwards = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.S | re.M)[1:]
    server = Serving(folder, "--demo").await_ready()
    shell = subprocess.Popen(
        ["bash", "-eu", "-o", "pipefail"],
        cwd=ROOT,
        env=environment(clock_shift=0) | {"DEMO": str(folder / "demo.json"), "CODE_PAUSE": "0", "WAIT": "6"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert shell.stdin
    assert shell.stdout
    try:
        shell.stdin.write(booking + "\necho DONE\n")
        shell.stdin.flush()
        said: list[str] = []
        while not said or said[-1] != "DONE\n":
            line = shell.stdout.readline()
            assert line, "".join(said)
            said.append(line)
        assert "'step': 'datetime'" in said[0]
        assert said[1:3] == ["{'message': 'Created'}\n"] * 2
        booked = said[3].strip()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00\+0[23]:00", booked)

        server.stop()
        server = Serving(folder, "--demo", port=server.port, clock_shift=LATER).await_ready()
        rest, _ = shell.communicate(afterwards, timeout=PATIENCE)
        seen, moved, *end = rest.splitlines()
        assert seen == booked
        assert moved != booked
        assert end[0] == "200"
        assert end[1]  # whose visit it was
        assert end[2] == "True"
        assert shell.returncode == 0
    finally:
        shell.kill()
        server.stop()
