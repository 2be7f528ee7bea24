"""The wire contract as JSON Schema: what an answer must look like, worked out from schemas and examples.

Where the two disagree the contract's own rules decide: an example beats a schema, a key that either of them has
must be there (unless a rule says that it comes only at times), more keys are welcome.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

FOLDER = Path(__file__).parent / "contract"
_SENT_BY_US = {"fiscalize_document", "marketplace_webhook"}  # requests to others, not routes
_AT_TIMES = re.compile(r"\bonly (when|with|if|in|for)\b|\bon request only\b|\boptional\b|\babsent\b", re.I)
# What include asks for of appointments.
_OF_APPOINTMENTS = {
    "relationships",
    "client",
    "staff",
    "services",
    "goods",
    "resource_instances",
    "labels",
    "attendance_service_items",
    "attendance_good_items",
    "attendance_document",
    "transactions",
    "fast_payment_settings",
    "acceptance_free",
    "custom_field_values",
    "comer",
    "client_notification_settings",
    "client_schedule",
    "duration_details",
}
# Keys that come only at times, where neither the key's rule nor the operation's says it in words that _AT_TIMES knows.
_KNOWN_AT_TIMES = {
    "get_location": {"bookforms"},  # asked for by showBookforms
    "get_booking_form_config": {  # each kind of step has its own
        "default",
        "date_default",
        "time_default",
        "date_hidden",
        "time_hidden",
        "category_view_type",
    },
    "get_service": {"image_group"},  # absent on an item without an image
    "deprecated_get_service_list_by_id": {"image_group"},
    "get_team_member_tip_settings": {"employee", "user", "position"},  # left out where there is none
    "get_attendance_booking_user": {  # relationships: each when include asks for it
        "labels",
        "first_successful_visit",
        "loyalty_cards",
        "loyalty_certificates",
        "loyalty_abonements",
        "custom_field_values",
        "agreements",
    },
    "get_booking_user_chain_attendance_statistics": {"company_id"},  # "location statistics only"
    "list_appointments": _OF_APPOINTMENTS,
    "list_attendance_appointments": _OF_APPOINTMENTS,
    "delete_timetable_appointment": _OF_APPOINTMENTS,
    "upload_image": {"ImageGroup", "image_group"},  # within data: the schema leaves out the envelope
}
_KEPT = ("enum", "const", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
_ERRORS = {
    401: "401_unauthorized_response",
    403: "403_forbidden_response",
    404: "404_not_found_response",
    422: "422_unprocessable_entity_response",
}

Schema = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation. `path` is below /api, as operations.csv writes it: /v1/book_code/{location_id}.

    `key` is its name, with v2_ before it where v1 has an operation of that name too.
    """

    key: str
    group: str
    method: str
    path: str
    name: str
    document: str
    id_in_document: str
    facts: Mapping[str, Any] = field(repr=False)
    document_path: str = ""

    @property
    def successes(self) -> dict[int, Any]:
        return {int(status): answer for status, answer in self.facts["responses"].items() if int(status) < 400}

    @property
    def query(self) -> dict[str, Any]:
        """By the names on the wire: where the path has one of the same name the contract's key is another."""
        params = self.facts.get("params") or {}
        return {given.get("name", key): given for key, given in params.items() if given.get("in") == "query"}


@cache
def document(name: str) -> dict[str, Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / f"{name}.yaml").read_text(), loader)  # noqa: S506


@cache
def operations() -> dict[str, Operation]:
    """Every operation that is a route of ours, by key."""
    with (FOLDER / "operations.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["operation"] not in _SENT_BY_US]
    found: dict[str, Operation] = {}
    for row in rows:
        name, method = row["operation"], row["method"]
        key = f"v2_{name}" if name in found else name
        path, facts = _places(row["document"]).get((row["contract_operation"], method), ("", {}))
        found[key] = Operation(
            key, row["group"], method, row["path"], name, row["document"], row["contract_operation"], facts, path
        )
    return found


@cache
def _places(name: str) -> dict[tuple[str, str], tuple[str, Any]]:
    paths = document(name)["paths"]
    return {
        (facts["op"], method.upper()): (path, facts)
        for path, methods in paths.items()
        for method, facts in methods.items()
    }


def problems(operation: Operation, status: int, answer: Any) -> list[str]:
    """Where an answer is not what the contract says; empty when it is. `answer` is None for an empty body."""
    schema = expected(operation.key, status)
    if schema is None:
        documented = sorted({*operation.successes, *operation.facts.get("errors", ())})
        return [f"status {status} is not among {documented}"]
    found = sorted(
        jsonschema.Draft202012Validator(schema, format_checker=_formats).iter_errors(answer),
        key=lambda error: error.json_path,
    )
    problems = [f"{error.json_path}: {_short(error)}" for error in found]
    if (
        status < 400  # an error may say more than the contract does
        and isinstance(answer, dict)
        and "success" in answer
        and schema.get("properties")
        and "success" not in schema["properties"]
    ):
        problems.append("$: in an envelope, though the contract has it bare")
    return problems


def _short(error: jsonschema.ValidationError) -> str:
    if error.validator == "anyOf":
        inner = "; or ".join(dict.fromkeys(each.message for each in error.context or ()))
        return f"{_cut(error.instance)} fits none of: {inner}"
    return error.message if len(error.message) < 300 else f"{_cut(error.instance)} breaks {error.validator}"


def _cut(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 120 else text[:117] + "..."


@cache
def expected(key: str, status: int) -> Schema | None:
    """The JSON Schema of an answer of an operation; None when the contract has no such status for it."""
    operation = operations()[key]
    at_times = _at_times(operation.facts.get("x-rule")) | _KNOWN_AT_TIMES.get(key, set())
    resolver = _Resolver(document(operation.document), at_times)
    responses = {int(key): value for key, value in operation.facts["responses"].items()}
    if status == 204 and status in responses:
        return {}  # HTTP has no body here, whatever is described
    if status in responses:
        return resolver.answer(responses[status] or {})
    bodies = {int(key): value for key, value in (operation.facts.get("error_bodies") or {}).items()}
    if status in bodies:
        return resolver.answer(bodies[status])
    if status not in operation.facts.get("errors", ()) and status != 422:
        return None
    if "_legacy error schemas" in str(operation.facts.get("x-rule")) and status in (401, 404):
        return resolver.answer({"$ref": f"{_ERRORS[status]}_legacy"})
    if operation.document == "v2" and status == 422:
        return resolver.answer({"$ref": "error_bodies"})
    # The general bodies stand in public.yaml, which is newer than v1.yaml.
    return _Resolver(document("public"), frozenset()).answer({"$ref": _ERRORS[status]})


def _at_times(rule: Any) -> frozenset[str]:
    """Keys of which an operation's rules say that they come only at times."""
    if not isinstance(rule, dict):
        return frozenset()
    return frozenset(
        name.rsplit(".", 1)[-1].strip()
        for names, text in rule.items()
        if _AT_TIMES.search(str(text))
        for name in str(names).split(",")
    )


_formats = jsonschema.FormatChecker(())


@_formats.checks("date", raises=ValueError)
def _is_date(value: Any) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: Any) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


class _Resolver:
    """From the contract's notation to JSON Schema, for one operation."""

    def __init__(self, source: Mapping[str, Any], at_times: frozenset[str]) -> None:
        self._schemas, self._at_times = source["schemas"], at_times

    def answer(self, given: Mapping[str, Any]) -> Schema:
        """The schema of a response, which is a schema itself, refers to one, or shows an example only."""
        schema = dict(given.get("schema") or given)
        examples = [given["example"]] if "example" in given else []
        if "$ref" in schema and (named := self._schemas.get(schema["$ref"])):
            if "example" in named and "x-note" not in named["example"]:
                examples.append(named["example"])
            schema = {key: value for key, value in named.items() if key != "example"}
        schema.pop("example", None)
        if "describes one item of data" in str(schema.get("x-rule")):
            schema = {"type": "object", "properties": {"data": {"type": "array", "items": schema}}}
        if "the example wraps it in success/data/meta" in str(schema.get("x-rule")):
            schema = {"type": "object", "properties": {"data": schema}}
        if not examples and not schema.keys() & {"type", "properties", "items", "oneOf", "anyOf", "allOf"}:
            return {}
        return self.merged(schema, examples, ())

    def merged(self, schema: Mapping[str, Any], examples: list[Any], inside: tuple[str, ...]) -> Schema:
        """A schema and the examples of the same place in one."""
        if "$ref" in schema:
            name = schema["$ref"]
            if name in inside or name not in self._schemas:
                return {}
            return self.merged(self._schemas[name], examples, (*inside, name))
        if "example" in schema:
            examples = [*examples, schema["example"]]
        if "allOf" in schema:
            own = {key: value for key, value in schema.items() if key != "allOf"}
            return self.merged(_united([*(self._plain(part) for part in schema["allOf"]), own]), examples, inside)
        for key in ("oneOf", "anyOf"):
            if key in schema:
                return self._choice(schema[key], examples, inside)
        kinds = _kinds(schema)
        shown = {_kind(example) for example in examples}
        if shown and not all(_fits(kind, kinds | {"null"}) for kind in shown):
            # An example beats a schema.
            kinds = shown | (kinds & {"null"})
            schema = {key: value for key, value in schema.items() if key in ("properties", "items", "required")}
        kinds |= shown & {"null"} if kinds else set()
        out: Schema = {key: schema[key] for key in _KEPT if key in schema and _agrees(key, schema[key], examples)}
        if schema.get("format") in ("date", "date-time") and _agrees("format", schema["format"], examples):
            out["format"] = schema["format"]
        if kinds:
            out["type"] = sorted(kinds)
        if "object" in kinds or "properties" in schema:
            out |= self._object(schema, [example for example in examples if isinstance(example, dict)], inside)
        if "array" in kinds:
            items = [item for example in examples if isinstance(example, list) for item in example]
            if schema.get("items") or items:
                out["items"] = self.merged(schema.get("items") or {}, items, inside)
        return out

    def _plain(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._schemas[schema["$ref"]] if "$ref" in schema else schema

    def _choice(self, choices: Iterable[Mapping[str, Any]], examples: list[Any], inside: tuple[str, ...]) -> Schema:
        options = []
        for choice in choices:
            kinds = _kinds(self._plain(choice))
            mine = [example for example in examples if not kinds or _fits(_kind(example), kinds)]
            options.append(self.merged(choice, mine, inside))
        known = [option.get("type", []) for option in options]
        shown = {_kind(example) for example in examples}
        odd = {kind for kind in shown if all(kinds and not _fits(kind, set(kinds)) for kinds in known)}
        return {"anyOf": [*options, *({"type": kind} for kind in sorted(odd))]}

    def _object(self, schema: Mapping[str, Any], examples: list[Any], inside: tuple[str, ...]) -> Schema:
        given: Mapping[str, Any] = schema.get("properties") or {}
        if not given and isinstance(values := schema.get("additionalProperties"), dict):
            shown = [item for example in examples for item in example.values()]
            return {"additionalProperties": self.merged(values, shown, inside)}
        if "(typed number, strings in the example)" in str(schema.get("x-rule")):
            given = {name: {"type": "string"} for name in given}
        names = dict.fromkeys(given)
        if not (examples and all(key.isdigit() for example in examples for key in example) and not given):
            names |= dict.fromkeys(key for example in examples for key in example)
        properties: Schema = {}
        required = []
        for name in names:
            mine = given.get(name) or {}
            if re.search(r"\b(is|contains) null\b", str(mine.get("x-rule", ""))):
                mine = {**mine, "type": "null"}
            if "may be number, string or boolean" in str(mine.get("x-rule")):
                properties[name] = {"type": ["boolean", "null", "number", "string"]}
                required.append(name)
                continue
            if "recursive, same shape as the parent" in str(mine.get("x-rule")):
                properties[name] = self._same_again(given, examples, name, inside)
                required.append(name)
                continue
            properties[name] = self.merged(mine, [example[name] for example in examples if name in example], inside)
            said = mine.get("x-rule", "")
            if name not in self._at_times and not _AT_TIMES.search(said if isinstance(said, str) else ""):
                required.append(name)
        return {"properties": properties, "required": required}

    def _same_again(self, given: Mapping[str, Any], examples: list[Any], name: str, inside: tuple[str, ...]) -> Schema:
        """A list of things like the one that holds it, one level deep."""
        shown = [item for example in examples for item in example.get(name) or ()]
        shown += [{key: value for key, value in example.items() if key != name} for example in examples]
        schema = {"type": "object", "properties": {key: value for key, value in given.items() if key != name}}
        return {"type": ["array", "null"], "items": self.merged(schema, shown, inside)}


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    kind = schema.get("type")
    if kind is None:
        return {"object"} if "properties" in schema else set()
    return set(kind) if isinstance(kind, list) else {kind}


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    for kind, name in (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
    ):
        if isinstance(value, kind):
            return name
    return "object" if isinstance(value, dict) else "string"  # YAML reads a bare date as a date


def _fits(kind: str, kinds: set[str]) -> bool:
    return not kinds or kind in kinds or (kind == "integer" and "number" in kinds)


def _agrees(keyword: str, value: Any, examples: list[Any]) -> bool:
    """Whether a constraint of the schema holds for its own examples."""
    validator = jsonschema.Draft202012Validator({keyword: value}, format_checker=_formats)
    return all(validator.is_valid(example) for example in examples)


def _united(parts: list[Mapping[str, Any]]) -> Schema:
    """`allOf` as one object schema."""
    out: Schema = {}
    for part in parts:
        for key, value in part.items():
            if key == "properties":
                out[key] = {**out.get(key, {}), **value}
            elif key == "required":
                out[key] = [*out.get(key, []), *value]
            else:
                out[key] = value
    return out
