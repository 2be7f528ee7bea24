"""A small S3: the requests that a client of object storage makes, over HTTP, signed; objects live in memory."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

KEY = "AKIATESTKEY"
BUCKET = "pictures"


class Bucket:
    """`objects` by key: (content, type, when). While `is_down` every request is answered 503."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str, datetime]] = {}
        self.is_down = False
        self.url = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def do_PUT(self) -> None:
        self._objects()[self._key()] = (self._body, self.headers.get("content-type", ""), datetime.now(UTC))
        self._answer(200, etag=hashlib.md5(self._body).hexdigest())  # noqa: S324

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            self._list(query.get("prefix", [""])[0])
            return
        found = self._objects().get(self._key())
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        content, kind, when = found
        etag = hashlib.md5(content).hexdigest()  # noqa: S324
        self._answer(200, content, etag=etag, kind=kind, when=format_datetime(when, usegmt=True))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self._objects().pop(self._key(), None)
        self._answer(204)

    def do_POST(self) -> None:
        assert "delete" in parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        keys = [unescape(key) for key in re.findall(r"<Key>(.*?)</Key>", self._body.decode())]
        for key in keys:
            self._objects().pop(key, None)
        gone = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode(), kind="application/xml")

    def _list(self, prefix: str) -> None:
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{when:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>x</ETag><Size>{len(content)}</Size></Contents>"
            for key, (content, _, when) in sorted(self._objects().items())
            if key.startswith(prefix)
        )
        text = f"<ListBucketResult><Name>{BUCKET}</Name><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
        self._answer(200, text.encode(), kind="application/xml")

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        self._body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.bucket.is_down:
            self._answer(503, b"<Error><Code>SlowDown</Code></Error>")
            return False
        if f"Credential={KEY}/" not in self.headers.get("authorization", ""):
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            return False
        return True

    def _objects(self) -> dict[str, tuple[bytes, str, datetime]]:
        return self.bucket.objects

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}/")

    def _answer(self, status: int, body: bytes = b"", *, etag: str = "", kind: str = "", when: str = "") -> None:
        self.send_response(status)
        given = {"ETag": etag and f'"{etag}"', "Content-Type": kind, "Last-Modified": when}
        for name, value in given.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def small_s3() -> Generator[Bucket]:
    """Serves a bucket for as long as the block lasts; clients need AWS_ENDPOINT_URL and the KEY."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"bucket": bucket}))
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
