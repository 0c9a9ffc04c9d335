"""The web application in tests. Django can be settled once in a process: it is settled here, on a
home that holds nothing but its sessions; homes with bodies are opened and closed at will."""

import atexit
import shutil
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from comuna.home import Home
from comuna.web import desk
from comuna.web.guard import create_server
from comuna.web.server import OPTIONS
from comuna.web.settings import configure
from comuna.web.wsgi import served

if not settings.configured:
    _folder = Path(tempfile.mkdtemp(prefix="comuna-site-"))
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    configure(Home.create(_folder / "home"))
    call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def site(home, clock=None):
    """The pages of this home, as a WSGI application."""
    connections["book"].close()
    connections.settings["book"]["NAME"] = str(home.folder / "comuna.db")
    desk.open_home(home, clock)
    try:
        yield served()
    finally:
        desk.close()


@contextmanager
def listening(application):
    """The application behind a real socket; gives the port."""
    from comuna.web.acting.signin import may_bring_documents

    server = create_server(application, may_bring_documents, host="127.0.0.1", port=0, **OPTIONS)

    def run():
        with suppress(OSError):  # its socket is closed under it at the end
            server.run()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield server.effective_port
    finally:
        server.close()
