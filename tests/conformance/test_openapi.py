"""Our own OpenAPI documents say what the contract says."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import schemathesis

from agendum.app import routes
from agendum.core.openapi import build
from tests.conformance.contract import Operation, document, operations
from tests.conformance.operations_in_scope import is_mounted, scope

DOCUMENTS = {version: build(version, routes()) for version in ("v1", "v2")}
# Refusals for which there is no reason here.
_NEVER = {"get_client_list": {402}}  # no licence that could run out
MOUNTED = [operations()[key] for key in scope() if is_mounted(operations()[key])]


def _ours(operation: Operation) -> Any:
    _, version, path = operation.path.split("/", 2)
    return DOCUMENTS[version]["paths"][f"/{path}"][operation.method.lower()]


def _resolved(version: str, schema: Any) -> Any:
    if "$ref" in schema:
        return DOCUMENTS[version]["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


@pytest.mark.parametrize("version", DOCUMENTS)
def test_document_is_valid(version: str) -> None:
    schemathesis.openapi.from_dict(DOCUMENTS[version]).validate()
    for name, schema in DOCUMENTS[version]["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert "." not in name, f"two structs are called alike: {name}"


@pytest.mark.parametrize("operation", MOUNTED, ids=lambda operation: operation.key)
def test_operation_agrees_with_the_contract(operation: Operation) -> None:
    ours = _ours(operation)
    assert ours["operationId"] == operation.name
    successes = {int(status) for status in ours["responses"] if int(status) < 400}
    assert successes
    assert successes <= set(operation.successes), "where the contract knows two, one is served"
    refusals = {int(status) for status in operation.facts["errors"]} - _NEVER.get(operation.key, set())
    # A body that cannot be read is a 422 too, and says where.
    assert refusals - {400, 403, 404} <= {int(status) for status in ours["responses"]}
    if operation.facts["security"] == "partner_user":
        assert ours["security"] == [{"partner_user": []}]
    names = {parameter["name"] for parameter in ours.get("parameters", [])}
    wanted = {name.removesuffix("[]") for name in operation.query}
    assert wanted <= {name.removesuffix("[]") for name in names}
    assert not _body_names(operation) - _our_body_names(operation)


def _body_names(operation: Operation) -> set[str]:
    body = operation.facts.get("body") or {}
    schema = document(operation.document)["schemas"].get(body.get("$ref"), body)
    return set(schema.get("properties", ()))


def _our_body_names(operation: Operation) -> set[str]:
    body = _ours(operation).get("requestBody")
    if body is None:
        return set()
    version = operation.path.split("/")[1]
    schema = _resolved(version, next(iter(body["content"].values()))["schema"])
    if schema.get("type") == "array":  # the contract then describes one item
        schema = _resolved(version, schema["items"])
    return set(schema.get("properties", ()))


@pytest.mark.parametrize("version", DOCUMENTS)
def test_everything_is_described_with_samples(version: str) -> None:
    for path, methods in DOCUMENTS[version]["paths"].items():
        for method, operation in methods.items():
            where = f"{method.upper()} {path}"
            assert operation["summary"], where
            assert operation["tags"], where
            assert [sample["lang"] for sample in operation["x-codeSamples"]] == ["Shell", "Python", "JavaScript"], where
            for sample in operation["x-codeSamples"]:
                assert "{" + path.split("{")[-1].split("}")[0] + "}" not in sample["source"], where


@pytest.mark.parametrize("version", DOCUMENTS)
def test_examples_fit_their_schemas(version: str) -> None:
    document = DOCUMENTS[version]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            contents = [answer.get("content", {}) for answer in operation["responses"].values()]
            contents.append(operation.get("requestBody", {}).get("content", {}))
            for content in contents:
                for shown in content.values():
                    if "example" in shown:
                        schema = {**shown["schema"], "components": document["components"]}
                        problems = list(jsonschema.Draft202012Validator(schema).iter_errors(shown["example"]))
                        assert not problems, f"{path}: {problems[0].message} at {problems[0].json_path}"
