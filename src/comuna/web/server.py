"""The server: one process, many threads, plain HTTP. TLS is the business of whoever stands before
it; on a village's own network there may be nobody."""

from __future__ import annotations

import waitress

from comuna.home import Home
from comuna.web import desk
from comuna.web.wsgi import application

THREADS = 16


def serve(home: Home, port: int = 8000, host: str = "127.0.0.1") -> None:
    """Serve a home until interrupted. Raises OSError when the port is taken."""
    app = application(home)
    try:
        waitress.serve(app, host=host, port=port, threads=THREADS, ident="Comuna", _quiet=True)
    finally:
        desk.close()
