"""Text that people format keeps its form and loses its teeth."""

from __future__ import annotations

import pytest

from agendum.core.html import clean_html


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "<p>Ten <b>years</b><br>of <em>colouring</em>&nbsp;</p>",
            "<p>Ten <b>years</b><br>of <em>colouring</em>&nbsp;</p>",
        ),
        ("<ul><li>one</li></ul> plain & simple ", "<ul><li>one</li></ul> plain &amp; simple"),
        ("<p onclick='x()' style='color:red' class='a'>Hi</p>", "<p>Hi</p>"),
        ("a<script>x()</script><style>p{}</style>b", "ab"),
        ("<img src='https://tracker.example/1.png'><iframe src='x'></iframe>seen", "seen"),
        ("<form action='/x'><input name='a'>text</form>", "text"),
        ("<a href='javascript:x()'>link</a>", '<a rel="noopener noreferrer">link</a>'),
        (
            "<a href='https://example.com/'>link</a>",
            '<a href="https://example.com/" rel="noopener noreferrer">link</a>',
        ),
    ],
)
def test_formatting_stays_and_what_runs_or_loads_goes(given: str, kept: str) -> None:
    assert clean_html(given) == kept
    assert clean_html(kept) == kept
