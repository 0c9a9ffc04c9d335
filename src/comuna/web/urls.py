"""Addresses: all about a body lies under its identity. `acting` adds sign-in, forms and the API.

"/<body>/decisions/12" names decision 12 for ever.
"""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from comuna.web import assets
from comuna.web.pages import (
    assemblies,
    book,
    decisions,
    entrance,
    faults,
    members,
    money,
    offices,
    oversight,
    payments,
    statute,
)


class BodyConverter:
    """The identity of a body: 32 hex digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class NumberConverter(IntConverter):
    """The number of an act, a member…: from 1, and not longer than a database holds."""

    regex = "[1-9][0-9]{0,14}"


register_converter(BodyConverter, "body")
register_converter(NumberConverter, "number")

OF_A_BODY = [
    path("", entrance.home, name="home"),
    path("decisions", decisions.decisions, name="decisions"),
    path("decisions/<number:number>", decisions.decision, name="decision"),
    path(
        "decisions/<number:number>/<number:ballot>.<str:ending>",
        decisions.ballots_file,
        name="ballots_file",
    ),
    path("money", money.money, name="money"),
    path("money/<number:number>", money.movement, name="movement"),
    path("payments", payments.payments, name="payments"),
    path("payments/<number:number>", payments.payment, name="payment"),
    path("assemblies", assemblies.assemblies, name="assemblies"),
    path("assemblies/<number:number>", assemblies.assembly, name="assembly"),
    path("assemblies/<number:number>/minutes", assemblies.minutes, name="minutes"),
    path("assemblies/<number:number>/minutes.txt", assemblies.minutes_text, name="minutes_text"),
    path("offices", offices.offices, name="offices"),
    path("members", members.roll, name="roll"),
    path("members/<number:number>", members.account, name="account"),
    path("oversight", oversight.oversight, name="oversight"),
    path("statute", statute.statute, name="statute"),
    path("book", book.book, name="book"),
    path("book/<number:number>", book.act, name="act"),
    path("book/<number:number>.json", book.entry_bytes, name="entry_bytes"),
    path("book/<number:number>.receipt", book.act_receipt, name="act_receipt"),
    path("checkpoint", book.checkpoint, name="checkpoint"),
    path("verify", book.verify, name="verify"),
    path("files/<str:sha256>", book.file, name="file"),
]

urlpatterns = [
    path("", entrance.bodies, name="bodies"),
    path("language/<str:lang>", entrance.language, name="language"),
    path("static/<str:version>/<path:path>", assets.asset, name="asset"),
    # First, because a whole assembly votes through its first address.
    path("<body:body>/", include("comuna.web.acting.urls")),
    path("<body:body>/", include(OF_A_BODY)),
]

handler404 = faults.not_found
handler500 = faults.server_error
handler403 = faults.forbidden
handler400 = faults.bad_request
