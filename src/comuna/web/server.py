"""The server: one process, many threads, plain HTTP. TLS is the business of whoever stands before
it; on a village's own network there may be nobody.

A proxy on this machine says from which address a visitor came, and whether over https: sign-in
counts failures by address, and forms that seem to come from another place are refused. Nobody else
is believed.
"""

from __future__ import annotations

from typing import Any

from comuna.home import Home
from comuna.web import desk
from comuna.web.guard import LARGEST_GIVEN, create_server
from comuna.web.wsgi import application

OPTIONS: dict[str, Any] = {
    "threads": 32,  # those who wait for the disk are committed together
    "ident": "Comuna",
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"},
    "clear_untrusted_proxy_headers": True,
    "connection_limit": 500,  # more than `guard.PLACES`: there one makes room
    "channel_timeout": 30,  # seconds in which nothing moves
    "cleanup_interval": 2,
    "max_request_header_size": 2**15,
    "max_request_body_size": LARGEST_GIVEN,
    "asyncore_use_poll": True,  # select cannot watch more than 1,024 files
    "log_socket_errors": False,  # a visitor who goes away is no error
}


def serve(home: Home, port: int = 8000, host: str = "127.0.0.1") -> None:
    """Serve a home until interrupted. Raises OSError, which says so, when the port is taken."""
    app = application(home)
    from comuna.web.acting.signin import may_bring_documents

    try:
        create_server(app, may_bring_documents, host=host, port=port, **OPTIONS).run()
    except OSError as error:
        said = f"{host}:{port} cannot be opened ({error.strerror}); --port N says another"
        raise OSError(error.errno, said) from error
    finally:
        desk.close()
