"""Finding clients: a search is put together from the statements of queries/search.sql.

One statement for all wishes would have to try every filter on every client; a statement of those that are asked for can
use their indexes. The pieces are columns of statements that stand in the .sql file and are checked there; a search
differs only in which of them it has, so the database knows most of them already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from agendum.chains.facts import LocationFacts, location_facts
from agendum.clients.errors import NoSuchClient
from agendum.clients.rules.filters import Group, Leaf, Node
from agendum.clients.rules.shown import CARD, View, columns_of, shown, view_of
from agendum.core.db.sql import Statement, load
from agendum.core.server import Call

sql = load(__file__)

_PLACE = re.compile(r"\$(\d+)(::\w+)?(?!\d)")
_COLUMN = re.compile(r"(.+?) AS (\w+)(?:,\n       (?=\S)|$)", re.S)
_SHARED = ("chain_id", "location_id")

SORTED_BY = (
    "id",
    "name",
    "phone",
    "email",
    "discount",
    "first_visit_date",
    "last_visit_date",
    "sold_amount",
    "visit_count",
)
"""The columns of `search_values` that a list may be sorted by."""

Shape: TypeAlias = "tuple[Any, ...]"


class _Piece:
    """The expression of one column. `params` are its own parameters, in the order of its text, each once."""

    def __init__(self, text: str, statement: Statement) -> None:
        names = [statement.params[int(place) - 1] for place in re.findall(r"\$(\d+)", text)]
        self.params = tuple(name for name in dict.fromkeys(names) if name not in _SHARED)
        self._text = re.sub(r"\$(\d+)", lambda place: f"${{{statement.params[int(place[1]) - 1]}}}", text)

    def text(self, first: int) -> str:
        """With its own parameters numbered from `first`; the shared ones are $1 and $2."""
        numbers = {name: n for n, name in enumerate(_SHARED, 1)} | {
            name: first + n for n, name in enumerate(self.params)
        }
        return re.sub(r"\$\{(\w+)\}", lambda name: f"${numbers[name[1]]}", self._text)


def _columns(statement: Statement) -> dict[str, _Piece]:
    text = statement.text
    chosen = text[text.index("SELECT ") + len("SELECT ") : text.rindex("\n  FROM clients c")]
    return {name: _Piece(piece, statement) for piece, name in _COLUMN.findall(chosen)}


_VALUES = _columns(sql.search_values)
_CONDITIONS = _columns(sql.search_conditions)
_FRAME = sql.client_search
_FOUND_BY = {"sold_amount", "paid", "visits_count", "last_visit_at"}
_SUM = re.compile(r"\bs\.(\w+)")
_JOINED, _TAKEN = (
    "LEFT JOIN client_stats s ON s.chain_id = $1 AND s.client_id = c.id\n ORDER",
    "CROSS JOIN LATERAL (SELECT f.*) AS s\n ORDER",
)


def _shape(node: Node) -> Shape:
    if isinstance(node, Group):
        return (node.op, *map(_shape, node.nodes))
    return (node.kind, node.name)


def _arguments(node: Node) -> Iterator[Any]:
    if isinstance(node, Group):
        for inner in node.nodes:
            yield from _arguments(inner)
    elif node.kind == "is":
        yield from (node.args[name] for name in _CONDITIONS[node.name].params)
    else:
        yield node.args["bound"]


class _Text:
    """A statement on its way: conditions take numbers for their parameters one after another."""

    def __init__(self, taken: int) -> None:
        self.next = taken + 1

    def condition(self, shape: Shape) -> str:
        kind, *rest = shape
        if kind in ("AND", "OR"):
            return f"({f' {kind} '.join(map(self.condition, rest))})" if rest else "true"
        piece = _CONDITIONS[rest[0]] if kind == "is" else _VALUES[rest[0]]
        first = self.next
        self.next += len(piece.params)
        if kind == "is":
            return f"({piece.text(first)})"
        self.next += 1
        return f"{piece.text(first)} {'>=' if kind == 'least' else '<='} ${self.next - 1}"


@lru_cache(maxsize=1000)
def _compose(shape: Shape, sorted_by: str, descending: bool, columns: tuple[str, ...]) -> str:
    """The text of a search: $1 chain, $2 location, $3 how many, $4 how many are skipped, then the conditions'."""
    way = "DESC" if descending else "ASC"
    pieces = {
        "chain_id": "$1",
        "location_id": "$2",
        "count": "$3",
        "skip": "$4",
        "sort_key": _VALUES[sorted_by].text(0),
        "sorting": f"f.sort_key {way} NULLS LAST, f.id {way}",
        "condition": _Text(4).condition(shape),
        "columns": ", ".join(f"{_VALUES[column].text(0)} AS {column}" for column in columns),
    }
    text = _PLACE.sub(lambda place: pieces[_FRAME.params[int(place[1]) - 1]], _FRAME.text)
    is_enough = set(_SUM.findall(pieces["columns"])) <= _FOUND_BY
    return text.replace(_JOINED, _TAKEN) if is_enough else text


def statement_of(
    wanted: Node,
    place: tuple[int, int],
    columns: Sequence[str],
    sorted_by: str,
    descending: bool,
    count: int,
    skip: int,
) -> tuple[str, list[Any]]:
    """The statement of a search in a place (chain id, location id), and its arguments."""
    text = _compose(_shape(wanted), sorted_by, descending, tuple(columns))
    return text, [*place, count, skip, *_arguments(wanted)]


async def find_shown(
    call: Call,
    view: View,
    wanted: Node,
    fields: Sequence[str],
    *,
    sorted_by: str = "id",
    descending: bool = False,
    count: int,
    skip: int = 0,
) -> tuple[int, list[dict[str, Any]]]:
    """How many clients are wanted of those whom the caller may see, and these fields of one page of them as he may see
    them. `sorted_by` is one of SORTED_BY."""
    if view.member_id:
        wanted = Group("AND", (Leaf("visited", {"member_id": view.member_id}), wanted))
    place, columns = (call.chain_id, call.location_id), columns_of(fields)
    text, values = statement_of(wanted, place, columns, sorted_by, descending, count, skip)
    rows = await call.db.fetch(text, *values)
    return rows[0]["total_count"], [shown(row, fields, view) for row in rows if row["found_id"] is not None]


async def cards(call: Call, view: View, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Clients in full by id, as the caller may see them."""
    if not ids:
        return {}
    _, found = await find_shown(call, view, Leaf("id", {"ids": ids}), CARD, count=len(ids))
    return {card["id"]: card for card in found}


async def card(call: Call, view: View, client_id: int) -> dict[str, Any]:
    """One client in full. Raises NoSuchClient, also for one whom the caller may not see."""
    if (found := (await cards(call, view, [client_id])).get(client_id)) is None:
        raise NoSuchClient()
    return found


def rights_of(call: Call) -> dict[str, Any]:
    return call.membership.rights if call.membership else {}


async def place_of(call: Call, *, in_card: bool = False) -> tuple[LocationFacts, View]:
    """The living location, and how the caller sees its clients; `in_card`: one of them. Raises NotFound."""
    place = await location_facts(call.db, call.chain_id, call.location_id)
    return place, view_of(rights_of(call), place.tz, in_card=in_card)
