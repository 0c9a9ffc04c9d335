"""The ledger as a journal that plain-text accounting tools can hold: one abstract journal, from
which each tool's file is written (`plaintext`).

Names are made valid for every tool at once: letters, digits and "-". Two accounts never share a
name; what an account is called in the book stands beside it as a comment.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from comuna.book.database import Database
from comuna.readings.query import Row, rows, source

ROOTS = {
    "means": "Assets",
    "obligations": "Liabilities",
    "funds": "Equity",
    "income": "Income",
    "costs": "Expenses",
}


class Posting(NamedTuple):
    """An amount in smallest steps, debit positive, on an account by its name in the journal."""

    account: str
    amount: int


class Transaction(NamedTuple):
    """One movement. `tags` say what stands behind it, by name."""

    number: int
    date: str
    party: str
    text: str
    tags: dict[str, str]
    postings: tuple[Posting, ...]


class Journal(NamedTuple):
    """All movements of a body by date. `accounts` are the names in the journal and in the book."""

    of: Row
    unit: str
    decimals: int
    accounts: dict[str, str]
    transactions: tuple[Transaction, ...]

    def balances(self) -> dict[str, int]:
        """What the postings of each account add up to."""
        sums = dict.fromkeys(self.accounts, 0)
        for transaction in self.transactions:
            for posting in transaction.postings:
                sums[posting.account] += posting.amount
        return sums


def journal(database: Database, body: str) -> Journal:
    """The journal of a body. Raises NoSuchBody."""
    of = source(database, body)
    names = account_names(rows(database, body, "balance", unit=of["unit"]))
    postings: dict[int, list[Posting]] = {}
    for line in rows(database, body, "line"):
        posting = Posting(names[line["account"]], line["amount"])
        postings.setdefault(line["movement"], []).append(posting)
    transactions = tuple(
        Transaction(
            row["number"],
            row["date"],
            one_line(row["party"]),
            one_line(row["text"]),
            tags(row),
            tuple(postings[row["number"]]),
        )
        for row in rows(database, body, "movement", "date, number")
    )
    by_name = {name: account for account, name in names.items()}
    return Journal(of, commodity(of["unit"]), of["decimals"], by_name, transactions)


def tags(movement: Row) -> dict[str, str]:
    """What stands behind a movement: its act, and where there are any its decision, authorisation,
    payment, receipt, and the movement it reverses."""
    found = {"act": str(movement["number"]), "kind": movement["kind"]}
    for name in ("decision", "authorisation", "payment", "receipt", "reverses"):
        if movement[name]:
            found[name] = one_line(str(movement[name]))
    return found


def account_names(balances: list[Row]) -> dict[str, str]:
    """A name in the journal for every account of the book."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    for row in balances:
        base, _, part = row["account"].partition(":")
        parts = [ROOTS[row["group"]], word(base), *([word(part)] if part else [])]
        name = wanted = ":".join(parts)
        number = 2
        while name.lower() in taken:
            name, number = f"{wanted}-{number}", number + 1
        taken.add(name.lower())
        names[row["account"]] = name
    return names


def word(text: str) -> str:
    """A part of an account's name: letters, digits and "-", the first a capital or a digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = "".join(c if c.isalnum() else "-" for c in plain).strip("-") or "X"
    return kept[0].upper() + kept[1:]


def commodity(unit: str) -> str:
    """The unit as a commodity's name: two to twenty capital letters."""
    plain = unicodedata.normalize("NFKD", unit).encode("ascii", "ignore").decode().upper()
    letters = "".join(c for c in plain if c.isalpha())[:20]
    return letters if len(letters) > 1 else f"UNIT{letters}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def decimal(amount: int, decimals: int) -> str:
    """Smallest steps as a decimal number: decimal(-5, 2) → "-0.05"."""
    whole, part = divmod(abs(amount), 10**decimals)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"
