"""The demo's clients: people of many countries, with numbers that are reserved for fiction and reach nobody."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from agendum.demo.catalogue import FEMALE, MALE


class Names(NamedTuple):
    """Given and family names of a culture; family names may differ by gender."""

    men: str
    women: str
    families: str
    women_families: str = ""


_NAMES = {
    "american": Names(
        "James Ethan Noah Liam Daniel Jack Henry Owen Caleb Wyatt",
        "Emma Grace Chloe Hannah Abigail Lily Zoe Claire Ruby Julia",
        "Carter Brooks Hayes Sullivan Parker Reed Foster Murphy Bailey Cooper Walsh Turner",
    ),
    "latino": Names(
        "Diego Luis Andrés Rafael Javier Tomás",
        "Camila Valentina Lucía Mariana Isabel Elena",
        "García Morales Herrera Castillo Vargas Ortega Delgado Ríos",
    ),
    "chinese": Names("Wei Jun Hao Ming", "Xin Yan Li Fang", "Zhang Wang Liu Huang Zhao Lin"),
    "indian": Names("Arjun Rohan Vikram Sanjay", "Priya Ananya Kavya Meera", "Patel Sharma Iyer Reddy Nair Kapoor"),
    "korean": Names("Minho Jisoo Seojun", "Hana Yuna Soyeon", "Kim Park Choi Lee Jung"),
    "nigerian": Names("Chidi Emeka Tunde", "Ngozi Amara Folake", "Okafor Adeyemi Eze Balogun"),
    "italian": Names("Marco Luca Paolo", "Giulia Chiara Sofia", "Rossi Ferrari Conti Greco Moretti"),
    "latvian": Names(
        "Jānis Andris Mārtiņš Edgars Kārlis Raivis Toms Gatis",
        "Anna Līga Inese Dace Zane Elīna Laura Agnese Baiba Santa",
        "Bērziņš Kalniņš Ozoliņš Jansons Liepiņš Krūmiņš Balodis Eglītis Zariņš Pētersons",
        "Bērziņa Kalniņa Ozoliņa Jansone Liepiņa Krūmiņa Balode Eglīte Zariņa Pētersone",
    ),
    "lithuanian": Names("Jonas Mantas Tomas", "Rūta Eglė Ieva", "Kazlauskas Petrauskas", "Kazlauskienė Petrauskienė"),
    "estonian": Names("Rasmus Karl Siim", "Kadri Liis Maarja", "Tamm Saar Mägi Kask"),
    "ukrainian": Names("Андрій Олег Тарас", "Оксана Олена Ірина", "Шевченко Коваленко Бондаренко Ткаченко"),
    "german": Names("Lukas Felix Jonas", "Lena Marie Johanna", "Schneider Fischer Wagner Becker"),
    "swedish": Names("Erik Oskar Nils", "Astrid Freja Ingrid", "Lindqvist Bergström Nyström Sandberg"),
    "british": Names("Oliver Harry Alfie", "Poppy Imogen Freya", "Whitaker Hughes Ellis Barnes"),
}
_MIX = {
    "new_york": {"american": 8, "latino": 4, "chinese": 2, "indian": 2, "korean": 2, "nigerian": 1, "italian": 2,
                 "german": 1, "british": 1},
    "riga": {"latvian": 12, "lithuanian": 2, "estonian": 2, "ukrainian": 2, "german": 1, "swedish": 1, "british": 1},
    "stranger": {"british": 8, "indian": 2, "nigerian": 1},
}  # fmt: skip

_COMMENTS = (
    "Prefers mornings.",
    "Always a little late.",
    "Speaks softly, likes silence.",
    "Recommended by a friend.",
    "Pays in cash.",
    "Has a small dog, asks whether it may come along.",
)
_ALLERGIES = ("Latex", "Nuts", "Fragrance", "Nickel")
_DRINKS = ("Coffee", "Tea", "Water", "Sparkling water")


def clients_of(place: str, count: int, rng: Random, now: datetime) -> Iterator[dict[str, Any]]:
    """Rows of clients without ids: as long known as 900 days, every eighth new within the last three months."""
    cultures, weights = list(_MIX[place]), list(_MIX[place].values())
    phones = _phones(place, rng)
    for n in range(count):
        names = _NAMES[rng.choices(cultures, weights)[0]]
        gender = FEMALE if rng.random() < 0.62 else MALE
        given = rng.choice((names.women if gender == FEMALE else names.men).split())
        families = names.women_families if gender == FEMALE and names.women_families else names.families
        family = rng.choice(families.split())
        age = timedelta(days=rng.uniform(1, 85) if rng.random() < 0.12 else rng.uniform(130, 900))
        created = (now - age).replace(microsecond=0)
        importance = rng.choices((0, 1, 2, 3), (70, 15, 10, 5))[0]
        fields: dict[str, Any] = {"drink": rng.choice(_DRINKS)} if rng.random() < 0.4 else {}
        if rng.random() < 0.08:
            fields["allergies"] = rng.choice(_ALLERGIES)
        yield {
            "name": given,
            "surname": family,
            "phone": next(phones),
            "email": f"{_ascii(given)}.{_ascii(family)}{n}@example.com" if rng.random() < 0.7 else "",
            "gender": gender if rng.random() < 0.95 else 0,
            "importance": importance,
            "birth_date": _birthday(rng) if rng.random() < 0.75 else None,
            "card": f"{7000 + n}" if importance else "",
            "comment": rng.choice(_COMMENTS) if rng.random() < 0.15 else "",
            "discount": str((0, 3, 5, 10)[importance]),
            "sms_check": rng.random() < 0.5,
            "sms_not": rng.random() < 0.05,
            "is_blacklisted": n % 50 == 17,
            "custom_fields": fields,
            "created_at": created,
            "updated_at": created,
        }


def _phones(place: str, rng: Random) -> Iterator[str]:
    """E.164 digits out of what regulators keep for films, or (Latvia, which keeps none) out of an unused range."""
    if place == "new_york":
        areas = ("1646555", "1917555", "1718555", "1347555", "1929555")
        pool = [f"{area}{n:04}" for area in areas for n in range(100, 200)]
    elif place == "riga":
        pool = [f"3715550{n:04}" for n in range(1000, 1160)] + [f"447700900{n:03}" for n in range(20)]
        pool += [f"336399800{n:02}" for n in range(20)]
    else:
        pool = [f"447700900{n:03}" for n in range(500, 600)]
    rng.shuffle(pool)
    return iter(pool)


def _birthday(rng: Random) -> str:
    born = datetime(1955, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(50 * 365))
    return born.date().isoformat()


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return plain or "client"
