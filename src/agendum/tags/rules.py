"""What tags may be called and how they look."""

from __future__ import annotations

from typing import get_args

from agendum.core.errors import Invalid
from agendum.tags.wire import EntityType

ENTITIES: tuple[EntityType, ...] = get_args(EntityType)
"""What a tag is for; the number on the wire is the place in this list."""

_NUMBERS = {name: number for number, alias in enumerate(ENTITIES) for name in (alias, str(number))}
_BRIGHT = 150  # from here on, of 255, dark letters are read more easily


def entity_of(given: int | str) -> int:
    """The number of a kind of things, by alias or number. Raises Invalid when there is no such kind."""
    number = _NUMBERS.get(str(given).strip())
    if number is None:
        raise Invalid(f"entity: expected one of {', '.join(ENTITIES)} or its number.", field="entity")
    return number


def title_of(given: str) -> str:
    """The title without the spaces around it. Raises Invalid when nothing is left."""
    if not (title := given.strip()):
        raise Invalid("title: a tag needs a title.", field="title")
    return title


def font_color(color: str) -> str:
    """Black or white letters on a background #RRGGBB, by how bright the eye sees it."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#000000" if (299 * red + 587 * green + 114 * blue) / 1000 >= _BRIGHT else "#ffffff"
