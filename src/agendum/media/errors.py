"""What cannot be uploaded."""

from __future__ import annotations

from agendum.core.errors import Invalid


class BadImage(Invalid):
    """`why` completes the sentence that begins with the field's name."""

    def __init__(self, why: str) -> None:
        super().__init__(f"image: {why}", field="image")
