"""The contract's own examples fit what is made of it: the reading of its notation is right."""

from __future__ import annotations

import jsonschema

from tests.conformance.contract import expected, operations, problems


def test_examples_fit_but_for_keys_that_they_leave_out() -> None:
    misfits = [
        f"{name} {status}: {problem}"
        for name, operation in operations().items()
        for status, answer in operation.facts["responses"].items()
        if "example" in (answer or {})
        for problem in problems(operation, int(status), answer["example"])
        if "is a required property" not in problem
    ]
    assert misfits == []


def test_every_operation_is_described() -> None:
    undescribed = [name for name, operation in operations().items() if not operation.facts]
    assert undescribed == []
    assert len(operations()) == 355


def test_an_example_beats_a_schema_and_keys_of_both_are_wanted() -> None:
    moved = expected("update_online_booking_datetime", 200)
    assert moved is not None
    data = moved["properties"]["data"]
    assert data["properties"]["api_id"]["type"] == ["number"]
    assert {"spec", "rating"} <= set(data["properties"]["staff"]["required"])


def test_a_key_that_comes_only_at_times_may_be_absent() -> None:
    team = expected("get_team_members_available_for_booking", 200)
    assert team is not None
    member = team["properties"]["data"]["items"]
    assert "seance_date" in member["properties"]
    assert "seance_date" not in member["required"]
    assert "name" in member["required"]


def test_a_wrong_answer_is_told_by_its_place() -> None:
    operation = operations()["get_city_list"]
    answer = {"success": True, "data": [{"id": "2", "title": "New York"}], "meta": []}
    assert problems(operation, 200, answer) == [
        "$.data[0]: 'country_id' is a required property",
        "$.data[0].id: '2' is not of type 'number'",
    ]
    assert problems(operation, 418, answer) == ["status 418 is not among [200, 401, 403, 404]"]
    assert problems(operation, 401, {"success": False, "data": None, "meta": {}}) == [
        "$.meta: 'message' is a required property"
    ]


def test_refusals_have_the_envelope_of_errors() -> None:
    schema = expected("get_booking_form_config", 404)
    assert schema is not None
    assert not jsonschema.Draft202012Validator(schema).is_valid({"message": "Not found."})
    oldest = expected("get_location", 404)
    assert oldest is not None
    assert oldest["required"] == ["errors", "meta"]


def test_an_envelope_around_a_bare_answer_is_seen() -> None:
    operation = operations()["log_in_with_phone_number_and_code"]
    assert problems(operation, 201, {"user_token": "a1"}) == []
    assert problems(operation, 201, {"success": True, "user_token": "a1"}) == [
        "$: in an envelope, though the contract has it bare"
    ]
