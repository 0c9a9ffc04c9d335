"""What templates can say: a text, money, a day, a moment, the address of a static file."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from comuna.web import assets
from comuna.web.texts import text

register = template.Library()


@register.simple_tag(takes_context=True)
def t(context: template.Context, name: str, **values: Any) -> str:
    """A text of the pages in the language of the visit: {% t "decisions.title" %}. Values are
    escaped with the whole text, as every string in a template is."""
    return text(name, context["lang"], **values)


@register.simple_tag
def asset(path: str) -> SafeString:
    """The address of a static file, which changes when any of them changes."""
    return SafeString(assets.address(path))
