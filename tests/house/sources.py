"""What the house tests look at: our files and our statements."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import agendum
from agendum.core.db.sql import Statement, load

PACKAGE = Path(agendum.__file__).parent
ROOT = PACKAGE.parent.parent


def python_files() -> list[Path]:
    """Every Python file of ours, tests included."""
    return sorted(path for folder in (PACKAGE, ROOT / "tests", ROOT / "bench") for path in folder.rglob("*.py"))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def statements() -> dict[str, Statement]:
    """Every statement of every `queries.sql` and `queries/` folder, by `folder.name`."""
    files = [path for path in PACKAGE.rglob("*.sql") if path.name == "queries.sql" or path.parent.name == "queries"]
    folders = {path.parent if path.name == "queries.sql" else path.parent.parent for path in files}
    return {
        f"{folder.relative_to(PACKAGE)}.{statement.name}": statement
        for folder in sorted(folders)
        for statement in load(str(folder / "sql"))
    }
