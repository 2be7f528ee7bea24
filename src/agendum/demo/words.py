"""What the demo's clients and receptionists write: reviews by rating and language, comments."""

from __future__ import annotations

from random import Random

RATINGS, RATING_WEIGHTS = (5, 4, 3, 2, 1), (80, 13, 4, 2, 1)  # 4.69 on average

_GOOD = (
    "Exactly what I asked for",
    "Best visit in a long time",
    "So careful and so kind",
    "Quick, calm and precise",
    "I left feeling like a new person",
    "Third time here and still impressed",
    "Came in with a photo, left with the real thing",
    "Everything was explained before it was done",
    "Spotless place, lovely people",
    "Booked in the morning, was done by noon",
    "Worth every minute",
    "They remembered how I take my coffee",
    "My partner noticed at once",
    "Finally somebody who listens",
)
_GOOD_ENDS = (
    "I have already booked the next one.",
    "Will be back.",
    "Thank you!",
    "Highly recommended.",
    "Parking nearby was no problem either.",
    "The evening hours save my week.",
    "And it started right on time.",
    "Five stars without thinking.",
    "Brought my sister along, she agrees.",
    "",
)
_FAIR = (
    "Good result, but we started fifteen minutes late.",
    "Nice work, a bit pricey for what it is.",
    "Fine, though the music was too loud for me.",
    "Liked it. The room could be warmer.",
    "All right, not quite the color we talked about.",
)
_POOR = (
    "Waited half an hour and felt rushed afterwards.",
    "Had to come back two days later to have it corrected.",
    "Not what I asked for. The manager offered to make good, which I appreciate.",
    "Nobody at the desk when I arrived.",
)
_LATVIAN = (
    "Ļoti patika, noteikti nākšu vēl!",
    "Paldies, viss bija lieliski.",
    "Profesionāla attieksme un mierīga atmosfēra.",
    "Pēc masāžas jūtos kā no jauna piedzimusi.",
    "Viss tīri, laikā un laipni. Iesaku!",
    "Labākā joga Rīgā.",
)
_COMMENTS = (
    "First visit.",
    "Asked for a window seat.",
    "Please call if anything opens up earlier.",
    "Running ten minutes late, she called.",
    "Same as last time.",
    "Bring the color card.",
    "Gift from her sister, do not mention the price.",
    "Allergic to the usual cream.",
    "Wants to talk about a new style.",
    "Needs to leave by the full hour.",
)


def rating(rng: Random) -> int:
    return rng.choices(RATINGS, RATING_WEIGHTS)[0]


def review(stars: int, rng: Random, *, latvian: bool) -> str:
    """A client's words for so many stars; one in three gives stars only."""
    if rng.random() < 0.33:
        return ""
    if stars <= 2:
        return rng.choice(_POOR)
    if stars == 3 or (stars == 4 and rng.random() < 0.6):
        return rng.choice(_FAIR)
    if latvian and rng.random() < 0.5:
        return rng.choice(_LATVIAN)
    start, end = rng.choice(_GOOD), rng.choice(_GOOD_ENDS)
    return f"{start}. {end}".strip()


def comment(rng: Random) -> str:
    """What stands on one appointment in eight."""
    return rng.choice(_COMMENTS) if rng.random() < 0.12 else ""
