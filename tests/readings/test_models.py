"""Django's models of the readings: for every table one, with its columns and its key. In a process
of its own, because a process has one set of Django settings."""

from __future__ import annotations

import subprocess
import sys

from tests.readings.lived import lived

CHECK = """
import sys
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["comuna.readings"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
)
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from comuna.readings.models import MODELS
from comuna.readings.tables import TABLES

call_command("check")
assert set(apps.get_app_config("readings").get_models()) == set(MODELS.values())
with connection.cursor() as cursor:
    there = {
        t.name for t in connection.introspection.get_table_list(cursor)
        if t.name.startswith("reading_")
    }
    assert there == {m._meta.db_table for m in MODELS.values()} == {t.sql_name for t in TABLES}
    for model in MODELS.values():
        name = model._meta.db_table
        columns = connection.introspection.get_table_description(cursor, name)
        assert [c.name for c in columns] == [f.column for f in model._meta.concrete_fields], name
        kinds = {"TextField": "text", "BigIntegerField": "bigint"}
        for column, field in zip(columns, model._meta.concrete_fields):
            assert column.type_code.lower() == kinds[type(field).__name__], (name, column)
            assert not field.null
        key = connection.introspection.get_primary_key_columns(cursor, name)
        assert key == [f.column for f in model._meta.pk_fields], name
        assert model.objects.count() > 0
        row = model.objects.first()
        assert model.objects.get(pk=row.pk) == row
        assert model._meta.managed is False
print("equal")
"""


def test_models_and_tables_are_equal():
    database = str(lived().home.folder / "comuna.db")
    done = subprocess.run(
        [sys.executable, "-c", CHECK, database], capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("equal\n"), done.stderr


def test_the_clerk_needs_no_django():
    program = "import sys, comuna.clerk, comuna.home; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
