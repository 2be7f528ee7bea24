"""Money: Decimal, two places, rounded half up as cash desks do."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MOST = Decimal("999999999999.99")  # that is kept of an amount


def to_cents(amount: Decimal) -> Decimal:
    """Round to whole cents, halves away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def less_discount(amount: Decimal, percent: Decimal) -> Decimal:
    """`amount` less `percent` per cent, in whole cents."""
    return to_cents(amount * (100 - percent) / 100)
