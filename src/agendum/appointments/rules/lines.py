"""Services of an appointment: what they cost, how long each takes, what was paid of them. Money to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from agendum.appointments.facts import DeskFacts
from agendum.appointments.wire.records import LineBody
from agendum.core.errors import Invalid
from agendum.core.money import less_discount, to_cents
from agendum.schedule.availability import Need, Question, Requirement

MOST = Decimal("999999999.99")  # that one service may cost
SHORTEST = 60  # seconds that are served in an appointment


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A service of an appointment: `length` in seconds, `first_cost` of one before the discount (per cent), `cost` of
    all, to pay."""

    service_id: int
    amount: int = 1
    length: int
    first_cost: Decimal
    discount: Decimal
    cost: Decimal


def priced(body: LineBody, list_price: Decimal, list_discount: Decimal, length: int, field: str) -> Line:
    """A line with what the desk says of its price; the price list says the rest. Raises Invalid."""
    for name in ("cost_per_unit", "first_cost", "cost", "manual_cost"):
        check_sum(getattr(body, name), f"{field}.{name}")
    check_sum(body.discount, f"{field}.discount", Decimal(100))
    amount, said = body.amount, body.cost if body.cost is not None else body.manual_cost
    one = list_price
    if body.cost_per_unit is not None:
        one = to_cents(body.cost_per_unit)
    elif body.first_cost is not None:
        one = to_cents(body.first_cost / amount)
        if one * amount != to_cents(body.first_cost):
            message = f"{field}.first_cost: {body.first_cost} is not {amount} equal sums of whole cents."
            raise Invalid(message, field=f"{field}.first_cost")
    discount = list_discount
    if body.discount is not None:
        discount = to_cents(body.discount)
    elif said is not None or body.first_cost is not None or body.cost_per_unit is not None:
        discount = Decimal(0)
    cost = less_discount(one * amount, discount) if said is None else to_cents(said)
    if max(cost, one * amount) > MOST:
        raise Invalid(f"{field}.cost: at most {MOST}.", field=f"{field}.cost")
    return Line(service_id=body.id, amount=amount, length=length, first_cost=one, discount=discount, cost=cost)


def check_sum(value: Decimal | None, field: str, most: Decimal = MOST) -> None:
    """Raises Invalid for what is no sum between 0 and `most`."""
    if value is not None and not (value.is_finite() and 0 <= value <= most):
        raise Invalid(f"{field}: a number from 0 to {most}.", field=field)


def read_lines(bodies: Sequence[LineBody], member_id: int, facts: DeskFacts, served: int) -> list[Line]:
    """The services of an appointment of `served` seconds by a team member. Raises Invalid naming those that he does not
    give here."""
    problems = [
        (f"services[{n}].id", f"Service {body.id} is not given by team member {member_id} here.")
        for n, body in enumerate(bodies)
        if (body.id, member_id) not in facts.links or not facts.services[body.id].is_here
    ]
    if problems:
        items = [{"code": 422, "field": field, "message": message} for field, message in problems]
        raise Invalid(problems[0][1], errors=items)
    links = [facts.links[body.id, member_id] for body in bodies]
    lengths = shared_out(served, [link.duration * body.amount for link, body in zip(links, bodies, strict=True)])
    return [
        priced(
            body,
            facts.services[body.id].price_min if link.price is None else link.price,
            facts.services[body.id].discount,
            length,
            f"services[{n}]",
        )
        for n, (body, link, length) in enumerate(zip(bodies, links, lengths, strict=True))
    ]


def shared_out(total: int, parts: Sequence[int]) -> list[int]:
    """`total` seconds shared out in the proportion of `parts`, in whole seconds; the last one has what is left over."""
    if not parts:
        return []
    found = [total * part // sum(parts) for part in parts[:-1]]
    return [*found, total - sum(found)]


def break_of(given: int | None, service_ids: Sequence[int], facts: DeskFacts, length: int) -> int:
    """The pause at the end of an appointment of `length` seconds: what is given, or the longest that its services or
    the location ask for, as far as there is room for it. Raises Invalid."""
    if given is not None:
        if given % 300 or given > length - SHORTEST:
            what = "technical_break_duration: a multiple of 300 seconds, shorter than seance_length."
            raise Invalid(what, field="technical_break_duration")
        return given
    asked = [facts.services[id_].technical_break for id_ in service_ids if id_ in facts.services]
    pause = max((facts.technical_break if one is None else one for one in asked), default=facts.technical_break)
    return pause if pause <= length - SHORTEST else 0


def question_of(
    chain_id: int, member_id: int, lines: Sequence[Line], length: int, pause: int, facts: DeskFacts
) -> Question:
    """What an appointment of these services asks of a team member's time and of resources."""
    after, requirements = 0, list[Requirement]()
    for line in lines:
        for resource_id in facts.services[line.service_id].resource_ids:
            requirements.append(Requirement(resource_id, after, line.length))
        after += line.length
    need = Need(
        member_id=member_id,
        length=length,
        served=length - pause,
        requirements=tuple(requirements),
        shared_service_id=shared_service(lines, facts),
    )
    return Question(chain_id=chain_id, needs=[need])


def shared_service(lines: Sequence[Line], facts: DeskFacts) -> int | None:
    """The service whose clients share the time, if the appointment is of that alone."""
    if len(lines) == 1 and facts.services[lines[0].service_id].seats > 1:
        return lines[0].service_id
    return None


def paid_of(costs: Sequence[Decimal], paid: Decimal) -> list[Decimal]:
    """What was paid of each line when `paid` was paid for all: one after the other, what is too much with the last."""
    found: list[Decimal] = []
    for cost in costs:
        found.append(min(cost, paid) if paid > 0 else Decimal(0))
        paid -= found[-1]
    if found:
        found[-1] += paid
    return found


def payment_state(cost: Decimal, paid: Decimal) -> str:
    """How a visit of this cost is paid: the wire's word."""
    if paid <= 0:
        return "not_paid"
    return "paid_not_full" if paid < cost else "paid_full" if paid == cost else "paid_over"
