"""The journal as files of hledger, ledger and beancount. Pure: a journal in, text out.

Formats: hledger.org/hledger.html#journal, ledger-cli.org/doc/ledger3.html,
beancount.github.io/docs/beancount_language_syntax.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from comuna.interop.journal import Journal, Transaction, decimal


def hledger(journal: Journal) -> str:
    """A journal that passes `hledger check --strict`."""
    mark = "1." if not journal.decimals else f"1.{'0' * journal.decimals}"
    heads = [*comments(journal), "decimal-mark .", f"commodity {mark} {journal.unit}"]
    return joined([*heads, "", *classic(journal)])


def ledger(journal: Journal) -> str:
    """A journal that passes `ledger --pedantic`."""
    heads = [*comments(journal), f"commodity {journal.unit}"]
    tags = [f"tag {name}" for name in sorted({n for t in journal.transactions for n in t.tags})]
    payees = [f"payee {p}" for p in sorted({described(t) for t in journal.transactions})]
    return joined([*heads, "", *tags, "", *payees, "", *classic(journal)])


def beancount(journal: Journal) -> str:
    """A file that passes `bean-check`, with the balance of every account asserted at its end."""
    lines = [*comments(journal), f'option "operating_currency" "{journal.unit}"', ""]
    if not journal.transactions:
        return joined(lines)
    first = journal.transactions[0].date
    for name, account in journal.accounts.items():
        lines += [f"{first} open {name} {journal.unit}", f"  account: {string(account)}"]
    lines.append("")
    for transaction in journal.transactions:
        lines += beancount_transaction(journal, transaction)
    after = date.fromisoformat(journal.transactions[-1].date) + timedelta(days=1)
    for name, amount in with_parts(journal.balances()).items():
        lines.append(f"{after} balance {name}  {amount_of(journal, amount)}")
    return joined(lines)


def with_parts(balances: dict[str, int]) -> dict[str, int]:
    """Balances as beancount asserts them: an account together with its parts."""
    return {
        name: sum(a for part, a in balances.items() if part == name or part.startswith(f"{name}:"))
        for name in balances
    }


def beancount_transaction(journal: Journal, transaction: Transaction) -> Iterator[str]:
    party = f"{string(transaction.party)} " if transaction.party else ""
    yield f"{transaction.date} * {party}{string(transaction.text)} ^act-{transaction.number}"
    for name, value in transaction.tags.items():
        yield f"  {name}: {string(value)}"
    for posting in transaction.postings:
        yield f"  {posting.account}  {amount_of(journal, posting.amount)}"
    yield ""


def classic(journal: Journal) -> Iterator[str]:
    """What hledger and ledger write alike: accounts, and transactions with their tags."""
    for name, account in journal.accounts.items():
        yield f"account {name}"
        yield f"    ; {inert(account)}"
    yield ""
    for transaction in journal.transactions:
        yield f"{transaction.date} * ({transaction.number}) {described(transaction)}"
        for name, value in transaction.tags.items():
            yield f"    ; {name}: {inert(value)}"
        for posting in transaction.postings:
            yield f"    {posting.account}  {amount_of(journal, posting.amount)}"
        yield ""


def described(transaction: Transaction) -> str:
    """Whom and what for, on one line that no mark of the syntax can end."""
    parts = [p for p in (transaction.party, transaction.text) if p]
    return inert(" - ".join(parts)) or "-"


def inert(text: str) -> str:
    """Text without the marks that begin comments, tags, directives or other payees."""
    swapped = text.translate(str.maketrans(";|\\=%", ",//--"))
    return "".join(c for c in swapped if c.isprintable()).strip()


def string(text: str) -> str:
    """A string of beancount."""
    printable = "".join(c for c in text if c.isprintable())
    escaped = printable.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def amount_of(journal: Journal, amount: int) -> str:
    return f"{decimal(amount, journal.decimals)} {journal.unit}"


def comments(journal: Journal) -> list[str]:
    """What the file is, and how much of the book it was made from."""
    of = journal.of
    lines = [f"; {inert(of['name'])} ({of['body']}), from {of['head']} acts of its book"]
    if "checkpoint" in of:
        signed = of["checkpoint"]
        lines.append(f"; last signed checkpoint: {signed['size']} acts, root {signed['root']}")
    return [*lines, ""]


def joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


WRITERS = {"hledger": hledger, "ledger": ledger, "beancount": beancount}
"""The writers by the names of the tools."""
EXTENSIONS = {"hledger": "journal", "ledger": "ledger", "beancount": "beancount"}
