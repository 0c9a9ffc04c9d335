"""The server: one process, many threads, plain HTTP. TLS is the business of whoever stands before
it; on a village's own network there may be nobody.

A proxy on this machine says from which address a visitor came, and whether over https: sign-in
counts failures by address, and forms that seem to come from another place are refused. Nobody else
is believed.
"""

from __future__ import annotations

from typing import Any

import waitress

from comuna.home import Home
from comuna.web import desk
from comuna.web.wsgi import application

OPTIONS: dict[str, Any] = {
    "threads": 32,  # those who wait for the disk are committed together
    "ident": "Comuna",
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"},
    "clear_untrusted_proxy_headers": True,
}


def serve(home: Home, port: int = 8000, host: str = "127.0.0.1") -> None:
    """Serve a home until interrupted. Raises OSError, which says so, when the port is taken."""
    app = application(home)
    try:
        waitress.serve(app, host=host, port=port, _quiet=True, **OPTIONS)
    except OSError as error:
        said = f"{host}:{port} cannot be opened ({error.strerror}); --port N says another"
        raise OSError(error.errno, said) from error
    finally:
        desk.close()
