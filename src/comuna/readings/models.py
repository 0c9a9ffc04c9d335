"""Django's view of the tables of the readings, for the pages: one unmanaged model for each, named
like it (`reading_money_count` is `MoneyCount`), made from the same list of columns.

Only for reading. What is written here is thrown away with the next rebuild, and `verify` names it.
Not imported by the clerk: a book needs no Django.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from comuna.readings.tables import TABLES, Table


def field(text: bool, alone: bool) -> models.Field[Any, Any]:
    """A column; `alone` when it is the whole key."""
    if text:
        return models.TextField(primary_key=alone)
    return models.BigIntegerField(primary_key=alone)


def model(of: Table) -> type[models.Model]:
    """The model of one table."""
    alone = len(of.key) == 1
    fields: dict[str, Any] = {c.name: field(c.text, alone and c.name in of.key) for c in of.columns}
    if not alone:
        fields["pk"] = models.CompositePrimaryKey(*of.key)
    meta = type("Meta", (), {"managed": False, "db_table": of.sql_name, "app_label": "readings"})
    name = of.name.title().replace("_", "")
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


MODELS: dict[str, type[models.Model]] = {of.name: model(of) for of in TABLES}
"""The models by the names of their tables."""

globals().update({kind.__name__: kind for kind in MODELS.values()})
__all__ = [kind.__name__ for kind in MODELS.values()]
