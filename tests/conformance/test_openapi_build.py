"""How a route becomes a piece of OpenAPI: one small API, looked at closely."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pytest

from agendum.core.envelope import Answer, Done
from agendum.core.openapi import build
from agendum.core.permissions import PARTNER, PUBLIC, may
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="tea-house")


class Pot(msgspec.Struct):
    """A pot of tea. `price` is in the house's currency."""

    price: Decimal
    cups: Annotated[int, msgspec.Meta(ge=1, le=9, description="How many it fills.", examples=[4])] = 2
    note: str | msgspec.UnsetType = msgspec.UNSET


class Search(msgspec.Struct):
    """Narrowed by what is given."""

    kind_ids: Annotated[list[int], msgspec.Meta(description="Kinds of tea.", examples=[[1, 2]])] = []
    day: str | None = None


@routes.get("/pots/{house_id}/{date}", needs=PARTNER)
async def get_pots(call: Call, house_id: int, date: date, query: Search) -> Annotated[bytes, Answer[list[Pot]]]:
    """Pots of a day. Empty ones too.

    The fullest comes first.
    """
    raise NotImplementedError


@routes.post("/pots/{location_id}", needs=may("brew_access"))
async def brew(call: Call, body: Pot) -> Done:
    """Brew a pot"""
    raise NotImplementedError


@routes.delete("/pots", needs=PUBLIC)
async def pour_away(call: Call) -> None:
    """Pour everything away."""


DOCUMENT = build("v1", routes.items, base_url="https://tea.example")


def _operation(path: str, method: str) -> Any:
    return DOCUMENT["paths"][path][method]


def test_words_come_from_docstrings() -> None:
    pots = _operation("/pots/{house_id}/{date}", "get")
    assert pots["summary"] == "Pots of a day"
    assert pots["description"] == "Empty ones too.\n\nThe fullest comes first.\n\nNarrowed by what is given."
    assert pots["tags"] == ["Tea house"]
    assert "`brew_access`" in _operation("/pots/{location_id}", "post")["description"]


def test_parameters_come_from_the_path_and_the_query_struct() -> None:
    parameters = {one["name"]: one for one in _operation("/pots/{house_id}/{date}", "get")["parameters"]}
    assert list(parameters) == ["house_id", "date", "kind_ids[]", "day"]
    assert parameters["date"]["schema"]["format"] == "date"
    assert parameters["kind_ids[]"]["explode"] is True
    assert parameters["kind_ids[]"]["description"] == "Kinds of tea."
    assert parameters["day"]["schema"] == {"type": "string"}, "null cannot be written in a query"


def test_what_goes_out_is_exact_and_what_comes_in_may_be_left_out() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Pot"]["required"] == ["price", "cups"]
    assert schemas["PotInput"]["required"] == ["price"]
    assert schemas["Pot"]["properties"]["price"] == {"type": "number"}
    assert "Search" not in schemas, "shown as parameters"
    answer = _operation("/pots/{house_id}/{date}", "get")["responses"]["200"]["content"]["application/json"]
    assert answer["schema"]["properties"]["data"] == {"type": "array", "items": {"$ref": "#/components/schemas/Pot"}}
    assert answer["example"]["data"][0]["cups"] == 4


def test_needs_decide_security_and_refusals() -> None:
    pots, brewing = _operation("/pots/{house_id}/{date}", "get"), _operation("/pots/{location_id}", "post")
    assert pots["security"] == [{"partner": []}]
    assert brewing["security"] == [{"partner_user": []}]
    assert _operation("/pots", "delete")["security"] == []
    assert list(pots["responses"]) == ["200", "401", "404", "422", "429"]
    assert list(brewing["responses"]) == ["201", "401", "403", "404", "409", "422", "429"]
    assert "content" not in _operation("/pots", "delete")["responses"]["200"]


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_samples_can_be_pasted(path: str) -> None:
    for operation in DOCUMENT["paths"][path].values():
        shell, python, script = (sample["source"] for sample in operation["x-codeSamples"])
        subprocess.run(["bash", "-n"], input=shell, text=True, check=True)
        compile(python, "sample", "exec")
        assert script.startswith("const answer = await fetch(")
        assert script.count("{") == script.count("}")


def test_samples_send_what_is_telling() -> None:
    shell, python, _ = (one["source"] for one in _operation("/pots/{house_id}/{date}", "get")["x-codeSamples"])
    assert shell.startswith("curl --globoff 'https://tea.example/api/v1/pots/1/2026-09-21?kind_ids[]=1&kind_ids[]=2'")
    assert '"kind_ids[]": [1, 2]' in python
    body = _operation("/pots/{location_id}", "post")["requestBody"]["content"]["application/json"]["example"]
    assert body == {"price": 0, "cups": 4}
    assert json.dumps(body, indent=2) in _operation("/pots/{location_id}", "post")["x-codeSamples"][0]["source"]
