"""The web application of a home, for any WSGI server that keeps one process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from comuna.home import Home
from comuna.web import desk, settings


def application(home: Home, clock: Callable[[], int] | None = None) -> Callable[..., Any]:
    """Settle Django, open the desk, make the tables of sessions where they are not yet. One
    process only: the clerk is the only writer."""
    settings.configure(home)
    desk.open_home(home, clock)
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    return served()


def served() -> Callable[..., Any]:
    """Everything there is to serve, once Django is settled and a home is open."""
    from django.core.wsgi import get_wsgi_application

    from comuna.web.acting.api import acts_first

    return acts_first(get_wsgi_application())
