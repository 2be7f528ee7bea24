"""Receipts: what stands on them, how fast they come, and who may have them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agendum.core import clock
from agendum.receipts.rules import Head, Line, receipt
from tests.makers.clients import make_holder, make_presence
from tests.makers.office import Office
from tests.makers.world import insert

RIGHT = {"finances_print_check_access": True}


def _texts(language: str = "en-US", currency: str = "USD", **paid: str) -> dict[str, Any]:
    head = Head(
        title="La Visage",
        address="787 Jackson Drive",
        zip="11435",
        phones=["13155550175"],
        email="",
        site="https://example.com",
        tz=ZoneInfo("America/New_York"),
        language=language,
        currency=currency,
        paid={method: Decimal(amount) for method, amount in paid.items()},
    )
    at = datetime(2026, 9, 2, 2, 30, tzinfo=UTC)

    def line(title: str, amount: int, first_cost: str, discount: str, cost: str) -> Line:
        costs = {"first_cost": Decimal(first_cost), "discount": Decimal(discount), "cost": Decimal(cost)}
        return Line(starts_at=at, member="Anna", title=title, amount=amount, **costs)

    return receipt(
        77, head, [line("Haircut", 2, "600.00", "12.5", "1050.00"), line("Massage", 1, "50.00", "0", "50.00")]
    )


def test_a_receipt_names_its_location_and_the_local_time() -> None:
    texts = _texts()
    assert (texts["title"], texts["receipt"]) == ("La Visage", "Receipt 77")
    assert texts["details"] == ["787 Jackson Drive, 11435", "+13155550175", "https://example.com"]
    assert texts["at"].startswith("September 1, 2026, 10:30")


def test_lines_discounts_and_sums_add_up() -> None:
    texts = _texts(cash="1000.00")
    haircut, massage = texts["lines"]
    assert (haircut["price"], haircut["discount"], haircut["sum"]) == ("2 × $600.00", "−12.5%", "$1,050.00")
    assert (massage["price"], massage["discount"], massage["sum"]) == ("1 × $50.00", "", "$50.00")
    assert (texts["discounts"], texts["total"]) == ("$150.00", "$1,100.00")
    assert texts["sums"] == [("Paid in cash", "$1,000.00"), ("To pay", "$100.00")]


def test_what_was_paid_in_full_asks_for_nothing() -> None:
    assert _texts(card="1100.00")["sums"] == [("Paid by card", "$1,100.00")]
    assert _texts()["sums"] == []


@pytest.mark.parametrize(
    ("language", "currency", "word", "total"),
    [
        ("lv-LV", "EUR", "Kopā", "1100,00 €"),
        ("lt-LT", "EUR", "Iš viso", "1 100,00 €"),
        ("et-EE", "EUR", "Kokku", "1100,00 €"),
        ("de-DE", "EUR", "Gesamt", "1.100,00 €"),
        ("uk-UK", "UAH", "Разом", "1 100,00 ₴"),
        ("ja-JP", "JPY", "Total", "¥1,100"),
    ],
)
def test_a_receipt_speaks_the_locations_language_and_currency(
    language: str, currency: str, word: str, total: str
) -> None:
    texts = _texts(language, currency)
    assert texts["words"]["total"] == word
    assert "".join(texts["total"].split()) == "".join(total.split())


async def _visit(office: Office, **more: Any) -> int:
    appointment_id = await make_presence(office.db, office.business, office.business.client_id, **more)
    return await office.db.fetchval("SELECT visit_id FROM appointments WHERE id = $1", appointment_id)


async def _print(office: Office, visit_id: int, user: Any = None) -> Any:
    return await office.call("GET", f"/attendance/receipt_print/{visit_id}", user=user or office.business.owner)


@pytest.mark.anyio
async def test_a_receipt_is_a_pdf_that_comes_in_a_fifth_of_a_second(office: Office) -> None:
    await office.db.execute("UPDATE locations SET language_id = (SELECT id FROM languages WHERE iso = 'lv-LV')")
    visit_id = await _visit(office)
    seconds: list[float] = []
    for _ in range(5):
        began = perf_counter()
        answer = await _print(office, visit_id)
        seconds.append(perf_counter() - began)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        assert b"/Lang(lv)" in answer.content
    assert min(seconds) < 0.2


@pytest.mark.anyio
async def test_a_receipt_is_for_those_who_may_print_in_its_location(office: Office) -> None:
    visit_id, business = await _visit(office), office.business
    able = await make_holder(office.db, business, RIGHT)
    assert (await _print(office, visit_id, able)).status_code == 200
    for nobody in (office.small.stranger, business.limited, office.small.client):
        assert (await _print(office, visit_id, nobody)).status_code == 403
    assert (await _print(office, visit_id + 1000, able)).status_code == 404


@pytest.mark.anyio
async def test_whoever_sees_only_his_own_calendar_prints_only_his_own_visits(office: Office) -> None:
    business = office.business
    hers, his = await _visit(office), await _visit(office, member_id=business.peter)
    peter = await make_holder(office.db, business, RIGHT | {"master_id": business.peter})
    assert (await _print(office, his, peter)).status_code == 200
    assert (await _print(office, hers, peter)).status_code == 403


@pytest.mark.anyio
async def test_a_visit_without_appointments_has_no_receipt(office: Office) -> None:
    place = {"chain_id": office.business.chain_id, "location_id": office.here}
    empty = await insert(office.db, "visits", **place, created_at=clock.now())
    deleted = await _visit(office)
    await office.db.execute("UPDATE appointments SET deleted_at = now() WHERE visit_id = $1", deleted)
    for visit_id in (empty, deleted):
        assert (await _print(office, visit_id)).status_code == 404
