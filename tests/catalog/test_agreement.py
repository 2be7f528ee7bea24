"""Whatever is written of services, every view of them says the same."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.catalog.conftest import Desk

pytestmark = pytest.mark.anyio


def some_service(desk: Desk, dice: random.Random, categories: list[int]) -> dict[str, Any]:
    b = desk.business
    low = dice.randrange(0, 20_000) / 100
    members = dice.sample([b.anna, b.peter], dice.randrange(3))
    body = {
        "title": "".join(dice.choices("abc é😀&<>\"\\'", k=9)) + "x",
        "booking_title": dice.choice(["", "Online"]),
        "category_id": dice.choice(categories),
        "price_min": low,
        "price_max": low + dice.choice([0, 0.05, 20]),
        "discount": dice.choice([0, 12.5, 100]),
        "duration": dice.randrange(1, 96) * 300,
        "technical_break_duration": dice.choice([None, 0, 300, 3600]),
        "comment": dice.choice(["", "<b>Hi</b>"]),
        "is_multi": dice.random() < 0.2,
        "weight": dice.randrange(-3, 10),
        "active": dice.randrange(2),
        "api_id": dice.choice(["", "007"]),
        "staff": [{"id": one, "seance_length": dice.randrange(1, 20) * 900} for one in members],
    }
    always = ("title", "category_id", "price_min", "price_max")
    return {name: value for name, value in body.items() if name in always or dice.random() < 0.8}


async def some_own_price(desk: Desk, dice: random.Random, service_id: int, member_id: int) -> None:
    price = {"min": dice.randrange(5, 900) / 4, "max": dice.choice([None, 500])}
    setting = {
        "team_member_id": member_id,
        "hours": dice.randrange(3),
        "minutes": dice.randrange(5, 60),
        "price": price,
    }
    body = {"service_id": service_id, "team_member_settings": [setting], "resource_ids": [], "translations": []}
    await desk.done("POST", f"/company/{desk.here}/services/links", body)


@pytest.mark.parametrize("seed", range(6))
async def test_both_versions_say_the_same_of_a_service(desk: Desk, seed: int) -> None:
    dice = random.Random(seed)
    b = desk.business
    await desk.db.execute("UPDATE locations SET technical_break = 900 WHERE id = $1", desk.here)
    new = await desk.done("POST", f"/service_categories/{desk.here}", {"title": "More"})
    categories = [b.category_id, new["id"]]
    for _ in range(12):
        made = await desk.make(**some_service(desk, dice, categories))
        if made["staff"] and dice.random() < 0.5:
            await some_own_price(desk, dice, made["id"], made["staff"][0]["id"])
    known = [one["id"] for one in await desk.get(f"/services/{desk.here}")]
    for service_id in dice.sample(known, 4):
        await desk.patch(service_id, **some_service(desk, dice, categories))
    await views_agree(desk)


async def views_agree(desk: Desk) -> None:
    place = f"/v2/locations/{desk.here}"
    cards = await desk.get(f"/company/{desk.here}/services/0")
    listed = await desk.get(f"/services/{desk.here}")
    assert listed == [{name: card[name] for name in item} for card, item in zip(cards, listed, strict=True)]
    assert cards == await desk.get(f"/services/{desk.here}/0")
    v2 = await desk.get(f"{place}/services", include="company_links")
    ways = await desk.get(f"{place}/attendance_services")
    online = await desk.online()
    for card, resource, way in zip(cards, v2, ways, strict=True):
        assert await desk.card(card["id"]) == card
        assert resource["attributes"] == {"title": card["title"], "category_id": card["category_id"]}
        assert (await desk.get(f"{place}/services/{card['id']}"))["attributes"] == resource["attributes"]
        assert resource["relationships"]["company_links"]["data"][0]["id"] == str(card["salon_service_id"])
        assert resource["id"] == str(way["attributes"]["service_id"]) == str(card["id"])
        assert terms(way) == terms_of(card)
        assert (card["id"] in online) == card["is_online"]
        if card["is_online"]:
            shown = online[card["id"]]
            assert shown["title"] == card["booking_title"]
            assert (shown["price_min"], shown["price_max"]) == (card["price_min"], card["price_max"])
    for member_id in (desk.business.anna, desk.business.peter):
        own = await desk.get(f"{place}/attendance_services", staff_id=member_id)
        giving = [(card, link) for card in cards for link in card["staff"] if link["id"] == member_id]
        assert [terms(way) for way in own] == [terms_of(card, link) for card, link in giving]


def terms(way: dict[str, Any]) -> tuple[Any, ...]:
    names = ("service_id", "salon_service_id", "category_id", "title", "duration", "price_min", "price_max")
    facts = way["attributes"]
    assert facts["length"] == facts["duration"]
    return (*(facts[name] for name in names), facts["technical_break_duration"])


def terms_of(card: dict[str, Any], link: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """What the v1 view of a service says of its terms, or of one team member's."""
    price, length = (card["price_min"], card["price_max"]), card["duration"]
    if link is not None:
        length = link["seance_length"]
        if link["price"] is not None:
            price = (link["price"], link["price"] if link["price_max"] is None else link["price_max"])
    pause = 900 if card["technical_break_duration"] is None else card["technical_break_duration"]
    return (card["id"], card["salon_service_id"], card["category_id"], card["title"], length, *price, pause)
