"""Pages for what went wrong: they say what, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comuna.clerk import ReadOnly
from comuna.web.texts import text
from comuna.web.visit import language


def fault(request: HttpRequest, name: str, status: int) -> HttpResponse:
    lang = language()
    words = {"title": text(f"fault.{name}", lang), "remedy": text(f"fault.{name}_remedy", lang)}
    return render(request, "fault.html", words, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return fault(request, "not_found", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return fault(request, "forbidden", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return fault(request, "bad_request", 400)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or too late."""
    return fault(request, "csrf", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    return fault(request, "server_error", 500)


class ReadOnlyBook:
    """Middleware: a book that does not agree with what was signed is shown by no page and no form;
    they say what was found."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ReadOnly):
            return None
        return render(request, "read_only.html", {"finding": exception}, status=503)
