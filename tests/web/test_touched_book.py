"""A book that does not agree with what was signed is not shown as if it did."""

import shutil
import sqlite3

from django.test import Client

from comuna.home import Home
from tests.site import site


def test_a_book_that_was_touched_is_not_shown(lived, tmp_path, django_db_blocker):
    home, year = lived
    folder = tmp_path / "home"
    shutil.copytree(home.folder, folder)
    with sqlite3.connect(folder / "comuna.db") as database:
        database.execute("DROP TRIGGER book_entry_keeps_update")
        database.execute("UPDATE book_entry SET leaf = zeroblob(32) WHERE number = 20")
    with django_db_blocker.unblock(), site(Home(folder)):
        for path in ("", "decisions", "book", "verify", "money", "now"):
            answer = Client().get(f"/{year.body}/{path}", headers={"accept-language": "en"})
            assert answer.status_code == 503
            assert b"The book is read-only" in answer.content
            assert b"entry 20" in answer.content
