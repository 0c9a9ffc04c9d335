"""What templates can say: a text, money, a day, a moment, a link to a thing, a way to act."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comuna import words
from comuna.rules import names
from comuna.web import assets
from comuna.web.texts import text

register = template.Library()


@register.simple_tag(takes_context=True)
def t(context: template.Context, name: str, **values: Any) -> str:
    """A text of the pages in the language of the visit: {% t "decisions.title" %}. It is escaped as
    a whole, with its values."""
    return text(name, context["lang"], **values)


@register.simple_tag
def asset(path: str) -> SafeString:
    """The address of a static file, which changes when any of them changes."""
    return SafeString(assets.address(path))


@register.simple_tag(takes_context=True)
def money(context: template.Context, amount: int) -> str:
    """An amount in the body's unit."""
    return words.money(amount, context["unit"], context["decimals"], context["lang"])


@register.simple_tag(takes_context=True)
def number(context: template.Context, value: int) -> str:
    """A whole number, with separators."""
    return words.number(value, context["lang"])


@register.simple_tag(takes_context=True)
def day(context: template.Context, text: str) -> str:
    """A date, "2026-03-05"."""
    return words.date(text, context["lang"])


@register.simple_tag(takes_context=True)
def moment(context: template.Context, seconds: int) -> SafeString:
    """A moment in UTC seconds, which machines can read too."""
    return format_html("<time>{}</time>", words.moment(seconds, context["lang"]))


@register.simple_tag(takes_context=True)
def day_of(context: template.Context, seconds: int) -> str:
    """The UTC date of a moment, where its hour does not matter."""
    return words.date(names.day(seconds), context["lang"])


@register.simple_tag(takes_context=True)
def to(context: template.Context, page: str, number: int, label: str = "") -> SafeString:
    """A link to a thing by its number: {% to "decision" 12 %} gives "decision 12"."""
    name = label or text(f"to.{page}", context["lang"], number=number)
    return format_html('<a href="{}">{}</a>', reverse(page, args=[context["body"], number]), name)


@register.inclusion_tag("offer.html", takes_context=True)
def offer(context: template.Context, kind: str, **fields: Any) -> dict[str, Any]:
    """How to do an act: by its form, which is signed in the browser, or on paper."""
    place = [context["body"], kind]
    asked = f"?{urlencode(fields)}" if fields else ""
    return {
        "act": words.act(kind, context["lang"]),
        "form": reverse("write", args=place) + asked,
        "sheet": reverse("sheet", args=place) + asked,
        "lang": context["lang"],
    }
