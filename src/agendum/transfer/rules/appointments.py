"""A line about an appointment, read and checked; and whether its time is to be had."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from agendum.appointments.facts import DeskFacts, Member, Service
from agendum.clients.rules import given
from agendum.core.errors import Invalid
from agendum.core.money import less_discount, to_cents
from agendum.transfer.rules import sheets
from agendum.transfer.rules.sheets import PROSE, SEPARATOR, Line, text_of

COLUMNS = (
    "api_id",
    "team_member",
    "start",
    "length",
    "technical_break",
    "service",
    "amount",
    "service_length",
    "first_cost",
    "discount",
    "cost",
    "client_phone",
    "client_external_id",
    "client_name",
    "client_email",
    "attendance",
    "comment",
    "sms_before",
    "email_before",
    "custom_color",
    "created_at",
    "tag",
)
REQUIRED = ("team_member", "start", "service")
ATTENDANCES = {"-1": -1, "0": 0, "1": 1, "2": 2, "missed": -1, "waiting": 0, "came": 1, "confirmed": 2}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What lines are checked against. `tags`: ids by title in small letters; `at`: now."""

    country_iso: str
    tz: ZoneInfo
    at: datetime
    desk: DeskFacts
    tags: Mapping[str, int]
    fields: Sequence[given.Field]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One service of an appointment, as a row of appointment_services has it."""

    service_id: int
    amount: int
    length: int
    first_cost: Decimal
    discount: Decimal
    cost: Decimal


class AppointmentLine(msgspec.Struct, frozen=True, kw_only=True):
    """An appointment as a line tells of it. Lengths are seconds; `is_past`: it is over, and takes nobody's time."""

    n: int
    api_id: str
    team_member_id: int
    member_name: str
    starts_at: datetime
    length: int
    technical_break: int
    parts: list[Part]
    client_phone: str
    client_external_id: str
    client_name: str
    client_email: str
    facts: dict[str, Any]
    fields: dict[str, Any]
    tag_ids: list[int]
    created_at: datetime
    is_past: bool
    needs: list[tuple[int, int, int]]  # resource, from so many seconds after the start, for so many
    shared_service_id: int | None
    seats: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(seconds=self.length)

    @property
    def client_key(self) -> str:
        """Empty for an appointment of nobody."""
        return self.client_phone or (self.client_external_id and f"id {self.client_external_id}")

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What it is known by: a name for people, and the value."""
        if self.api_id:
            return [("api_id", self.api_id)]
        return [("team_member, start and client", f"{self.team_member_id} {self.starts_at} {self.client_key}")]


def appointment_of(line: Line, known: Known) -> AppointmentLine:
    """Raises Invalid with the reason for which the line is refused."""
    if line.problem:
        raise Invalid(line.problem)
    cells = line.cells
    member = _named(text_of(cells, "team_member"), "team_member", known.desk.members.values())
    starts_at = sheets.moment_of(text_of(cells, "start", 64), "start", known.tz)
    technical_break = sheets.whole_of(cells.get("technical_break") or "0", "technical_break", 0, 3600)
    parts, length = _parts(cells, member, known.desk, technical_break)
    is_past = starts_at + timedelta(seconds=length) <= known.at
    services = [known.desk.services[part.service_id] for part in parts]
    if not is_past:
        _check_coming(member, services, known.desk)
    typed = text_of(cells, "client_phone", 64)
    phone = given.phone_of(typed, known.country_iso) if typed else ""
    email = text_of(cells, "client_email")
    given.check_email(email)
    created = cells.get("created_at")
    shared = services[0] if len(services) == 1 and services[0].seats > 1 else None
    return AppointmentLine(
        n=line.number,
        api_id=text_of(cells, "api_id"),
        team_member_id=member.id,
        member_name=member.name,
        starts_at=starts_at,
        length=length,
        technical_break=technical_break,
        parts=parts,
        client_phone=phone,
        client_external_id=text_of(cells, "client_external_id"),
        client_name=text_of(cells, "client_name"),
        client_email=email,
        facts=_facts(cells),
        fields=sheets.values_of(cells, known.fields),
        tag_ids=sheets.tags_of(cells.get("tag", ""), known.tags),
        created_at=min(sheets.moment_of(created, "created_at", known.tz), known.at) if created else known.at,
        is_past=is_past,
        needs=[] if is_past else _needs(parts, services),
        shared_service_id=shared.id if shared else None,
        seats=shared.seats if shared else 1,
    )


def _facts(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "attendance": sheets.word_of(cells.get("attendance") or "0", "attendance", ATTENDANCES),
        "comment": text_of(cells, "comment", PROSE),
        "sms_before": sheets.whole_of(cells.get("sms_before") or "0", "sms_before", 0, 255),
        "email_before": sheets.whole_of(cells.get("email_before") or "0", "email_before", 0, 255),
        "custom_color": text_of(cells, "custom_color", 16),
    }


Thing: TypeAlias = Member | Service
T = TypeVar("T", Member, Service)


def _title(thing: Thing) -> str:
    return (thing.name if isinstance(thing, Member) else thing.title).strip()


def _is_living(thing: Thing) -> bool:
    if isinstance(thing, Member):
        return not thing.is_deleted and thing.fired_on is None
    return thing.is_here


def _named(text: str, column: str, things: Collection[T]) -> T:
    """The thing of this title, living ones first, else of this id."""
    if not text:
        raise Invalid(f"{column}: there is none")
    found = [thing for thing in things if _title(thing).lower() == text.lower()]
    found = [thing for thing in found if _is_living(thing)] or found
    found = found or [thing for thing in things if str(thing.id) == text]
    if not found:
        raise Invalid(f"{column}: {text} is not known here")
    if len(found) > 1:
        raise Invalid(f"{column}: there are several of the name {text}, give its id")
    return found[0]


def name_of(thing: T, things: Collection[T]) -> str:
    """What names a thing in a cell: its title where that means it and no other, else its id."""
    title = _title(thing)
    rivals = [other for other in things if other.id != thing.id and _title(other).lower() == title.lower()]
    if _is_living(thing):
        rivals = [other for other in rivals if _is_living(other)]
    return str(thing.id) if rivals or SEPARATOR in title else title


def _check_coming(member: Member, services: Sequence[Service], desk: DeskFacts) -> None:
    if not _is_living(member):
        raise Invalid(f"team_member: {member.name} does not work here any more")
    for service in services:
        if not service.is_here or (service.id, member.id) not in desk.links:
            raise Invalid(f"service: {member.name} does not give {service.title}")


def _parts(cells: Mapping[str, str], member: Member, desk: DeskFacts, technical_break: int) -> tuple[list[Part], int]:
    """The services, and the length of it all."""
    services = [
        _named(text, "service", desk.services.values())
        for text in sheets.parts_of(text_of(cells, "service", PROSE)) or [""]
    ]
    given_length = sheets.whole_of(text, "length", 60, 86_400) if (text := cells.get("length")) else None
    texts = {
        name: _aligned(cells, name, len(services))
        for name in ("amount", "service_length", "first_cost", "discount", "cost")
    }
    parts: list[Part] = []
    for n, service in enumerate(services):
        link = desk.links.get((service.id, member.id))
        text = {name: values[n] for name, values in texts.items()}
        if text["service_length"]:
            length = sheets.whole_of(text["service_length"], "service_length", 0, 86_400)
        elif link is not None and (given_length is None or len(services) > 1):
            length = link.duration
        elif given_length is not None:
            length = max(given_length - technical_break, 0) // len(services)
        else:
            raise Invalid(f"service: {member.name} does not give {service.title}; a past one needs its length")
        price = service.price_min if link is None or link.price is None else link.price
        parts.append(_part(service.id, text, length, price))
    whole = given_length or sum(part.length for part in parts) + technical_break
    if not 60 <= whole <= 86_400:
        raise Invalid("length: expected 60 to 86400 seconds")
    if technical_break >= whole:
        raise Invalid("technical_break: it is longer than the appointment")
    return parts, whole


def _part(service_id: int, text: Mapping[str, str], length: int, price: Decimal) -> Part:
    amount = sheets.whole_of(text["amount"] or "1", "amount", 1, 10_000)
    discount = sheets.decimal_of(text["discount"] or "0", "discount")
    if not 0 <= discount <= 100:
        raise Invalid("discount: expected per cent, 0 to 100")
    cost = _price(text["cost"], "cost")
    first_cost = _price(text["first_cost"], "first_cost")
    if first_cost is None:
        first_cost = price if cost is None else to_cents(cost / amount)
    if cost is None:
        cost = less_discount(first_cost * amount, discount)
    return Part(
        service_id=service_id,
        amount=amount,
        length=length,
        first_cost=first_cost,
        discount=to_cents(discount),
        cost=cost,
    )


def _price(text: str, column: str) -> Decimal | None:
    if not text:
        return None
    value = to_cents(sheets.decimal_of(text, column))
    if not 0 <= value <= given.money_of(Decimal("999999999999.99"), column):
        raise Invalid(f"{column}: no such amount")
    return value


def _aligned(cells: Mapping[str, str], name: str, count: int) -> list[str]:
    values = sheets.parts_of(text_of(cells, name, PROSE))
    if values and len(values) != count:
        raise Invalid(f"{name}: expected {count} values, as there are services, with {SEPARATOR} between them")
    return values or [""] * count


def _needs(parts: Sequence[Part], services: Sequence[Service]) -> list[tuple[int, int, int]]:
    needs: list[tuple[int, int, int]] = []
    after = 0
    for part, service in zip(parts, services, strict=True):
        if part.length:
            needs += [(resource_id, after, part.length) for resource_id in service.resource_ids]
        after += part.length
    return needs


class Busy(msgspec.Struct, kw_only=True):
    """Time that is taken, or about to be: a row of `busy`. `holder_id`: a resource's, which serves that row."""

    id: int
    owner_id: int
    starts_at: datetime
    ends_at: datetime
    service_id: int | None = None
    seats: int = 1
    seats_taken: int = 1
    holder_id: int | None = None
    is_overbooked: bool = False
    is_new: bool = False


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What an appointment gets: the row of `busy` that it sits on."""

    busy_id: int
    joins: bool
    is_overbooked: bool
    has_instances: bool


class Diary:
    """Who is busy when: what the database says, and what the file has taken so far. `ids` numbers new rows."""

    def __init__(self, rows: Iterable[Busy], instances: Mapping[int, Sequence[int]], ids: Callable[[], int]) -> None:
        self._of: dict[int, list[Busy]] = {}
        self._instances, self._ids = instances, ids
        for row in rows:
            self._of.setdefault(row.owner_id, []).append(row)

    @property
    def new(self) -> list[Busy]:
        return [row for rows in self._of.values() for row in rows if row.is_new]

    def take(self, line: AppointmentLine, *, overbook: bool) -> Taken:
        """Take the time of a coming appointment. Raises Invalid when it is taken, and `overbook` does not let it in."""
        if (shared := self._shared(line)) is not None:
            shared.seats_taken += 1
            return Taken(busy_id=shared.id, joins=not shared.is_new, is_overbooked=False, has_instances=False)
        is_free = self._is_free(line.team_member_id, line.starts_at, line.ends_at)
        if not is_free and not overbook:
            raise Invalid("start: the time is taken")
        busy_id = self._ids()
        served: list[Busy] = []
        for resource_id, after, seconds in line.needs:
            begin = line.starts_at + timedelta(seconds=after)
            end = begin + timedelta(seconds=seconds)
            owner = self._free_instance(resource_id, begin, end, served)
            if owner is not None:
                row = Busy(id=self._ids(), owner_id=owner, starts_at=begin, ends_at=end, holder_id=busy_id, is_new=True)
                served.append(row)
            elif not overbook:
                raise Invalid("service: what it needs is taken at this time")
            else:
                is_free = False
        own = Busy(
            id=busy_id,
            owner_id=line.team_member_id,
            starts_at=line.starts_at,
            ends_at=line.ends_at,
            service_id=line.shared_service_id,
            seats=line.seats,
            is_overbooked=not is_free,
            is_new=True,
        )
        for row in (own, *served):
            self._of.setdefault(row.owner_id, []).append(row)
        return Taken(busy_id=busy_id, joins=False, is_overbooked=not is_free, has_instances=bool(served))

    def _shared(self, line: AppointmentLine) -> Busy | None:
        if line.shared_service_id is None:
            return None
        for row in self._of.get(line.team_member_id, ()):
            spot = (row.service_id, row.starts_at, row.ends_at)
            if spot == (line.shared_service_id, line.starts_at, line.ends_at) and row.seats_taken < row.seats:
                return row
        return None

    def _is_free(self, owner_id: int, begin: datetime, end: datetime) -> bool:
        return not any(row.starts_at < end and row.ends_at > begin for row in self._of.get(owner_id, ()))

    def _free_instance(self, resource_id: int, begin: datetime, end: datetime, served: Sequence[Busy]) -> int | None:
        for owner in self._instances.get(resource_id, ()):
            mine = any(row.owner_id == owner and row.starts_at < end and row.ends_at > begin for row in served)
            if not mine and self._is_free(owner, begin, end):
                return owner
        return None
