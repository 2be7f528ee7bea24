"""The operator's page knows every setting and every command."""

import re
from pathlib import Path

import msgspec

from agendum.cli import main
from agendum.cli.looking import shown
from agendum.config import Settings

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text()


def test_the_table_of_settings_is_complete_and_its_defaults_are_right() -> None:
    rows = re.findall(r"^\| `AGENDUM_(\w+)` \| (?:`(.*?)`)? ?\| \S", PAGE, re.MULTILINE)
    fields = msgspec.structs.fields(Settings)
    assert dict(rows) == {field.name.upper(): shown(field.name, field.default) for field in fields}


def test_every_command_is_in_it() -> None:
    assert {name for name in main.commands if f"`agendum {name}" not in PAGE} == set()
