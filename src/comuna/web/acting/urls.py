"""Addresses of what members do, under "/<body>/"."""

from __future__ import annotations

from django.urls import path

from comuna.web.acting import api, applications, keys, now, register, session, signing, writing

urlpatterns = [
    path("acts", api.acts, name="acts"),
    path("sign-in", session.sign_in, name="sign_in"),
    path("sign-out", session.sign_out, name="sign_out"),
    path("pin", session.pin, name="pin"),
    path("now", now.now, name="now"),
    path("act/<slug:kind>", writing.act_form, name="write"),
    path("act/<slug:kind>/sheet", writing.sheet, name="sheet"),
    path("draft/<str:token>", signing.draft, name="draft"),
    path("draft/<str:token>/signature", signing.signature, name="signature"),
    path("draft/<str:token>/attest", signing.attest, name="attest"),
    path("draft/<str:token>/ask", signing.ask, name="ask"),
    path("draft/<str:token>/discard", signing.discard, name="discard"),
    path("draft/<str:token>/paper", signing.paper, name="paper"),
    path("draft/<str:token>/recorded", signing.recorded, name="recorded"),
    path("key", keys.key, name="key"),
    path("join", keys.join, name="join"),
    path("applications", applications.applications, name="applications"),
    path("register", register.register, name="register"),
    path("register/<int:number>/code", register.code, name="code"),
    path("register/<int:number>/erase", register.erase, name="erase"),
]
