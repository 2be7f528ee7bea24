"""The hot paths: what is asked, which answer is expected, which ratio to the yardstick is wanted at size L."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from agendum.core.jsonapi import MEDIA_TYPE
from bench.data import BenchIds

# What receptionists type: names begun or whole, phones in any form or their ends; every fifth time with a mistake. Each
# means somebody of the first location.
TYPED = [
    *("barbedale", "james abe", "diego", "Olga Holennam", "elmu", "+1 (646) 000-4130", "chloe tor", "holgowick"),
    *("646 000 77 20", "priya nesdri", "wei g", "6460001230", "9870", "jenstewick", "client4330@", "52-10"),
    *("hollotson", "jamse calbeford", "chloee barste", "ruddriridg"),
]


@dataclass(frozen=True)
class Path:
    """`requests` gives the requests of one round, ready for the socket; a round ends when they do."""

    name: str
    requests: Callable[[], Iterator[bytes]]
    wanted: float | None = None
    expect: int = 200


def yardstick(_: BenchIds) -> Path:
    return Path("yardstick", lambda: itertools.repeat(_get("/rows", "")))


def paths(ids: BenchIds) -> list[Path]:
    """Every hot path over the data of `bench.data`."""
    place, token = ids.location_ids[0], ids.partner_token
    service, with_resource = ids.service_ids[0], ids.resource_service_id
    members = ids.team_member_ids[place]
    today = datetime.now(UTC).astimezone(ZoneInfo(ids.timezone)).date()
    days = [today + timedelta(days=n) for n in range(1, 60)]

    def gets(urls: list[str]) -> Callable[[], Iterator[bytes]]:
        prepared = [_get(f"/api/v1{url}", token) for url in urls]
        return lambda: itertools.cycle(prepared)

    def lists(url: str) -> Callable[[], Iterator[bytes]]:
        prepared = _get(f"/api{url}", token, ids.user_token)
        return lambda: itertools.repeat(prepared)

    def by_day(url: str) -> Callable[[], Iterator[bytes]]:
        urls = [f"/api{url}&start_date={day}&end_date={day}" for day in days]
        prepared = [_get(one, token, ids.user_token) for one in urls]
        return lambda: itertools.cycle(prepared)

    def by_text(url: str, texts: list[str]) -> Callable[[], Iterator[bytes]]:
        prepared = [_get(f"/api{url}?{urlencode({'q': text})}", token, ids.user_token) for text in texts]
        return lambda: itertools.cycle(prepared)

    span = f"date_from={today}&date_to={today + timedelta(days=59)}"
    able = ids.members_of_service[service]
    return [
        Path(
            "book_times one member, one date",
            gets([f"/book_times/{place}/{m}/{d}?service_ids[]={service}" for d in days for m in able]),
            0.60,
        ),
        Path(
            "book_times anyone, one date",
            gets([f"/book_times/{place}/0/{d}?service_ids[]={service}" for d in days]),
        ),
        Path(
            "book_times with a resource",
            gets([f"/book_times/{place}/0/{d}?service_ids[]={with_resource}" for d in days]),
        ),
        Path("book_services", gets([f"/book_services/{place}"]), 0.50),
        Path("book_services one member", gets([f"/book_services/{place}?staff_id={m}" for m in members])),
        Path("book_staff", gets([f"/book_staff/{place}", f"/book_staff/{place}?service_ids[]={service}"]), 0.20),
        Path("book_dates 60 days, anyone of 20", gets([f"/book_dates/{place}?{span}"]), 0.15),
        Path(
            "book_dates 60 days, one member",
            gets([f"/book_dates/{place}?{span}&staff_id={m}&service_ids[]={service}" for m in able]),
        ),
        Path(
            "book_staff_seances",
            gets([f"/book_staff_seances/{place}/{m}?service_ids[]={service}" for m in able]),
        ),
        Path("50 services", lists(f"/v1/services/{place}"), 0.50),
        Path("50 services in full", lists(f"/v1/company/{place}/services/0")),
        Path("50 attendance services", lists(f"/v2/locations/{place}/attendance_services?limit=50"), 0.50),
        Path("50 services, v2", lists(f"/v2/locations/{place}/services?limit=50"), 0.50),
        Path("service categories", lists(f"/v1/company/{place}/service_categories/0"), 0.50),
        Path("20 team members", lists(f"/v1/staff/{place}"), 0.50),
        Path("20 team members, v2", lists(f"/v2/locations/{place}/team_members"), 0.50),
        Path("50 positions", lists(f"/v2/locations/{place}/positions"), 0.50),
        Path("50 tags", lists(f"/v2/locations/{place}/tags"), 0.50),
        Path("50 custom fields", lists(f"/v1/custom_fields/client/{place}"), 0.50),
        Path("50 locations", lists("/v1/companies?city_id=5128581&count=50"), 0.50),
        Path("50 booking forms", lists(f"/v1/company/{place}/booking_forms"), 0.50),
        Path("users", lists(f"/v1/company/{place}/users"), 0.50),
        Path("resources", lists(f"/v1/resources/{place}"), 0.50),
        Path(
            "schedule of 20 members, 31 days",
            lists(f"/v1/company/{place}/staff/schedule?start_date={days[0]}&end_date={days[30]}"),
            0.20,
        ),
        Path("50 appointments of a day", by_day(f"/v1/records/{place}?count=50"), 0.50),
        Path("50 appointments of all", lists(f"/v1/records/{place}?count=50"), 0.50),
        Path("50 appointments, v2", lists(f"/v2/locations/{place}/appointments?limit=50"), 0.50),
        Path("client search, three filters", _searches(ids, token), 0.25),
        Path(
            "client quick search",
            by_text(f"/v1/company/{place}/clients/quick_search", TYPED),
            0.35,
        ),
        Path("client search by text", _searches(ids, token, "quick_search"), 0.25),
        Path("visits of a client", _histories(ids, token)),
        Path("create_appointment", _Desk(ids, token), 0.25, 201),
        Path("book_check", _checks(ids, token), None, 201),
        Path("book_record", _Bookings(ids, token), 0.25, 201),
    ]


def _get(url: str, token: str, user_token: str = "") -> bytes:
    user = f", User {user_token}" if user_token else ""
    accept = f"Accept: {MEDIA_TYPE}\r\n" if url.startswith("/api/v2/") else ""
    return f"GET {url} HTTP/1.1\r\nHost: 127.0.0.1\r\n{accept}Authorization: Bearer {token}{user}\r\n\r\n".encode()


def _post(url: str, token: str, body: object, user_token: str = "") -> bytes:
    content = json.dumps(body).encode()
    user = f", User {user_token}" if user_token else ""
    head = (
        f"POST {url} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}{user}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _wish(slot: tuple[int, int, int, str]) -> dict[str, object]:
    _, member, service, at = slot
    return {"id": 1, "services": [service], "staff_id": member, "datetime": at}


def _known_phone(ids: BenchIds, location_id: int, number: int) -> str:
    """The phone of a client of a location, another one for each number as long as there are some."""
    places = len(ids.location_ids)
    return f"1646{number * places % ids.clients + ids.location_ids.index(location_id):07}"


def _checks(ids: BenchIds, token: str) -> Callable[[], Iterator[bytes]]:
    prepared = [
        _post(f"/api/v1/book_check/{slot[0]}", token, {"appointments": [_wish(slot)]}) for slot in ids.free_slots[-200:]
    ]
    return lambda: itertools.cycle(prepared)


def _searches(ids: BenchIds, token: str, kind: str = "category") -> Callable[[], Iterator[bytes]]:
    """Pages of clients by three filters, another tag (or text) and page each time."""
    values = (
        [[tag] for tag in ids.client_tag_ids]
        if kind == "category"
        else ["dale", "james", "64600012", "wex", "client12"]
    )
    prepared = [
        _post(
            f"/api/v1/company/{ids.location_ids[0]}/clients/search",
            token,
            {
                "page": page,
                "page_size": 50,
                "fields": ["id", "name", "phone", "email", "sold_amount", "visit_count", "last_visit_date"],
                "order_by": "name",
                "filters": [
                    {"type": kind, "state": {"value": value}},
                    {"type": "importance", "state": {"value": [1, 2, 3]}},
                    {"type": "sold_amount", "state": {"from": 300}},
                ],
            },
            ids.user_token,
        )
        for value in values
        for page in (1, 2)
    ]
    return lambda: itertools.cycle(prepared)


def _histories(ids: BenchIds, token: str) -> Callable[[], Iterator[bytes]]:
    """What clients of the first location came for, by their phones."""
    url = f"/api/v1/company/{ids.location_ids[0]}/clients/visits/search"
    prepared = [_post(url, token, {"client_phone": f"1646{n:07}"}, ids.user_token) for n in range(0, 1000, 10)]
    return lambda: itertools.cycle(prepared)


class _Bookings:
    """Each booking takes another free slot, so a slot is used once in the whole run; half of the phones are new."""

    def __init__(self, ids: BenchIds, token: str) -> None:
        self._slots = iter(ids.free_slots[: len(ids.free_slots) // 2])
        self._ids, self._token = ids, token
        self._numbers = itertools.count(1)

    def __call__(self) -> Iterator[bytes]:
        for slot in self._slots:
            number = next(self._numbers)
            phone = f"1917{number:07}" if number % 2 else _known_phone(self._ids, slot[0], number)
            body = {
                "phone": f"+{phone}",
                "fullname": f"Bench Client {number}",
                "email": f"client{number}@example.com",
                "notify_by_sms": 24,
                "appointments": [_wish(slot)],
            }
            yield _post(f"/api/v1/book_record/{slot[0]}", self._token, body)


class _Desk:
    """The same at the desk, with the other half of the free slots."""

    def __init__(self, ids: BenchIds, token: str) -> None:
        self._slots = iter(ids.free_slots[len(ids.free_slots) // 2 : -200])
        self._ids, self._token = ids, token
        self._numbers = itertools.count(1)

    def __call__(self) -> Iterator[bytes]:
        for place, member, service, at in self._slots:
            number = next(self._numbers)
            phone = f"1918{number:07}" if number % 2 else _known_phone(self._ids, place, number)
            body = {
                "staff_id": member,
                "services": [{"id": service}],
                "client": {"phone": f"+{phone}", "name": f"Bench Client {number}"},
                "datetime": at,
                "seance_length": 1800,
                "sms_remain_hours": 24,
            }
            yield _post(f"/api/v1/records/{place}", self._token, body, self._ids.user_token)
