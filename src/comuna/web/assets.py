"""Style, scripts and pictures: served from this folder, kept by browsers until they change."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase
from django.views.static import serve

FOLDER = Path(__file__).parent / "static"
A_YEAR = 31_536_000


@cache
def version() -> str:
    """A fingerprint of all static files. One for all: scripts import each other by relative
    paths."""
    found = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            found.update(str(path.relative_to(FOLDER)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


def address(path: str) -> str:
    """The address of a static file, which changes when any of them changes."""
    return f"/static/{version()}/{path}"


def asset(request: HttpRequest, version: str, path: str) -> HttpResponseBase:
    """A static file. Any version in the address gives today's file."""
    response = serve(request, path, document_root=str(FOLDER))
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
