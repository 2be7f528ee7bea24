"""Settings: one struct, filled from `AGENDUM_…` variables and then from the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

PREFIX = "AGENDUM_"


class ConfigError(Exception):
    """What is wrong with the settings, in one line."""


class Settings(msgspec.Struct, kw_only=True, frozen=True):
    """Every setting; the variable is the field's name in capitals after AGENDUM_."""

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8000
    workers: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    data_dir: str = ".agendum"  # cluster, logs, uploads, demo.json
    database_url: str = ""  # empty: the embedded PostgreSQL in data_dir
    base_url: str = ""  # how clients reach the server; empty: http://host:port
    pool_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 10  # connections of each kind and worker
    worker: bool = True  # run jobs inside `serve`
    rate_limit: Literal["on", "off"] = "on"
    rate_per_minute: Annotated[int, msgspec.Meta(ge=1)] = 200
    rate_per_second: Annotated[int, msgspec.Meta(ge=1)] = 5
    trusted_proxies: str = ""  # addresses, comma-separated, whose X-Forwarded-For counts
    cors_origins: str = "*"  # comma-separated; * for any
    max_body: Annotated[int, msgspec.Meta(ge=1024)] = 4 * 1024 * 1024  # bytes
    max_upload: Annotated[int, msgspec.Meta(ge=1024)] = 10 * 1024 * 1024  # bytes, of a request that brings files
    media_url: Annotated[str, msgspec.Meta(pattern=r"^$|^s3://[^/]+|^file:///.")] = ""  # empty: media in data_dir
    log_requests: Literal["off", "errors", "writes", "all"] = "writes"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "text"] = "json"
    smtp_url: str = ""  # smtp://user:password@host:port, smtps://…; empty: e-mails are kept
    mail_from: str = "Agendum <no-reply@localhost>"
    sms_url: str = ""  # an Apprise URL in which {phone} stands for the number; empty: SMS are kept
    clock_shift: float = 0.0  # seconds by which the server's clock runs ahead (demonstrations, tests)

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).expanduser().resolve()

    @property
    def public_url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")


OPTIONS = ("host", "port", "workers", "data_dir", "database_url")  # that `agendum serve` takes too
SECRET = ("database_url", "smtp_url", "sms_url")


def load_settings(environ: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """Settings from the environment; what the command line gave (not None) wins. Raises ConfigError."""
    known = {field.name for field in msgspec.structs.fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in environ.items():
        if name.startswith(PREFIX):
            key = name.removeprefix(PREFIX).lower()
            if key in known:
                values[key] = value
    values.update({key: value for key, value in given.items() if value is not None})
    for name in ("worker",):
        if isinstance(values.get(name), str):
            values[name] = {"on": "true", "off": "false", "1": "true", "0": "false"}.get(values[name], values[name])
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        name = where.rstrip("`")
        option = f" (--{name.replace('_', '-')})" if name in OPTIONS else ""
        raise ConfigError(f"{PREFIX}{name.upper()}{option}: {what}") from None
