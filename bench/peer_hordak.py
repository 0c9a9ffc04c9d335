"""django-hordak on PostgreSQL, driven line by line: reads "single SECONDS" or "bulk SECONDS" from
standard input, answers with JSON {"count", "seconds"}. A process of its own, since it brings its
own Django settings."""

from __future__ import annotations

import json
import sys
import time
from typing import Any
from urllib.parse import parse_qs, urlparse

BULK = 1000


def set_up(address: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    parsed = urlparse(address)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "mptt", "djmoney", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parsed.path.strip("/"),
                "USER": parsed.username,
                "HOST": parse_qs(parsed.query)["host"][0],
                "CONN_MAX_AGE": None,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        SECRET_KEY="benchmark",
    )
    django.setup()
    call_command("migrate", verbosity=0)


class Hordak:
    """Two accounts, and postings between them."""

    def __init__(self) -> None:
        from hordak.models import Account

        self.bank = Account.objects.create(name="Bank", code="1", type="AS", currencies=["USD"])
        self.sales = Account.objects.create(name="Sales", code="2", type="IN", currencies=["USD"])

    def legs(self, transaction: Any, cents: int) -> list[Any]:
        from hordak.models import Leg
        from moneyed import Money

        amount = Money(cents, "USD") / 100
        return [
            Leg(transaction=transaction, account=self.bank, debit=amount),
            Leg(transaction=transaction, account=self.sales, credit=amount),
        ]

    def single(self, seconds: float) -> int:
        from django.db import transaction as database
        from hordak.models import Transaction

        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            with database.atomic():
                made = Transaction.objects.create(description=f"sale {count}")
                for leg in self.legs(made, 100 + count):
                    leg.save()
            count += 1
        return count

    def bulk(self, seconds: float) -> int:
        from django.db import transaction as database
        from hordak.models import Leg, Transaction

        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            with database.atomic():
                made = Transaction.objects.bulk_create(
                    [Transaction(description=f"sale {count + n}") for n in range(BULK)]
                )
                Leg.objects.bulk_create(
                    [leg for n, t in enumerate(made) for leg in self.legs(t, 100 + n)]
                )
            count += BULK
        return count


def main() -> None:
    set_up(sys.argv[1])
    hordak = Hordak()
    print("ready", flush=True)
    for line in sys.stdin:
        name, seconds = line.split()
        start = time.perf_counter()
        count = getattr(hordak, name)(float(seconds))
        print(json.dumps({"count": count, "seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
