"""Django's settings, drawn from a home: nothing to edit, nothing secret in the code.

Django keeps only what is not law here: sessions, and what `acting` needs to sign members in. That
lives apart from the book (web.db beside comuna.db), so that no session ever waits for the book.
The alias "book" reads the readings and cannot write.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

from comuna.home import Home, private

ROOM = Path(__file__).parent
LANGUAGES = (("es", "Español"), ("en", "English"))
UPLOAD_LARGEST = 10 * 2**20
WEB_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"


def configure(home: Home) -> None:
    """Settle Django on this home; on the same again it stays as it is. Raises RuntimeError when it
    is settled on another."""
    if settings.configured and home.settings["secret"] == settings.SECRET_KEY:
        return
    settings.configure(**values(home))
    django.setup()


def values(home: Home) -> dict[str, Any]:
    """Every setting that differs from Django's own."""
    return {
        "SECRET_KEY": home.settings["secret"],
        "DEBUG": False,
        # A village server is reached by whatever name or address its network gives it; no page
        # builds a link from the Host header.
        "ALLOWED_HOSTS": ["*"],
        "ROOT_URLCONF": "comuna.web.urls",
        "INSTALLED_APPS": [
            "django.contrib.sessions",
            "comuna.readings",
            "comuna.web.acting",
        ],
        "MIDDLEWARE": [
            "comuna.web.headers.headers",
            "django.middleware.gzip.GZipMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "comuna.web.pages.faults.ReadOnlyBook",
        ],
        "DATABASES": databases(home),
        "DATABASE_ROUTERS": ["comuna.web.settings.Router"],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [ROOM / "templates"],
                "OPTIONS": {
                    "builtins": ["comuna.web.tags"],
                    "context_processors": [
                        "django.template.context_processors.csrf",
                        "django.template.context_processors.request",
                        "comuna.web.visit.everywhere",
                    ],
                },
            }
        ],
        "LANGUAGE_CODE": "es",
        "LANGUAGES": LANGUAGES,
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_FAILURE_VIEW": "comuna.web.pages.faults.csrf",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": UPLOAD_LARGEST,
        "LOGGING_CONFIG": None,
    }


def databases(home: Home) -> dict[str, dict[str, Any]]:
    """ "default" for Django's own tables, "book" for the readings, read only."""
    address = home.settings["database"]
    if address:
        read_only = {"options": "-c default_transaction_read_only=on"}
        return {"default": postgresql(address), "book": postgresql(address, read_only)}
    private(home.folder / "web.db")
    return {
        "default": sqlite(home.folder / "web.db", WEB_PRAGMAS),
        "book": sqlite(home.folder / "comuna.db", "PRAGMA query_only=ON;"),
    }


def sqlite(path: Path, pragmas: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
    }


def postgresql(address: str, options: dict[str, str] | None = None) -> dict[str, Any]:
    """Django's form of a "postgresql://" address; socket folders come in its `host` parameter."""
    parts = urlsplit(address)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "OPTIONS": options or {},
    }


class Router:
    """Readings are read from the book's database; Django makes its own tables and no others."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "book" if model._meta.app_label == "readings" else "default"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default" and app_label != "readings"
