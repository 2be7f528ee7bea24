"""Appointments for the journeys of clients: each client a phone of his own, so that no journey meets another."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys.conftest import Site

_numbers = itertools.count(100)


def new_phone() -> str:
    """A phone that nobody has had."""
    return f"+1332557{next(_numbers):04}"


@dataclass(frozen=True)
class Visit:
    """A client's appointment at the first location: its id and key, its moment with the location's offset."""

    site: Site
    id: int
    key: str
    at: str
    service_id: int
    member_id: int

    @property
    def link(self) -> str:
        return f"{self.site.url}/a/{self.id}-{self.key}"

    def now(self) -> dict[str, Any]:
        """As the API shows it."""
        with self.site.api() as api:
            return api.get(f"/user/records/{self.id}/{self.key}").json()["data"][0]

    def free(self, day: str) -> list[str]:
        """The free moments of a day for the same."""
        with self.site.api() as api:
            query = {"service_ids[]": self.service_id}
            path = f"/book_times/{self.site.demo['location_id']}/{self.member_id}/{day}"
            return [slot["datetime"] for slot in api.get(path, params=query).json()["data"]]

    def free_days(self) -> list[str]:
        with self.site.api() as api:
            query = {"service_ids[]": self.service_id, "staff_id": self.member_id}
            return api.get(f"/book_dates/{self.site.demo['location_id']}", params=query).json()["data"]["booking_dates"]


def book(site: Site, phone: str, at: str = "", *, name: str = "Vera Long") -> Visit:
    """Book the first service with its first team member, at that moment or on some free day."""
    location_id = site.demo["location_id"]
    service_id, member_id = site.demo["service_ids"][0], site.demo["team_member_ids"][0]
    visit = Visit(site, 0, "", at, service_id, member_id)
    if not at:
        at = visit.free(visit.free_days()[3])[0]
    with site.api() as api:
        wish = {"id": 1, "services": [service_id], "staff_id": member_id, "datetime": at}
        body = {"phone": phone, "fullname": name, "email": "vera@example.com", "appointments": [wish]}
        answer = api.post(f"/book_record/{location_id}", json=body)
        assert answer.status_code == 201, answer.text
    [made] = answer.json()["data"]
    return Visit(site, made["record_id"], made["record_hash"], at, service_id, member_id)


def note_past_visit(site: Site, phone: str) -> int:
    """A visit of yesterday that the desk has written down; gives its id."""
    yesterday = datetime.now(ZoneInfo("America/New_York")) - timedelta(days=1)
    body = {
        "staff_id": site.demo["team_member_ids"][0],
        "services": [{"id": site.demo["service_ids"][0]}],
        "client": {"phone": phone, "name": "Vera Long"},
        "datetime": yesterday.replace(hour=6, minute=0, second=0, microsecond=0).isoformat(),
        "seance_length": 3600,
        "save_if_busy": True,
    }
    with site.api() as api:
        answer = api.post(f"/records/{site.demo['location_id']}", json=body)
        assert answer.status_code == 201, answer.text
    return answer.json()["data"][0]["id"]


def code_of(site: Site, phone: str) -> str:
    """The code that was sent to a phone last."""
    [code] = re.findall(r"\b\d{5}\b", site.message(phone, "phone_code"))
    return code


def sign_in(site: Site, phone: str) -> str:
    """The user token of a client who signs in by code."""
    with site.api() as api:
        assert api.post(f"/book_code/{site.demo['location_id']}", json={"phone": phone}).status_code == 201
        answer = api.post("/user/auth", json={"login": phone, "password": code_of(site, phone)})
        return answer.json()["user_token"]
