"""The tools themselves are the judges: hledger, ledger and bean-check accept what we write, and the
balance they compute for every account is ours."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from comuna import interop
from comuna.interop import plaintext
from comuna.interop.journal import (
    Journal,
    Posting,
    Transaction,
    account_names,
    commodity,
    decimal,
    journal,
    word,
)
from comuna.readings.query import rows
from tests.readings.lived import lived

BEAN_CHECK = str(Path(sys.executable).parent / "bean-check")


def tool(*command: str) -> str:
    """The output of a program; a complaint of it fails the test."""
    assert shutil.which(command[0]), f"{command[0]} is missing: install it, nothing is skipped"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout[:2000]
    assert not done.stderr.strip(), done.stderr
    return done.stdout


def hledger_balances(path: Path) -> dict[str, Decimal]:
    tool("hledger", "-f", str(path), "check", "--strict", "ordereddates")
    out = tool("hledger", "-f", str(path), "balance", "--flat", "-E", "-N", "-O", "csv")
    rows_ = [line.strip('"').split('","') for line in out.splitlines()[1:]]
    return {name: Decimal(amount.split()[0]) for name, amount in rows_}


def ledger_balances(path: Path) -> dict[str, Decimal]:
    form = "%(account)\\t%(quantity(amount))\\n"
    out = tool("ledger", "--args-only", "--pedantic", "-f", str(path), "register", "-F", form)
    sums: dict[str, Decimal] = {}
    for line in out.splitlines():
        account, amount = line.split("\t")
        sums[account] = sums.get(account, Decimal(0)) + Decimal(amount)
    return sums


def exact(made: Journal) -> dict[str, Decimal]:
    return {n: Decimal(a).scaleb(-made.decimals) for n, a in made.balances().items()}


@pytest.fixture(scope="module", params=["simple", "us-colab"])
def year(request):
    return lived(request.param)


def written(year, form, folder) -> Path:
    (path,) = interop.export(year.database, year.body, form, folder)
    return path


def test_the_journal_has_the_balance_of_every_account(year):
    made = journal(year.database, year.body)
    balances = {b["account"]: b["amount"] for b in rows(year.database, year.body, "balance")}
    assert {made.accounts[name]: amount for name, amount in made.balances().items()} == balances
    assert sum(balances.values()) == 0
    assert len(made.transactions) > 100


def test_hledger_accepts_it_and_its_balances_are_ours(year, tmp_path):
    path = written(year, "hledger", tmp_path)
    assert hledger_balances(path) == exact(journal(year.database, year.body))


def test_ledger_accepts_it_and_its_balances_are_ours(year, tmp_path):
    path = written(year, "ledger", tmp_path)
    assert ledger_balances(path) == exact(journal(year.database, year.body))


def test_bean_check_accepts_it_with_the_balance_of_every_account_asserted(year, tmp_path):
    path = written(year, "beancount", tmp_path)
    tool(BEAN_CHECK, "--no-cache", str(path))
    balances = exact(journal(year.database, year.body))
    text, asserted = path.read_text("utf-8"), set()
    for name, amount in re.findall(r"^\S+ balance (\S+)  (\S+) ", text, re.M):
        parts = [n for n in balances if f"{n}:".startswith(f"{name}:")]
        assert Decimal(amount) == sum(balances[n] for n in parts)
        asserted.add(name)
    assert asserted == balances.keys()


def test_the_judges_do_judge(year, tmp_path):
    """A cent moved in our file is refused: otherwise the tests above would prove nothing."""
    path = written(year, "beancount", tmp_path)
    text = path.read_text("utf-8")
    name, amount = re.findall(r"^\S+ balance (\S+)  (\S+) ", text, re.M)[0]
    moved = Decimal(amount) + Decimal("0.05")
    path.write_text(text.replace(f"{name}  {amount} ", f"{name}  {moved} "), "utf-8")
    assert subprocess.run([BEAN_CHECK, str(path)], capture_output=True, check=False).returncode
    path = written(year, "hledger", tmp_path)
    text = path.read_text("utf-8")
    amount = re.findall(r"  (\d+\.\d\d) ", text)[0]
    moved = Decimal(amount) + Decimal("0.01")
    path.write_text(text.replace(f"  {amount} ", f"  {moved} ", 1), "utf-8")
    check = ["hledger", "-f", str(path), "check"]
    assert subprocess.run(check, capture_output=True, check=False).returncode


def test_every_entry_says_what_stands_behind_it(year, tmp_path):
    text = written(year, "hledger", tmp_path).read_text("utf-8")
    for movement in rows(year.database, year.body, "movement"):
        (block,) = re.findall(
            rf"^\S+ \* \({movement['number']}\) [^\n]*\n((?:    ;.*\n)+)", text, re.M
        )
        for name in ("decision", "authorisation", "payment", "receipt", "reverses"):
            if movement[name]:
                assert f"; {name}: {movement[name]}\n" in block
    paid = [m for m in rows(year.database, year.body, "movement") if m["payment"]]
    assert all(m["decision"] and m["authorisation"] and m["receipt"] for m in paid)


# --- what people may write --------------------------------------------------------------------

HOSTILE = (
    *("; comment", "a  b", "| note", 'say "x"', "back\\slash", "= 5", "@ 3", "{5}", "[2026]"),
    *("(virtual)", "tag: value", "#tag ^link", "include /etc/passwd", "!", "*", "%", "ñandú 日本"),
    *("", "-", "2026-01-01", "1.00 USD", "'", "`", "~", "P 2026", "a;b", "trailing ", "\u200bx"),
)


def made_of(texts: list[tuple[str, str]], decimals: int = 2) -> Journal:
    accounts_there = [
        {"account": f"bank:{text}", "group": "means"} for text in {t for _, t in texts}
    ]
    names = account_names([*accounts_there, {"account": "sales", "group": "income"}])
    transactions = tuple(
        Transaction(
            number,
            "2026-01-01",
            " ".join(party.split()),
            " ".join(text.split()),
            {"act": str(number), "authorisation": text.strip() or "1"},
            (
                Posting(names["bank:" + text], number),
                Posting(names["sales"], -number),
            ),
        )
        for number, (party, text) in enumerate(texts, start=1)
    )
    of = {"name": "Prueba; x", "body": "0" * 32, "head": 1}
    accounts = {name: account for account, name in names.items()}
    return Journal(of, "USD", decimals, accounts, transactions)


def accepted(made: Journal, folder: Path) -> None:
    """All three tools accept it and compute the same balances."""
    for form, writer in plaintext.WRITERS.items():
        (folder / form).write_text(writer(made), encoding="utf-8")
    assert hledger_balances(folder / "hledger") == exact(made)
    assert ledger_balances(folder / "ledger") == exact(made)
    tool(BEAN_CHECK, "--no-cache", str(folder / "beancount"))


@pytest.mark.parametrize("decimals", [0, 2, 6])
def test_no_text_breaks_a_journal(tmp_path, decimals):
    accepted(
        made_of([(one, other) for one in HOSTILE[:8] for other in HOSTILE], decimals), tmp_path
    )
    accepted(made_of([(one, "x") for one in HOSTILE], decimals), tmp_path)


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],  # each try runs three programs: shrinking would take an hour
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    texts=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
        ),
        min_size=20,
        max_size=40,
    )
)
def test_whatever_people_write_the_tools_read_it(tmp_path, texts):
    accepted(made_of(texts), tmp_path)


@given(st.lists(st.text(max_size=12), unique=True, max_size=30))
def test_two_accounts_never_share_a_name(parts):
    names = account_names([{"account": f"bank:{part}", "group": "means"} for part in parts])
    assert len({name.lower() for name in names.values()}) == len(parts)
    for name in names.values():
        assert re.fullmatch(r"Assets(:[A-Z0-9][A-Za-z0-9-]*){1,2}", name)


@pytest.mark.parametrize(
    ("unit", "name"),
    [("USD", "USD"), ("Bs.", "BS"), ("horas", "HORAS"), ("元", "UNIT"), ("1", "UNIT")],
)
def test_a_unit_has_a_name_that_every_tool_accepts(unit, name):
    assert commodity(unit) == name


def test_words_and_decimals():
    assert word("petty_cash") == "Petty-cash"
    assert word("caña") == "Cana"
    assert word("") == "X"
    assert decimal(-1, 3) == "-0.001"
