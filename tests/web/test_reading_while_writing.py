"""Pages are read while acts are recorded: no page fails, and none shows half an act."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from django.test import Client

from comuna import pen
from comuna.clerk import Recorded
from comuna.home import Home
from comuna.rules.oversight import Complain
from comuna.web import desk
from tests.site import site
from tests.web.conftest import LATER, UNTIL

READERS = 4
ACTS = 40
PATHS = ("", "oversight", "decisions", "money", "members", "book", "offices", "payments")


def test_pages_can_be_read_while_acts_are_recorded(lived, tmp_path, django_db_blocker):
    year = lived[1]
    folder = tmp_path / "home"
    shutil.copytree(lived[0].folder, folder)
    done = threading.Event()

    def read(reader):
        statuses, browser, turn = [], Client(), reader
        while not done.is_set() or turn < reader + len(PATHS):
            path = PATHS[turn % len(PATHS)]
            statuses.append(browser.get(f"/{year.body}/{path}").status_code)
            turn += 1
        connections.close_all()
        return statuses

    with django_db_blocker.unblock(), site(Home(folder), lambda: UNTIL + LATER):
        with ThreadPoolExecutor(READERS) as readers:
            reading = [readers.submit(read, n) for n in range(READERS)]
            try:
                for n in range(ACTS):
                    act = Complain(about="", text=f"queja {n}")
                    sent = pen.signed(year.body, 2, act, f"reading-{n}", {2: year.seeds[2]})
                    assert isinstance(desk.clerk().submit(sent), Recorded)
            finally:
                done.set()
            statuses = [status for reader in reading for status in reader.result()]
        page = Client().get(f"/{year.body}/oversight").content.decode()
    assert set(statuses) == {200}
    assert len(statuses) >= READERS * len(PATHS)
    assert all(f"queja {n}" in page for n in range(ACTS))
