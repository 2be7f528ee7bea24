"""The API reference as OpenAPI 3.1, made from the routes and from what their handlers take and give.

A handler that answers ready JSON says what is in it: `-> Annotated[bytes, Answer[list[Slot]]]`; one whose answer goes
on says what each of its events holds: `-> Annotated[EventStream, Change]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from inspect import cleandoc

from agendum.core.envelope import Done
from agendum.core.jsonapi import MEDIA_TYPE
from agendum.core.openapi_samples import Sample, example, path_example, samples
from agendum.core.openapi_schemas import REF, Schema, Shapes, given_shape, reached
from agendum.core.permissions import Needs
from agendum.core.routes import Route
from agendum.core.uploads import MULTIPART

_ABOUT = """\
Agendum runs a service business: online booking, the team's calendar, clients, money.

**Tokens.** An integration sends its partner token, `Authorization: Bearer PARTNER_TOKEN`. Where an operation
acts for a person it sends that user's token in the same header: `Authorization: Bearer PARTNER_TOKEN, User
USER_TOKEN`.

**Answers** are `{success, data, meta}`. A refusal has `success: false` and `data: null`; `meta.message` says
why, `meta.errors` lists what is wrong, field by field.

**Times** are ISO 8601 with the location's offset; a time without an offset means the location's wall clock.
Durations are seconds. Money is a number in the location's currency.

**Readers are generous.** `location_id` and `company_id` mean the same, so do `team_member_id`, `staff_id` and
`master_id`, `appointment_id` and `record_id`. Lists come as `ids[]=1&ids[]=2` or `ids=1,2`, numbers also as
strings, names also in camelCase, a body as JSON or as a form (multipart/form-data where there is a file). Unknown
fields are ignored.

**Limits.** 200 requests a minute and 5 a second from one address, unless the operator has set others; beyond
them the answer is 429 and `Retry-After` gives the seconds to wait. A POST with an `Idempotency-Key` is safe
to repeat: the same key and body give the first answer again.
"""
_ERRORS = {
    400: f"`Accept` does not name {MEDIA_TYPE}.",
    401: "A token is missing or unknown.",
    403: "The caller may not do this.",
    404: "There is no such thing, or not for this caller.",
    409: "The request conflicts with the present state, or its Idempotency-Key was used for another request.",
    413: "The request is larger than may be sent here.",
    422: "The input is wrong; `meta.errors` says where.",
    429: "Too many requests; `Retry-After` says when to come back.",
}
_REFUSAL: Schema = {
    "type": "object",
    "description": "What a refusal says.",
    "required": ["success", "data", "meta"],
    "properties": {
        "success": {"const": False},
        "data": {"type": "null"},
        "meta": {
            "type": "object",
            "required": ["message"],
            "properties": {
                "message": {"type": "string", "examples": ["An error has occurred"]},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "code": {"type": "integer", "examples": [422]},
                            "field": {"type": "string", "examples": ["phone"]},
                            "message": {"type": "string", "examples": ["This field is required."]},
                        },
                    },
                },
            },
        },
    },
}
_BY_FIELD: Schema = {
    "type": "object",
    "description": "What a refusal says; `meta.errors` maps a field to its messages.",
    "required": ["success", "data", "meta"],
    "properties": {
        "success": {"const": False},
        "data": {"type": "null"},
        "meta": {
            "type": "object",
            "required": ["message"],
            "properties": {
                "message": {"type": "string", "examples": ["An error has occurred"]},
                "errors": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                    "examples": [{"title": ["This field is required."]}],
                },
            },
        },
    },
}
_BY_FIELD_ERROR: Schema = {"description": _ERRORS[422], "content": {"application/json": {"schema": _BY_FIELD}}}
_SECURITY = {
    "partner": {
        "type": "http",
        "scheme": "bearer",
        "description": "The integration's own token: `Authorization: Bearer PARTNER_TOKEN`.",
    },
    "partner_user": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "Both tokens in one header: `Authorization: Bearer PARTNER_TOKEN, User USER_TOKEN`.",
    },
}


def build(version: str, routes: Iterable[Route], *, base_url: str = "") -> Schema:
    """The document of one version (`v1`, `v2`) of the API. `base_url` has no trailing slash."""
    prefix = f"/api/{version}"
    mine = [route for route in routes if route.prefix == prefix]
    shapes = Shapes(mine)
    paths: dict[str, Schema] = {}
    names: dict[str, int] = {}
    for route in mine:
        names[route.name] = names.get(route.name, 0) + 1
        operation = _operation(route, shapes, base_url + prefix)
        if names[route.name] > 1:
            operation["operationId"] += f"_{names[route.name]}"
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Agendum API {version}",
            "version": version.removeprefix("v") + ".0.0",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url + prefix}],
        "tags": [{"name": title(group)} for group in dict.fromkeys(route.group for route in mine)],
        "paths": paths,
        "components": {
            "securitySchemes": _SECURITY,
            "schemas": {"Refusal": _BY_FIELD if version == "v2" else _REFUSAL, **reached(paths, shapes.components)},
            "responses": {
                **{_error_name(status): _error(status, text, version) for status, text in _ERRORS.items()},
                **{f"Legacy{_error_name(status)}": _legacy_error(status) for status in (401, 404)},
                "ByFieldUnprocessableEntity": _error(422, _ERRORS[422], version)
                if version == "v2"
                else _BY_FIELD_ERROR,
            },
        },
    }


def title(group: str) -> str:
    """A group of operations as a heading: `online-booking` is Online booking."""
    return group.replace("-", " ").replace("_", " ").capitalize()


def _operation(route: Route, shapes: Shapes, base: str) -> Schema:
    summary, rest = _said(route)
    operation: Schema = {
        "operationId": route.name,
        "tags": [title(route.group)],
        "summary": summary,
        "security": _security(route.needs),
    }
    if description := "\n\n".join(filter(None, [rest, _of_query(route, shapes), _rights(route.needs)])):
        operation["description"] = description
    if parameters := [*_path_parameters(route), *_query_parameters(route, shapes), *_headers(route)]:
        operation["parameters"] = parameters
    body = _body(route, shapes)
    if body:
        operation["requestBody"] = body
    answer = _answer(route, shapes)
    operation["responses"] = {str(route.status): answer}
    for status in _refusals(route):
        form = "Legacy" if route.legacy_errors and status in (401, 404) else ""
        if status == 422 and route.errors_by_field:
            form = "ByField"
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{form}{_error_name(status)}"}
    call = Sample(
        route.method,
        base + route.path,
        [],
        next(iter(body["content"].values()))["example"] if body else None,
        _header_of(route.needs),
        "content" in answer,
        route.multipart,
    )
    operation["x-codeSamples"] = samples(call, parameters)
    return operation


def _of_query(route: Route, shapes: Shapes) -> str:
    shape = route.hints.get("query")
    return "" if shape is None else shapes.resolved(shapes.taken(shape)).get("description", "")


def _said(route: Route) -> tuple[str, str]:
    """The first sentence of a handler's docstring, and the rest of it."""
    text = cleandoc(route.handler.__doc__ or "") or route.name.replace("_", " ").capitalize()
    first, _, rest = text.partition("\n\n")
    sentence, *more = re.split(r"(?<=[.?]) ", " ".join(first.split()), maxsplit=1)
    return sentence.rstrip("."), "\n\n".join(filter(None, [*more, rest.strip()]))


def _security(needs: Needs) -> list[Schema]:
    return [{"partner_user": []}] if needs.user else [{"partner": []}] if needs.partner else []


def _header_of(needs: Needs) -> str:
    return "Bearer PARTNER_TOKEN, User USER_TOKEN" if needs.user else "Bearer PARTNER_TOKEN" if needs.partner else ""


def _rights(needs: Needs) -> str:
    if needs.rights:
        return "The user needs " + " and ".join(f"`{right}`" for right in needs.rights) + " there."
    return "The user must belong to the place that the path names." if needs.member else ""


def _path_parameters(route: Route) -> Iterable[Schema]:
    for name in route.path_params:
        shape = route.hints.get(name, int if name.endswith("_id") else str)
        schema: Schema = {"type": "integer", "format": "int64"} if shape is int else {"type": "string"}
        if shape is date:
            schema["format"] = "date"
        schema["examples"] = [path_example(name, shape)]
        parameter: Schema = {"name": name, "in": "path", "required": True, "schema": schema}
        if name.endswith("_id"):
            thing = {"record_id": "appointment", "company_id": "location"}.get(name) or name[:-3].replace("_", " ")
            parameter["description"] = f"Id of the {thing}."
        yield parameter


def _query_parameters(route: Route, shapes: Shapes) -> Iterable[Schema]:
    shape = route.hints.get("query")
    if shape is None:
        return
    struct = shapes.resolved(shapes.taken(shape))
    for name, given in struct["properties"].items():
        schema = {key: item for key, item in _not_null(given).items() if key != "description"}
        parameter: Schema = {"name": name, "in": "query", "schema": schema}
        if schema.get("default", "") is None:
            del schema["default"]
        if schema.get("type") == "array":
            parameter |= {"name": f"{name}[]", "style": "form", "explode": True}
        if name in struct.get("required", ()):
            parameter["required"] = True
        if "description" in given:
            parameter["description"] = given["description"]
        yield parameter


def _not_null(schema: Schema) -> Schema:
    """A parameter is given or not; null cannot be written in a query."""
    if "anyOf" not in schema:
        return schema
    kinds = [kind for kind in schema["anyOf"] if kind.get("type") != "null"]
    rest = {key: item for key, item in schema.items() if key != "anyOf"}
    return {**kinds[0], **rest} if len(kinds) == 1 else {"anyOf": kinds, **rest}


def _headers(route: Route) -> Iterable[Schema]:
    if route.method == "POST" and route.writes:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Makes the call safe to repeat.",
            "schema": {"type": "string", "maxLength": 255},
        }


def _body(route: Route, shapes: Shapes) -> Schema:
    shape = route.hints.get("body")
    if shape is None:
        return {}
    schema = shapes.taken(shape)
    kind = MULTIPART if route.multipart else "application/json"
    content: Schema = {kind: {"schema": schema, "example": example(schema, shapes.components, short=True)}}
    if not route.multipart and shapes.resolved(schema).get("type") == "object":
        content["application/x-www-form-urlencoded"] = {"schema": schema}
    return {"required": bool(shapes.resolved(schema).get("required", True)), "content": content}


def _answer(route: Route, shapes: Shapes) -> Schema:
    answer: Schema = {"description": HTTPStatus(route.status).phrase}
    shape = given_shape(route)
    if shape is not None:
        schema = shapes.given(shape)
        shown = example(schema, shapes.components)
        if shape is Done:
            shown["meta"]["message"] = answer["description"]
        answer["content"] = {route.media_type: {"schema": schema, "example": shown}}
    elif route.hints.get("return") is bytes:
        answer["content"] = {route.media_type: {}}
    return answer


def _refusals(route: Route) -> list[int]:
    needs, takes = route.needs, {"query", "body"} & route.hints.keys()
    dated = any(route.hints.get(name) is date for name in route.path_params)
    return [
        *[400] * route.is_v2,
        *[401] * (needs.partner or needs.user),
        *[403] * (needs.user or route.writes),
        *[404] * bool(route.path_params or takes),
        *[409] * route.writes,
        *[413] * route.multipart,
        *[422] * bool(takes or dated or route.writes or route.is_v2),
        429,
    ]


def _error_name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _error(status: int, text: str, version: str) -> Schema:
    # Whoever comes too often is turned away before anyone looks where he wanted to go.
    media_type = MEDIA_TYPE if version == "v2" and status != 429 else "application/json"
    answer: Schema = {"description": text, "content": {media_type: {"schema": {"$ref": REF + "Refusal"}}}}
    if status == 429:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return answer


def _legacy_error(status: int) -> Schema:
    """The oldest operations say it beside meta, too."""
    fields = {"code": {"type": "integer", "examples": [status]}, "message": {"type": "string"}}
    errors = {"type": "object", "required": list(fields), "properties": fields}
    schema = {
        "allOf": [{"$ref": REF + "Refusal"}],
        "type": "object",
        "required": ["errors"],
        "properties": {"errors": errors},
    }
    return {"description": _ERRORS[status], "content": {"application/json": {"schema": schema}}}
