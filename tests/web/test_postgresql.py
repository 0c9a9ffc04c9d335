"""The same pages over PostgreSQL, in a process of their own: Django is settled once in each."""

import json
import subprocess
import sys

from tests.postgres import fresh_database
from tests.web.conftest import LATER, UNTIL

VISIT = """
import json, sys
from pathlib import Path
from comuna.home import Home
from comuna.web.wsgi import application
from comuna.world import live_a_year

folder, database, until, later = sys.argv[1:]
home = Home.create(Path(folder), database)
year = live_a_year(home, 7, members=24, until=int(until))
application(home, lambda: int(until) + int(later))

from django.db import InternalError
from django.test import Client
from comuna.readings.models import MODELS

browser, decision = Client(), year.decisions["mill"]
paths = ["", "decisions", f"decisions/{decision}", "money", "money?q=cacao", "payments"]
paths += ["assemblies", "offices", "members", "oversight", "statute", "book", "book?kind=vote"]
paths += [f"book?topic=decision&subject={decision}", "book/1", "book/9.receipt", "verify"]
paths += ["checkpoint", "sign-in"]
found = {path: browser.get(f"/{year.body}/{path}").status_code for path in paths}
try:
    MODELS["log"].objects.filter(number=1).update(at=0)
except InternalError as error:
    found["write"] = str(error)
print(json.dumps(found))
"""


def test_every_page_is_there_over_postgresql_and_none_can_write(tmp_path):
    arguments = (tmp_path / "home", fresh_database(), UNTIL, LATER)
    ran = subprocess.run(
        [sys.executable, "-c", VISIT, *map(str, arguments)], capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    found = json.loads(ran.stdout)
    assert "read-only transaction" in found.pop("write")
    assert len(found) == 19
    assert set(found.values()) == {200}
