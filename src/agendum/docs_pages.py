"""The API reference for people: `/docs`, a page a group, and the documents behind it, `/openapi/v1.json` and `v2.json`.

Plain HTML made here from our own OpenAPI documents: nothing is fetched from elsewhere, and the pages can be read
without JavaScript, which adds search, tabs and copying.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from agendum.core.openapi import build, title
from agendum.core.permissions import PUBLIC
from agendum.core.routes import Route

_ASSETS = Path(__file__).parent / "docs_assets"
_VERSIONS = ("v1", "v2")
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-cache",
}
_NEEDS = {"partner": "Partner token", "partner_user": "Partner and user token"}
_JSON = re.compile(r"(&quot;(?:[^&]|&(?!quot;))*&quot;)(:?)|\b(true|false|null|-?\d+(?:\.\d+)?)\b")

Schema = dict[str, Any]


def handlers(routes: Sequence[Route]) -> list[HTTPRouteHandler]:
    """The handlers of the reference, for the application to mount."""
    kept: dict[str, Reference] = {}

    def reference(request: Request[Any, Any, Any]) -> Reference:
        base = request.app.state.server.base_url
        if base not in kept:
            kept[base] = Reference([build(version, routes, base_url=base) for version in _VERSIONS])
        return kept[base]

    @get([f"/openapi/{version}.json" for version in _VERSIONS], opt={"needs": PUBLIC})
    async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The OpenAPI document of a version of the API."""
        version = request.url.path.rsplit("/", 1)[1].removesuffix(".json")
        document = reference(request).documents[_VERSIONS.index(version)]
        return Response(json.dumps(document).encode(), media_type="application/json")

    @get("/docs", opt={"needs": PUBLIC})
    async def docs(request: Request[Any, Any, Any]) -> Response[str]:
        """The API reference: what holds for every call, and the list of all operations."""
        return Response(reference(request).start(), media_type="text/html", headers=_HEADERS)

    @get("/docs/{group:str}", opt={"needs": PUBLIC})
    async def docs_group(request: Request[Any, Any, Any], group: FromPath[str]) -> Response[str]:
        """The operations of one group."""
        page = reference(request).group(group)
        if page is None:
            raise NotFoundException("There is no such page.")
        return Response(page, media_type="text/html", headers=_HEADERS)

    @get(["/docs/assets/reference.css", "/docs/assets/reference.js"], opt={"needs": PUBLIC})
    async def docs_asset(request: Request[Any, Any, Any]) -> Response[str]:
        """How the reference looks, and what searches it."""
        name = request.url.path.rsplit("/", 1)[1]
        kind = "text/css" if name.endswith("css") else "text/javascript"
        return Response((_ASSETS / name).read_text(), media_type=kind, headers=_HEADERS)

    return [openapi, docs, docs_group, docs_asset]


@dataclass(frozen=True)
class _Operation:
    version: str
    method: str
    path: str
    facts: Schema
    components: Schema

    @property
    def anchor(self) -> str:
        return ("" if self.version == "v1" else "v2-") + self.facts["operationId"]

    @property
    def name(self) -> str:
        return title(self.facts["operationId"])


class Reference:
    """The pages of a set of OpenAPI documents. `title` of a group's slug is its tag."""

    def __init__(self, documents: list[Schema]) -> None:
        self.documents = documents
        self._groups: dict[str, list[_Operation]] = {}
        for version, document in zip(_VERSIONS, documents, strict=True):
            for path, methods in document["paths"].items():
                for method, facts in methods.items():
                    operation = _Operation(
                        version, method.upper(), f"/api/{version}{path}", facts, document["components"]
                    )
                    self._groups.setdefault(_slug(facts["tags"][0]), []).append(operation)
        self._menu_of = {group: self._menu(group) for group in ("", *self._groups)}

    def start(self) -> str:
        about = _text(self.documents[0]["info"]["description"])
        tables = "".join(self._table(group, operations) for group, operations in self._groups.items())
        files = " and ".join(f'<a href="/openapi/{version}.json">{version}.json</a>' for version in _VERSIONS)
        content = f'<div class="about"><h1>API reference</h1>{about}<p>As OpenAPI 3.1: {files}.</p></div>{tables}'
        return self._page("", "API reference", content)

    def group(self, group: str) -> str | None:
        """The page of a group; None when there is none."""
        operations = self._groups.get(group)
        if operations is None:
            return None
        shown = "".join(_operation(operation) for operation in operations)
        return self._page(group, title(group), f"<h1>{title(group)}</h1>{shown}")

    def _page(self, group: str, name: str, content: str) -> str:
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{name} · Agendum</title>"
            '<link rel="stylesheet" href="/docs/assets/reference.css"><link rel="icon" href="data:,">'
            '<script src="/docs/assets/reference.js" defer></script></head><body>'
            f'<nav><a class="brand" href="/docs">Agendum <span>API</span></a>{self._menu_of[group]}</nav>'
            f"<main>{content}</main></body></html>"
        )

    def _menu(self, current: str) -> str:
        parts = ['<input type="search" placeholder="Search" aria-label="Search the operations">']
        for group, operations in self._groups.items():
            links = "".join(
                f'<a href="/docs/{group}#{each.anchor}" title="{each.method} {escape(each.path)}">'
                f'<b class="{each.method.lower()}">{each.method}</b>{each.name}</a>'
                for each in operations
            )
            opened = " open" if group == current else ""
            parts.append(f"<details{opened}><summary>{title(group)}</summary>{links}</details>")
        return "".join(parts)

    def _table(self, group: str, operations: Iterable[_Operation]) -> str:
        rows = "".join(
            f'<tr><td><b class="{each.method.lower()}">{each.method}</b></td>'
            f'<td><a href="/docs/{group}#{each.anchor}"><code>{escape(each.path)}</code></a></td>'
            f"<td>{escape(each.facts['summary'])}</td></tr>"
            for each in operations
        )
        return f'<h2><a href="/docs/{group}">{title(group)}</a></h2><table class="list">{rows}</table>'


def _slug(tag: str) -> str:
    return tag.lower().replace(" ", "-")


def _operation(operation: _Operation) -> str:
    facts = operation.facts
    security = facts["security"]
    needs = _NEEDS[next(iter(security[0]))] if security else "No token"
    body = next(iter(facts.get("requestBody", {}).get("content", {}).values()), None)
    parts = [
        f"<h2>{operation.name}</h2>",
        f'<p class="call"><b class="{operation.method.lower()}">{operation.method}</b>'
        f"<code>{_path(operation.path)}</code><span>{needs}</span></p>",
        _text(facts["summary"] + ("" if facts["summary"].endswith("?") else ".")),
        _text(facts.get("description", "")),
        _parameters(facts.get("parameters", [])),
    ]
    if body:
        about = _resolved(body["schema"], operation.components, ())[0].get("description", "")
        parts.append(f"<h3>Body</h3>{_text(about)}{_fields(body['schema'], operation.components, asked=True)}")
    parts.append(_answers(facts["responses"], operation.components))
    samples = "".join(
        f'<div data-lang="{sample["lang"]}"><h4>{sample["lang"]}</h4><pre>{escape(sample["source"])}</pre></div>'
        for sample in facts["x-codeSamples"]
    )
    example = _example(facts["responses"])
    return (
        f'<article id="{operation.anchor}"><div class="what">{"".join(parts)}</div>'
        f'<div class="how"><div class="samples">{samples}</div>{example}</div></article>'
    )


def _path(path: str) -> str:
    return re.sub(r"(\{\w+\})", r"<i>\1</i>", escape(path).replace("/", "/<wbr>"))


def _text(text: str) -> str:
    """Paragraphs with `code` and **bold**."""
    html = escape(text.strip())
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html)
    return "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", html) if part)


def _parameters(parameters: list[Schema]) -> str:
    rows = "".join(
        _row(
            parameter["name"],
            parameter["schema"],
            {},
            bool(parameter.get("required")),
            parameter.get("description"),
            where,
        )
        for where in ("path", "query", "header")
        for parameter in parameters
        if parameter["in"] == where
    )
    return f"<h3>Parameters</h3><table>{rows}</table>" if rows else ""


def _answers(responses: Schema, components: Schema) -> str:
    parts = ["<h3>Answers</h3>"]
    refusals: list[str] = []
    for status, answer in responses.items():
        if "$ref" in answer:
            said = components["responses"][answer["$ref"].rsplit("/", 1)[1]]["description"]
            refusals.append(f"<tr><td><b>{status}</b></td><td>{_text(said)}</td></tr>")
            continue
        parts.append(f'<p class="ok"><b>{status}</b> {answer["description"]}</p>')
        schema = next(iter(answer.get("content", {}).values()), {}).get("schema")
        if schema:
            parts.append(f"<details><summary>Fields</summary>{_fields(schema, components)}</details>")
    return "".join(parts) + f'<table class="refusals">{"".join(refusals)}</table>'


def _example(responses: Schema) -> str:
    for status, answer in responses.items():
        for shown in answer.get("content", {}).values():
            if "example" in shown:
                text = escape(json.dumps(shown["example"], indent=2, ensure_ascii=False))
                return f"<h4>Answer {status}</h4><pre>{_JSON.sub(_coloured, text)}</pre>"
    return ""


def _coloured(match: re.Match[str]) -> str:
    quoted, colon, word = match.groups()
    kind = "n" if word else "k" if colon else "s"
    return f'<span class="{kind}">{quoted or word}</span>{colon or ""}'


def _fields(schema: Schema, components: Schema, *, asked: bool = False) -> str:
    """A table of a value's fields. `asked`: say which must be given."""
    rows = "".join(_rows(schema, components, "", (), asked))
    return f"<table>{rows}</table>" if rows else f"<p>{_type(schema, components)}</p>"


def _rows(schema: Schema, components: Schema, prefix: str, inside: tuple[str, ...], asked: bool) -> Iterable[str]:
    """A row a field, the fields of a nested object right after it."""
    schema, inside = _resolved(schema, components, inside)
    if schema.get("type") == "array":
        yield from _rows(schema.get("items", {}), components, prefix + "[]", inside, asked)
    for name, field in schema.get("properties", {}).items():
        path = f"{prefix}.{name}".lstrip(".")
        required = asked and name in schema.get("required", ())
        inner, within = _resolved(field, components, inside)
        item, _ = _resolved(inner.get("items", {}), components, within)
        about = field.get("description") or inner.get("description") or item.get("description")
        yield _row(path, field, components, required, about)
        if inner.get("properties") or inner.get("type") == "array":
            yield from _rows(inner, components, path, within, asked)


def _resolved(schema: Schema, components: Schema, inside: tuple[str, ...]) -> tuple[Schema, tuple[str, ...]]:
    """What is behind a `$ref` or an optional value; nothing for a struct inside itself."""
    for kind in schema.get("anyOf", ()):
        if "$ref" in kind or kind.get("type") in ("object", "array"):
            return _resolved(kind, components, inside)
    if "$ref" not in schema:
        return schema, inside
    name = schema["$ref"].rsplit("/", 1)[1]
    return ({}, inside) if name in inside else (components["schemas"][name], (*inside, name))


def _row(
    name: str, schema: Schema, components: Schema, required: bool, description: str | None, where: str = ""
) -> str:
    marks = f"<em>{where}</em>" if where and where != "query" else ""
    marks += "<strong>required</strong>" if required else ""
    default = schema.get("default")
    if default not in (None, "", [], {}):
        marks += f"<span>default {escape(json.dumps(default))}</span>"
    shown = escape(name).replace(".", ".<wbr>")
    return (
        f"<tr><td><code>{shown}</code></td><td><span>{_type(schema, components)}</span>{marks}"
        f"{_text(description or '')}</td></tr>"
    )


def _type(schema: Schema, components: Schema) -> str:
    if "$ref" in schema:
        return _type(components["schemas"][schema["$ref"].rsplit("/", 1)[1]], components)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(kind, components) for kind in schema["anyOf"]))
    if "enum" in schema:
        return "one of " + ", ".join(escape(str(value)) for value in schema["enum"])
    kind = str(schema.get("type", "any"))
    if kind == "array" and (items := schema.get("items")):
        return f"array of {_type(items, components)}"
    low, high = schema.get("minimum", schema.get("minLength")), schema.get("maximum", schema.get("maxLength"))
    if low is not None and high is not None and high < 2**31 - 1:
        kind += f" {low} to {high}" + " characters" * ("maxLength" in schema)
    elif "maxLength" in schema:
        kind += f" up to {high} characters"
    return f"{kind} ({schema['format']})" if schema.get("format") in ("date", "date-time") else kind
