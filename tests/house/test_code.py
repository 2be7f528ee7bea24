"""Small rules of the house that no linter knows. Each says why; what may differ is listed with its reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, python_files, short, statements

LONGEST = 400
LAYERS = {"core", "cli", "serve", "demo", "docs_assets", "pages"}  # not domains
FILES = {
    "__init__.py",
    "v1.py",
    "v2.py",
    "wire.py",
    "actions.py",
    "rules.py",
    "errors.py",
    "notices.py",
    "jobs.py",
    "facts.py",  # what other domains ask of this one, kept in the process
    "queries.sql",
}
FOLDERS = {"v1", "v2", "wire", "actions", "rules", "queries", "jobs"}  # a file that outgrew its length
# Files of another name, and why they are there.
ALSO = {
    "access/passwords.py": "hashing needs threads",
    "booking/claims.py": "from wishes to claims on time, before anything is written",
    "booking/forms_facts.py": "what booking tells of locations",
    "booking/forms_rules.py": "booking forms stand apart from booking",
    "booking/forms_wire.py": "booking forms stand apart from booking",
    "booking/nearest.py": "the next free start of many locations at once",
    "booking/setup_actions.py": "setting up online booking stands apart from booking",
    "booking/setup_rules.py": "setting up online booking stands apart from booking",
    "booking/setup_wire.py": "setting up online booking stands apart from booking",
    "booking/texts": "interface texts by language",
    "chains/businesses.py": "our own list of businesses",
    "chains/hooks.py": "what lower domains ask of booking",
    "chains/reference.py": "reference rows from kept packages",
    "chains/reference_load.py": "reference rows into the database",
    "clients/hooks.py": "what higher domains hold about a person",
    "clients/privacy.py": "erasing a person and telling what is held stand apart from the desk",
    "clients/search.py": "a search is put together from the filters that are asked for",
    "messaging/senders.py": "providers of SMS and e-mail",
    "messaging/texts": "texts of messages by language",
    "messaging/writing.py": "a message from a notice",
    "receipts/receipt.typ": "the page that is typeset",
    "schedule/availability.py": "the engine's questions and answers",
}

# Before an event loop runs, or in a process that has none.
MAY_SLEEP = {
    "src/agendum/core/db/embedded.py",
    "src/agendum/core/db/embedded_host.py",
    "src/agendum/serve/ground.py",
}


@pytest.mark.parametrize("path", python_files(), ids=short)
def test_file_is_short(path: Path) -> None:
    """At 400 lines a file becomes a folder, by noun or verb."""
    assert path.read_text().count("\n") <= LONGEST


def test_sql_and_assets_are_short() -> None:
    long = [short(path) for path in PACKAGE.rglob("*.sql") if path.read_text().count("\n") > LONGEST]
    assert not long, "\n".join(long)


def test_a_domain_has_the_files_that_every_domain_has() -> None:
    """Who knows one domain finds his way in all of them."""
    domains = [path for path in PACKAGE.iterdir() if path.is_dir() and path.name not in LAYERS | {"__pycache__"}]
    odd = [
        f"{domain.name}/{path.name}"
        for domain in domains
        for path in domain.iterdir()
        if path.name not in (FOLDERS if path.is_dir() else FILES) | {"__pycache__"}
    ]
    unknown = sorted(set(odd) - ALSO.keys())
    assert not unknown, "\n".join(unknown)
    assert sorted(set(ALSO) - set(odd)) == [], "listed, but gone"


@pytest.mark.parametrize("path", [path for path in python_files() if PACKAGE in path.parents], ids=short)
def test_source_keeps_the_rules(path: Path) -> None:
    tree = ast.parse(path.read_text())
    problems = [
        f"line {getattr(node, 'lineno', 0)}: {problem}" for node in ast.walk(tree) for problem in _problems(node, path)
    ]
    assert not problems, "\n".join(problems)


def _problems(node: ast.AST, path: Path) -> list[str]:
    found: list[str] = []
    if isinstance(node, ast.ExceptHandler):
        broad = node.type is None or (
            isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
        )
        if broad and all(isinstance(line, ast.Pass | ast.Continue) for line in node.body):
            found.append("an error is swallowed")
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called == "time.sleep" and short(path) not in MAY_SLEEP:
            found.append("a sleep that stops the event loop")
        if called in ("datetime.now", "datetime.utcnow", "date.today") and path.name not in ("clock.py", "logs.py"):
            found.append("the time comes from call.now or core.clock")
        if path.name == "rules.py" and called.split(".")[-1] == "now":
            found.append("a rule is given the time, it does not ask for it")
    return found


def test_sql_lives_in_sql_files() -> None:
    """A statement in a .py file is prepared by no test. The core's few are about sessions, not about tables."""
    statement = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.*\b(FROM|VALUES|SET|WHERE)\b", re.S)
    found = [
        f"{short(path)}:{node.lineno}"
        for path in python_files()
        if PACKAGE in path.parents and "core" not in path.relative_to(PACKAGE).parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.search(node.value)
    ]
    assert not found, "\n".join(found)


def test_every_statement_is_used() -> None:
    """By the code, or by a statement that quotes it."""
    sources = "\n".join(path.read_text() for path in python_files() if PACKAGE in path.parents)
    quotes = re.findall(r"-- quote: (?:\w+\.)?(\w+)", "\n".join(path.read_text() for path in PACKAGE.rglob("*.sql")))
    names = {name: name.split(".")[-1] for name in statements()}
    unused = [full for full, name in names.items() if name not in quotes and not re.search(rf"\.{name}\b", sources)]
    assert not unused, "\n".join(unused)
