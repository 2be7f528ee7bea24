"""HTML that people write: kept to what a text needs, rid of what could run, load or pretend."""

from __future__ import annotations

import nh3

_TAGS = set(
    "a b blockquote br code div em h1 h2 h3 h4 h5 h6 hr i li ol p pre s small span strong sub sup u ul".split()  # noqa: SIM905
)


def clean_html(text: str) -> str:
    """The text with plain formatting and links alone: no scripts, styles, images, forms or handlers."""
    return nh3.clean(
        text, tags=_TAGS, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto", "tel"}
    ).strip()
