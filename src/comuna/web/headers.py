"""What every answer of the server says to the browser about safety.

Nothing is inline and nothing comes from elsewhere, so the policy has no exceptions. Over https a
browser is told to come back over https only, and to show our cookies nowhere else; on a village's
own network without it, a cookie that must be secure would sign nobody in.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ONLY_HTTPS = "max-age=31536000"  # a year


def headers(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the policy, no sniffing, no referrer; pages are never kept by shared caches.
    Outermost, so that it sees every cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.is_secure():
            response.headers["Strict-Transport-Security"] = ONLY_HTTPS
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

    return middleware
