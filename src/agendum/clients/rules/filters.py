"""The filters of a client search as the wire has them, as a tree of conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeAlias

import msgspec

from agendum.clients.errors import BadFilter
from agendum.clients.rules.looking import like, phone_part, rare
from agendum.clients.rules.shown import View
from agendum.clients.wire import Filter, ListQuery
from agendum.core.clock import parse_when, within_reach
from agendum.core.errors import Forbidden, Invalid
from agendum.core.phone import parse_phone

_BIGINT, _SMALLINT = 2**63, 2**15


class Leaf(msgspec.Struct, frozen=True):
    """One condition of `search_conditions` with its arguments; or with `kind` a bound of one of `search_values`."""

    name: str
    args: dict[str, Any]
    kind: Literal["is", "least", "most"] = "is"


class Group(msgspec.Struct, frozen=True):
    op: Literal["AND", "OR"]
    nodes: tuple[Node, ...]


Node: TypeAlias = Leaf | Group
NOTHING = Leaf("truth", {"truth": False})


def tree_of(filters: Sequence[Filter], operation: str, view: View, country_iso: str) -> Node:
    """All filters together. Raises BadFilter, and Forbidden for filters on what the caller may not see."""
    if (op := operation.upper()) not in ("AND", "OR"):
        raise Invalid("operation: expected AND or OR.", field="operation")
    nodes = tuple(_Reader(view, country_iso).node(one.type, one.state) for one in filters)
    return Group("OR" if op == "OR" else "AND", nodes)


class _Reader:
    def __init__(self, view: View, country_iso: str) -> None:
        self.view, self.country_iso = view, country_iso

    def node(self, kind: str, state: Any) -> Node:
        if not isinstance(state, dict):
            raise BadFilter()
        given: dict[str, Any] = state  # pyright: ignore[reportUnknownVariableType]
        if kind in _CHOICES:
            return Leaf(kind, {_CHOICES[kind][0]: _whole_numbers(given.get("value"), _CHOICES[kind][1])})
        if kind in _RANGES:
            return self.bounds(kind, given)
        if kind in _TEXTS:
            return self.text(kind, given.get("value"))
        match kind:
            case "has_mobile_app":
                return Leaf(kind, {"flag": _flag(given.get("value"))})
            case "has_passteam_card":  # such cards are not issued: nobody has one
                return Leaf("truth", {"truth": not _flag(given.get("value"))})
            case "passteam_card_ids":
                _texts(given.get("value"))
                return NOTHING
            case "client":
                return Group("AND", tuple(self.node(name, part) for name, part in given.items()))
            case "sale":
                return Group("AND", tuple(self.sale(name, part) for name, part in given.items()))
            case "record":
                return self.record(given)
            case _:
                raise BadFilter(f"Unknown filter type {kind[:100]}")

    def text(self, kind: str, value: Any) -> Node:
        if not isinstance(value, str | int) or isinstance(value, bool) or not (text := str(value).strip()):
            raise BadFilter()
        if len(text) > 255 or "\x00" in text:
            raise BadFilter()
        return text_node(kind, text, self.view, self.country_iso)

    def bounds(self, kind: str, state: dict[str, Any]) -> Node:
        """{from, to}, either of them alone too; both belong to the range."""
        column, read = _RANGES[kind]
        if column in _MONEY and not self.view.money:
            raise Forbidden()
        least, most = (self.bound(state, name, read) for name in ("from", "to"))
        leaves: list[Node] = []
        if least is not None:
            leaves.append(Leaf(column, {"bound": least}, "least"))
        if most is not None:
            leaves.append(Leaf(column, {"bound": most}, "most"))
        if not leaves:
            raise BadFilter()
        return Group("AND", tuple(leaves))

    def bound(self, state: Any, name: str, read: Callable[[Any, View], Any]) -> Any:
        if not isinstance(state, dict):
            raise BadFilter()
        value: Any = state.get(name)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if value is None or value == "":
            return None
        try:
            return read(value, self.view)
        except (ValueError, TypeError, OverflowError, InvalidOperation):
            raise BadFilter() from None

    def sale(self, name: str, state: Any) -> Node:
        """No memberships are sold yet: everybody's balance of them is 0."""
        if name != "abonement_balance":
            raise BadFilter(f"Unknown filter type sale.{name[:100]}")
        least, most = (self.bound(state, side, _decimal) for side in ("from", "to"))
        return Leaf("truth", {"truth": (least is None or least <= 0) and (most is None or most >= 0)})

    def record(self, state: dict[str, Any]) -> Node:
        """Whoever has an appointment to which all of it applies; with sums, over all such appointments of his."""
        unknown = sorted(state.keys() - {*_RECORD_LISTS, *_RECORD_SPANS, "records_count", "sold_amount"})
        if unknown or not state:
            raise BadFilter(f"Unknown filter type record.{unknown[0][:100]}") if unknown else BadFilter()
        args: dict[str, Any] = dict.fromkeys(_RECORD_LISTS.values())
        for name, arg in _RECORD_LISTS.items():
            if name in state:
                value = state[name]
                if not isinstance(value, dict):
                    raise BadFilter()
                listed: Any = value.get("value")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
                args[arg] = _whole_numbers(listed, _SMALLINT if arg == "states" else _BIGINT)
        for name, arg in _RECORD_SPANS.items():
            for side in ("from", "to"):
                args[f"{arg}_{side}"] = self.bound(state[name], side, _moment) if name in state else None
        if "sold_amount" in state and not self.view.money:
            raise Forbidden()
        for name, arg, read in (("records_count", "count", _whole), ("sold_amount", "sum", _decimal)):
            for side, which in (("from", "least"), ("to", "most")):
                args[f"{which}_{arg}"] = self.bound(state[name], side, read) if name in state else None
        return Leaf("record", args | {"with_costs": "sold_amount" in state})


def text_node(kind: str, text: str, view: View, country_iso: str) -> Node:
    """Clients in whose names, phone, e-mail or card a text occurs; of what the caller does not see only a whole phone
    tells him who it is."""
    part = like(text)
    if kind == "name":
        return _named(text)
    if kind == "phone":
        return _phone(text, view, country_iso)
    if kind == "email":
        return Leaf("email", {"email_part": part}) if view.emails else NOTHING
    if kind == "card":
        return Leaf("card", {"card_part": part})
    named = Group("AND", tuple(map(_named, text.split())))
    digits = phone_part(text)
    if view.phones and view.emails:
        reached = (digits or text).lower()
        return Group("OR", (named, Leaf("reached", {"contact_part": like(reached), "contact_core": rare(reached)})))
    nodes: list[Node] = [named, Leaf("card", {"card_part": part})]
    if view.emails:
        nodes.append(Leaf("email", {"email_part": part}))
    if digits is not None:
        nodes.append(_phone(text, view, country_iso))
    return Group("OR", tuple(nodes))


def _named(text: str) -> Node:
    return Leaf("named", {"name_part": like(text.lower()), "name_core": rare(text.lower())})


def _phone(text: str, view: View, country_iso: str) -> Node:
    part = phone_part(text)
    if part is None:
        return NOTHING
    if view.phones:
        return Leaf("phone", {"phone_part": like(part), "phone_core": rare(part)})
    return Leaf("whole_phone", {"whole_phone": parse_phone(text, country_iso) or ""})


def listed(query: ListQuery, view: View, country_iso: str) -> Node:
    """What the older list is asked for. Raises Invalid, and Forbidden for bounds of money that one may not see."""
    nodes: list[Node] = []
    for kind, text in (("name", query.fullname), ("phone", query.phone), ("email", query.email), ("card", query.card)):
        if text.strip():
            nodes.append(text_node(kind, text.strip(), view, country_iso))
    for field, amount, side in (("paid_min", query.paid_min, "least"), ("paid_max", query.paid_max, "most")):
        if amount is not None:
            if not view.money:
                raise Forbidden()
            if not amount.is_finite():
                raise Invalid(f"{field}: no such amount.", field=field)
            nodes.append(_bound("paid_amount", amount, side))
    if query.id or query.location_id:
        nodes.append(Leaf("id", {"ids": [*query.id, *query.location_id]}))
    for field, text, side in (
        ("changed_after", query.changed_after, "least"),
        ("changed_before", query.changed_before, "most"),
    ):
        if text:
            try:
                nodes.append(_bound("last_change_date", _moment(text, view), side))
            except (ValueError, OverflowError):
                raise Invalid(f"{field}: expected a moment such as 2026-01-01T00:00:00.", field=field) from None
    return Group("AND", tuple(nodes))


def _bound(column: str, value: Any, side: str) -> Leaf:
    return Leaf(column, {"bound": value}, "least" if side == "least" else "most")


def _whole_numbers(value: Any, limit: int) -> list[int]:
    items: list[Any] = value if isinstance(value, list) else [value]
    try:
        numbers = [_whole(item, None) for item in items]
    except (ValueError, TypeError):
        raise BadFilter() from None
    if not numbers or any(abs(item) >= limit for item in numbers):
        raise BadFilter()
    return numbers


def _texts(value: Any) -> list[str]:
    items: list[Any] = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, str | int) for item in items):
        raise BadFilter()
    return [str(item) for item in items]


def _flag(value: Any) -> bool:
    if value in (True, 1, "1", "true"):
        return True
    if value in (False, 0, "0", "false"):
        return False
    raise BadFilter()


def _whole(value: Any, _: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError("not a whole number")
    number = int(value)
    if abs(number) >= _BIGINT:
        raise ValueError("out of range")
    return number


def _count(value: Any, view: View) -> int:
    number = _whole(value, view)
    if abs(number) >= 2**31:
        raise ValueError("out of range")
    return number


def _decimal(value: Any, _: Any) -> Decimal:
    if isinstance(value, bool):
        raise ValueError("not a number")
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > Decimal(10) ** 15:
        raise ValueError("out of range")
    return number


def _moment(value: Any, view: View) -> datetime:
    moment = parse_when(str(value), view.tz)
    if not within_reach(moment.date()):
        raise ValueError("out of range")
    return moment


def _date(value: Any, _: Any) -> date:
    return date.fromisoformat(str(value).strip()[:10])


_CHOICES = {
    "id": ("ids", _BIGINT),
    "importance": ("classes", _SMALLINT),
    "gender": ("genders", _SMALLINT),
    "category": ("tags", _BIGINT),
}
_TEXTS = {"quick_search", "name", "phone", "email", "card"}
_RANGES: dict[str, tuple[str, Callable[[Any, View], Any]]] = {
    "sold_amount": ("sold_amount", _decimal),
    "spent": ("sold_amount", _decimal),
    "paid_amount": ("paid_amount", _decimal),
    "balance": ("balance", _decimal),
    "visit_count": ("visit_count", _count),
    "visits_count": ("visit_count", _count),
    "failed_visit_count": ("failed_visit_count", _count),
    "first_visit_date": ("first_visit_date", _moment),
    "last_visit_date": ("last_visit_date", _moment),
    "create_date": ("create_date", _moment),
    "last_change_date": ("last_change_date", _moment),
    "birthday": ("birth_date", _date),
    "discount": ("discount", _decimal),
}
_MONEY = {"sold_amount", "paid_amount", "balance"}
_RECORD_LISTS = {"staff": "staff", "service": "services", "service_category": "service_categories", "status": "states"}
_RECORD_SPANS = {"created": "created", "date": "date"}
