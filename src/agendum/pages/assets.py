"""What `make web` builds: scripts and styles under names that hold their hash, and the manifest that lists them."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent / "assets"


class Asset(msgspec.Struct, frozen=True):
    """A file as it is sent: whole, and compressed where that is smaller, by the name of the encoding."""

    media_type: str
    content: bytes
    encoded: dict[str, bytes]

    def best(self, accept_encoding: str) -> tuple[str, bytes]:
        """The smallest form that the client takes, and its encoding; an empty one for the plain form."""
        accepted = {part.split(";")[0].strip() for part in accept_encoding.split(",") if "q=0" not in part.split(";")}
        for name, content in self.encoded.items():
            if name in accepted:
                return name, content
        return "", self.content


class Entry(msgspec.Struct, frozen=True):
    """A page's script, with the styles and scripts that it cannot begin without."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


class Assets:
    """All files, read once; `entries` is empty when nothing has been built."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.files: dict[str, Asset] = {}
        self.entries: dict[str, Entry] = {}
        self._manifest: dict[str, dict[str, object]] = {}
        if not (folder / "manifest.json").is_file():
            return
        self._manifest = json.loads((folder / "manifest.json").read_text())
        for path in folder.iterdir():
            if path.suffix not in (".br", ".gz") and path.name != "manifest.json":
                self.files[path.name] = _read(path)
        for source, chunk in self._manifest.items():
            if chunk.get("isEntry"):
                scripts, styles = self._needed(source)
                self.entries[source.split("/")[0]] = Entry(scripts[0], tuple(styles), tuple(scripts[1:]))

    def chunk(self, source: str) -> str:
        """The built file of a source that is loaded when needed; empty when there is none."""
        return str(self._manifest.get(source, {}).get("file", ""))

    def _needed(self, source: str) -> tuple[list[str], list[str]]:
        """Script files, the entry's own first, and style files, in the order of the imports."""
        scripts: list[str] = []
        styles: list[str] = []
        waiting = [source]
        while waiting:
            chunk = msgspec.convert(self._manifest[waiting.pop(0)], _Chunk)
            if chunk.file not in scripts:
                scripts.append(chunk.file)
                styles = [*(name for name in chunk.css if name not in styles), *styles]
                waiting += chunk.imports
        return scripts, styles


class _Chunk(msgspec.Struct):
    file: str
    imports: list[str] = []
    css: list[str] = []


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    forms = {name: path.with_name(path.name + ending) for name, ending in (("br", ".br"), ("gzip", ".gz"))}
    encoded = {name: form.read_bytes() for name, form in forms.items() if form.is_file()}
    smaller = {name: form for name, form in encoded.items() if len(form) < len(content)}
    return Asset(mimetypes.guess_type(path.name)[0] or "application/octet-stream", content, smaller)
