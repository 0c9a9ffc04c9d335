"""Giving a member a PIN from a terminal, where no server runs."""

from __future__ import annotations

from django.conf import settings

from comuna.home import Home


def set_pin(home: Home, body: str, member: int, pin: str) -> None:
    """Give a member their PIN or password, in place of the one before. Raises ValueError when it is
    too short or too long."""
    if not settings.configured:
        from comuna.web.settings import configure

        configure(home)
    # Models can be imported once Django is settled on a home, not before.
    from django.core.management import call_command

    from comuna.web.acting.signin import keep_secret

    call_command("migrate", interactive=False, verbosity=0)
    keep_secret(body, member, pin, once=False)
