"""Example values and code samples for the API reference. A struct's own `Meta(examples=...)` comes first."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

Schema = dict[str, Any]

_REF = "#/components/schemas/"
_WORD = re.compile(r"[A-Z][a-z]*")
# What a field of this name shows. Struct.name comes first, by the last word of the struct: RecordService is Service.
_NAMED: dict[str, Any] = {
    "0": "wec23fh8cDfFV4432fc352456",
    "active": 1,
    "active_staff_count": 2,
    "address": "787 Jackson Drive, New York",
    "bookable": True,
    "Category.title": "Hair care",
    "City.title": "New York",
    "city": "New York",
    "city_id": 5128581,
    "code": "4821",
    "comment": "By the window, please",
    "coordinate_lat": 40.73061,
    "coordinate_lon": -73.935242,
    "cost": 45,
    "Country.currency": "$",
    "Country.title": "USA",
    "country": "United States",
    "country_id": 7,
    "create_date": "2026-09-20T18:02:11-05:00",
    "currency_short_title": "USD",
    "date": "2026-09-21",
    "date_from": "2026-09-21",
    "date_to": "2026-09-27",
    "datetime": "2026-09-21T10:00:00-05:00",
    "email": "j.smith@example.com",
    "full_title": "United States",
    "fullname": "James Smith",
    "is_approved": True,
    "is_valid": True,
    "iso": "USD",
    "iso_code": "US",
    "lang": "en-US",
    "lang_code": "en-US",
    "lang_id": 2,
    "Language.code": "en-US",
    "Language.title": "English",
    "last_change_date": "2026-09-20T18:02:11-05:00",
    "length": 3600,
    "login": "j.smith@example.com",
    "main_color": "#FFCB00",
    "message": "Created",
    "name": "James Smith",
    "new_password": "a better password",
    "next_slot": "2026-09-21T10:00:00-05:00",
    "num": 1,
    "old_password": "correct horse battery",
    "online": True,
    "password": "correct horse battery",
    "phone": "+13155550175",
    "phone_code": "1",
    "phone_example": "+1 201-555-0123",
    "phone_template": "+1 xxx-xxx-xxxx",
    "position": "Stylist",
    "prepaid": "forbidden",
    "price_max": 60,
    "price_min": 45,
    "rating": 5,
    "record_hash": "567df655304da9b98487769426d4e76e",
    "record_id": 2820023,
    "seance_date": "2026-09-21",
    "seance_length": 3600,
    "service": 331,
    "service_id": 331,
    "Service.comment": "Wash, cut and styling",
    "Service.title": "Haircut",
    "specialization": "Stylist",
    "Staff.name": "Anna",
    "staff_id": 6544,
    "Member.name": "Anna",
    "Master.name": "Anna",
    "Position.title": "Stylist",
    "step": "service",
    "success": True,
    "sum_length": 3600,
    "text": "Excellent service!",
    "time": "10:00",
    "timezone": -5,
    "timezone_name": "America/New_York",
    "title": "La Visage",
    "Step.title": "Choose services",
    "url": "https://example.com",
    "user_token": "wec23fh8cDfFV4432fc352456",
    "weight": 10,
}
# Shown in a request even where they need not be sent.
_TELLING = {"fullname", "email", "services", "service_ids", "login", "password", "old_password", "text"}
_PATH = {"location_id": 4564, "company_id": 4564, "team_member_id": 6544, "record_id": 2820023}
_FORMATS = {"binary": "@photo.jpg", "date": "2026-09-21", "date-time": "2026-09-21T10:00:00-05:00"}


def path_example(name: str, shape: Any) -> Any:
    """A likely value for a part of a path."""
    if shape is date:
        return "2026-09-21"
    if shape is int:
        return _PATH.get(name, 1)
    return _NAMED.get(name, "abc123")


def example(schema: Schema, components: Schema, *, short: bool = False) -> Any:
    """A value of a schema. `short` leaves out what need not be sent and has no example of its own."""
    return _Maker(components, short).value(schema, "", ())


class _Maker:
    def __init__(self, components: Schema, short: bool) -> None:
        self._components, self._short = components, short

    def value(self, schema: Schema, name: str, inside: tuple[str, ...]) -> Any:
        if not schema:
            return []
        if "$ref" in schema:
            target = schema["$ref"].removeprefix(_REF)
            return {} if target in inside else self.value(self._components[target], name, (*inside, target))
        if "examples" in schema:
            return schema["examples"][0]
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        for key in ("anyOf", "oneOf"):
            if key in schema:
                kinds = [kind for kind in schema[key] if kind.get("type") != "null"]
                kinds.sort(key=lambda kind: "$ref" not in kind)
                return self.value(kinds[0], name, inside) if kinds else None
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, inside)
        if kind == "array":
            item = self.value(schema.get("items") or {}, name.removesuffix("s"), inside)
            return [item] if item or item == 0 else []
        return _scalar(schema, kind, inside[-1] if inside else "", name)

    def _object(self, schema: Schema, inside: tuple[str, ...]) -> Schema:
        fields = schema.get("properties", {})
        if self._short:
            wanted = {*schema.get("required", ()), *_TELLING}
            chosen = {name: field for name, field in fields.items() if name in wanted or "examples" in field}
            fields = chosen or fields
        return {name: self.value(field, name, inside) for name, field in fields.items()}


def _scalar(schema: Schema, kind: Any, struct: str, name: str) -> Any:
    struct = _WORD.findall(struct)[-1] if struct else ""
    shapes = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    for known in (_NAMED.get(f"{struct}.{name}"), _NAMED.get(name), schema.get("default")):
        if isinstance(known, shapes.get(kind, ())) and isinstance(known, bool) == (kind == "boolean"):
            return known
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "")
    if kind in ("integer", "number"):
        least = schema.get("minimum", 0)
        return max(least, 1) if name.endswith("id") or not name else least
    return False if kind == "boolean" else None


class Sample(NamedTuple):
    """A call as it is shown. A name that ends in [] occurs in `query` once for each value. In the body of a `multipart`
    call, what begins with @ stands for a file."""

    method: str
    address: str
    query: list[tuple[str, Any]]
    body: Any
    authorization: str
    has_answer: bool = True
    multipart: bool = False

    @property
    def fields(self) -> list[tuple[str, Any]]:
        """The body of a multipart call."""
        return list(self.body.items()) if self.multipart else []

    @property
    def url(self) -> str:
        pairs = "&".join(f"{name}={quote(str(value), safe=':')}" for name, value in self.query)
        return f"{self.address}?{pairs}" if pairs else self.address


def samples(call: Sample, parameters: list[Schema]) -> list[dict[str, str]]:
    """The same call as a curl command, in Python with httpx, and in JavaScript with fetch."""
    address, query = call.address, list[tuple[str, Any]]()
    for parameter in parameters:
        schema, name = parameter["schema"], parameter["name"]
        if parameter["in"] == "path":
            address = address.replace("{" + name + "}", quote(str(schema["examples"][0])))
        elif parameter["in"] == "query":
            plain = name.removesuffix("[]")
            if not parameter.get("required") and "examples" not in schema and plain not in _TELLING:
                continue
            value = _Maker({}, short=True).value(schema, plain.replace("service_ids", "services"), ())
            query += [(name, item) for item in (value if isinstance(value, list) else [value])]
    call = call._replace(address=address, query=query)
    writers = {"Shell": _curl, "Python": _python, "JavaScript": _fetch}
    return [{"lang": lang, "label": lang, "source": write(call)} for lang, write in writers.items()]


def _curl(call: Sample) -> str:
    usual = "GET" if call.body is None else "POST"
    options = [f"-X {call.method}"] * (call.method != usual) + ["--globoff"] * ("[" in call.url)
    lines = [" ".join(["curl", *options, f"'{call.url}'"])]
    if call.authorization:
        lines.append(f"-H 'Authorization: {call.authorization}'")
    if call.multipart:
        lines += [f"-F '{name}={value}'" for name, value in call.fields]
    elif call.body is not None:
        lines.append("-H 'Content-Type: application/json'")
        lines.append("-d '" + json.dumps(call.body, indent=2, ensure_ascii=False).replace("'", "'\\''") + "'")
    return " \\\n  ".join(lines)


def _python(call: Sample) -> str:
    params: Schema = {}
    for name, value in call.query:
        params[name] = [*params.get(name, []), value] if name.endswith("[]") else value
    lines = [f'    "{call.method}",', f'    "{call.address}",']
    if params:
        lines.append(f"    params={_python_literal(params)},")
    if call.authorization:
        lines.append(f'    headers={{"Authorization": "{call.authorization}"}},')
    if call.multipart:
        parts = ", ".join(f'"{name}": {_python_part(value)}' for name, value in call.fields)
        lines.append(f"    files={{{parts}}},")
    elif call.body is not None:
        lines.append(f"    json={_python_literal(call.body)},")
    shown = "print(answer.json())" if call.has_answer else "answer.raise_for_status()"
    return "\n".join(["import httpx", "", "answer = httpx.request(", *lines, ")", shown])


def _fetch(call: Sample) -> str:
    options = [f'  method: "{call.method}",'] * (call.method != "GET")
    headers = {"Authorization": call.authorization} if call.authorization else {}
    if call.body is not None and not call.multipart:
        headers['"Content-Type"'] = "application/json"
    if headers:
        listed = ", ".join(f'{name}: "{value}"' for name, value in headers.items())
        options.append(f"  headers: {{ {listed} }},")
    if call.multipart:
        options.append("  body: form,")
    elif call.body is not None:
        literal = json.dumps(call.body, indent=2, ensure_ascii=False).replace("\n", "\n  ")
        options.append(f"  body: JSON.stringify({literal}),")
    arguments = [json.dumps(call.url), *([", {", *options, "}"] if options else [])]
    opened = "".join(arguments[:2]) + "\n" + "\n".join(arguments[2:]) if options else arguments[0]
    shown = "await answer.json()" if call.has_answer else "answer.status"
    form = ["const form = new FormData();"] if call.multipart else []
    form += [f"form.append({_script_part(name, value)});" for name, value in call.fields]
    first = "".join(f"{line}\n" for line in form)
    return f"{first}const answer = await fetch({opened});\nconsole.log({shown});"


def _python_part(value: Any) -> str:
    is_file = isinstance(value, str) and value.startswith("@")
    return f'open("{value[1:]}", "rb")' if is_file else f'(None, "{value}")'


def _script_part(name: str, value: Any) -> str:
    is_file = isinstance(value, str) and value.startswith("@")
    return f'"{name}", input.files[0]' if is_file else f'"{name}", {json.dumps(value)}'


def _python_literal(value: Any, indent: str = "    ") -> str:
    """JSON as Python writes it, set below an argument that is indented by `indent`."""
    deeper = indent + "    "
    if isinstance(value, dict) and value:
        items = [f"{json.dumps(key)}: {_python_literal(item, deeper)}" for key, item in value.items()]
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        items = [_python_literal(item, deeper) for item in value]
    elif isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    else:
        return repr(value)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return "\n".join([opening, *(f"{deeper}{item}," for item in items), f"{indent}{closing}"])
