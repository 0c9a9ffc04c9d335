"""Addresses: everything about a body lies under its identity. `acting` adds sign-in, forms, the API.

"/<body>/decisions/12" names decision 12 for ever.
"""

from __future__ import annotations

from django.urls import include, path, register_converter

from comuna.web import assets
from comuna.web.pages import entrance, faults


class BodyConverter:
    """The identity of a body: 32 hex digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(BodyConverter, "body")

OF_A_BODY = [
    path("", entrance.home, name="home"),
    path("decisions", entrance.home, name="decisions"),
    path("money", entrance.home, name="money"),
    path("members/<int:number>", entrance.home, name="account"),
    path("assemblies", entrance.home, name="assemblies"),
    path("offices", entrance.home, name="offices"),
    path("members", entrance.home, name="roll"),
    path("oversight", entrance.home, name="oversight"),
    path("book", entrance.home, name="book"),
    path("statute", entrance.home, name="statute"),
    path("verify", entrance.home, name="verify"),
]

urlpatterns = [
    path("", entrance.bodies, name="bodies"),
    path("language/<str:lang>", entrance.language, name="language"),
    path("static/<str:version>/<path:path>", assets.asset, name="asset"),
    path("<body:body>/", include(OF_A_BODY)),
    path("<body:body>/", include("comuna.web.acting.urls")),
]

handler404 = faults.not_found
handler500 = faults.server_error
handler403 = faults.forbidden
handler400 = faults.bad_request
