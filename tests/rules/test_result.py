"""What moves the result of a year though no money leaves: two people enter a part of what the body
has, however they split it; beyond it the members decide, or, where money came in, oversight signs
too. A loan is a loan by a decision."""

from functools import cache
from random import Random

import pytest

from comuna.rules.accounts import Amount, AnnounceReversal, Journal, Receive, Reverse
from comuna.rules.decision import Repeal
from comuna.rules.names import day
from comuna.rules.result import AllowEntry, earned_before, most
from comuna.rules.state import DAY, State
from tests.adversary.game import Game, result_moved
from tests.adversary.scenes import scenes
from tests.adversary.schemes import false_entries, loan_as_sale, sale_as_capital
from tests.rules.both_sides import proven, refused
from tests.rules.switched_off import switched_off
from tests.rules.village import law_of, paper

PACKS = ["simple", "ve-comunas-2010", "br-5764-1971", "us-colab", "es-27-1999"]
every_pack = pytest.mark.parametrize("pack", PACKS)
FALSE = {
    "an invented debt": ("materials", "payables"),
    "an invented claim": ("receivables", "sales_members"),
    "stock written off": ("losses", "stock"),
    "a debt written off": ("losses", "receivables"),
    "a revaluation": ("tools", "extraordinary_income"),
    "income under another name": ("sales_members", "sales_others"),
    "taxes under another name": ("materials", "taxes"),
}
OVER = ("entry_over_the_limit", "entry_beyond_two")
TOO_MUCH = ("income_over_the_limit", "income_beyond_two")


def entry(v, debit, credit, amount, date="", permission=""):
    lines = (Amount(account=debit, amount=amount), Amount(account=credit, amount=-amount))
    sheet = paper(f"{debit} {credit} {amount} {date} {v.sent}")
    given = {"date": date or v.today, "lines": lines, "text": "adjustment", "receipt": sheet}
    return Journal(permission=permission, **given)


def income(v, amount, payer="Buyer", source="sales_members", **more):
    receipt = paper(f"{source} {amount} {payer} {v.sent}")
    given = {"date": v.today, "money": "bank:main", "text": "income", "receipt": receipt, **more}
    return Receive(source=source, amount=amount, payer=payer, **given)


def limit(v):
    """What two may enter in this month."""
    return most(v.state, v.today[:7], v.law.treasury.entry_share)


def allowing(v, debit, credit, amount, **more):
    given = {"purpose": "inventory", "until": "2026-12-31", **more}
    return AllowEntry(debit=debit, credit=credit, amount=amount, **given)


# --- entries that move no money ---------------------------------------------------------------


@every_pack
def test_two_do_not_move_the_result_beyond_the_limit_of_the_month(village):
    v = village
    for accounts in FALSE.values():
        refused(v, *OVER, v.treasurer, entry(v, *accounts, limit(v) + 1), v.second)
    three = entry(v, *accounts, limit(v) + 1)
    refused(v, *OVER, v.treasurer, three, v.second, v.overseer)
    proven(v, v.treasurer, entry(v, *accounts, limit(v)), v.second)


@every_pack
def test_an_entry_split_in_parts_over_the_month_is_one_entry(village):
    v = village
    part = limit(v) // 3
    v.do(v.treasurer, entry(v, "materials", "payables", part), v.second)
    v.wait(days=1)
    v.do(v.treasurer, entry(v, "losses", "stock", part), v.second)
    v.wait(days=1)
    more = entry(v, "tools", "extraordinary_income", limit(v) - 2 * part + 1)
    refused(v, *OVER, v.treasurer, more, v.second)
    last = entry(v, "tools", "extraordinary_income", limit(v) - 2 * part)
    proven(v, v.treasurer, last, v.second)
    refused(v, *OVER, v.treasurer, entry(v, "losses", "tools", 1), v.second)


def test_an_entry_counts_in_the_month_of_its_date(village):
    v = village
    before = v.today
    v.do(v.treasurer, entry(v, "materials", "payables", limit(v)), v.second)
    v.wait(days=31)
    assert v.today[:7] > before[:7]
    back = entry(v, "losses", "stock", 1, date=before)
    refused(v, *OVER, v.treasurer, back, v.second)
    proven(v, v.treasurer, entry(v, "losses", "stock", limit(v)), v.second)


@every_pack
def test_the_members_allow_an_entry_of_any_size_and_no_more_of_it(village):
    v = village
    debit, credit = FALSE["stock written off"]
    much = 20 * limit(v)
    allowed = str(v.decide(allowing(v, debit, credit, much)))
    first = entry(v, debit, credit, much - 5, permission=allowed)
    proven(v, v.treasurer, first, v.second)
    more = entry(v, debit, credit, 6, permission=allowed)
    refused(v, "over_the_permission", "mandate_overspent", v.treasurer, more, v.second)
    alone = entry(v, debit, credit, 5, permission=allowed)
    missing = "second_signature_missing"
    refused(v, missing, missing, v.treasurer, alone)
    proven(v, v.treasurer, alone, v.second)
    # What was decided takes nothing of what two may enter.
    proven(v, v.treasurer, entry(v, debit, credit, limit(v)), v.second)


def test_an_entry_is_the_one_that_was_allowed(village):
    v = village
    number, other = v.decide_all(
        (
            allowing(v, "losses", "stock", 90_000, name="stock"),
            allowing(v, "tools", "payables", 90_000, name="tools", until="2026-02-28"),
        ),
        (allowing(v, "losses", "stock", 90_000),),
    )
    stock, tools = f"{number}/stock", f"{number}/tools"
    for debit, credit in (("stock", "losses"), ("losses", "tools"), ("losses:others", "stock")):
        act = entry(v, debit, credit, 9, permission=stock)
        refused(v, "other_accounts", "other_entry", v.treasurer, act, v.second)
    for unknown in (str(number), "999", f"{number}/other"):
        act = entry(v, "losses", "stock", 9, permission=unknown)
        refused(v, "no_permission", "entry_undecided", v.treasurer, act, v.second)
    proven(v, v.treasurer, entry(v, "losses", "stock", 90_000, permission=stock), v.second)
    v.decide(Repeal(decision=other))
    act = entry(v, "losses", "stock", 9, permission=str(other))
    refused(v, "decision_repealed", "decision_repealed", v.treasurer, act, v.second)
    late = entry(v, "tools", "payables", 9, permission=tools, date="2026-03-01")
    v.now = max(v.now, 1_772_700_000)  # March
    refused(v, "permission_over", "outside_the_window", v.treasurer, late, v.second)


def test_what_was_only_proposed_allows_nothing(village):
    v = village
    proposal = v.propose(allowing(v, "losses", "stock", 90_000))
    act = entry(v, "losses", "stock", 90_000, permission=str(proposal))
    refused(v, "no_permission", "entry_undecided", v.treasurer, act, v.second)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("text_missing", {"purpose": " "}),
        ("amount_not_positive", {"amount": 0}),
        ("date_malformed", {"until": "soon"}),
        ("same_account", {"credit": "losses"}),
        ("account_unknown", {"credit": "treasure"}),
        ("not_by_journal", {"credit": "share_capital:3"}),
        ("not_by_journal", {"credit": "reserve"}),
        ("not_by_journal", {"credit": "loans"}),
        ("not_by_journal", {"credit": "bank:main"}),
        ("source_not_allowed", {"debit": "bank:main", "credit": "share_capital:3"}),
        ("source_not_allowed", {"debit": "bank:main", "credit": "payables"}),
        ("lender_missing", {"debit": "bank:main", "credit": "loans"}),
        ("payee_malformed", {"payee": "member:012"}),
        ("name_malformed", {"name": "Ñ"}),
    ],
)
def test_what_cannot_be_allowed_is_not_proposed(village, rule, changes):
    v = village
    given = {"debit": "losses", "credit": "stock", "amount": 9, **changes}
    proposal = v.proposal(allowing(v, **given))
    v.refused(rule, lambda: v.send(v.plain[0], proposal))


def test_two_permissions_of_one_decision_have_names(village):
    v = village
    same = allowing(v, "losses", "stock", 9)
    twice = v.proposal(same, allowing(v, "tools", "payables", 9))
    v.refused("two_effects_on_one_thing", lambda: v.send(v.plain[0], twice))


# --- reversals --------------------------------------------------------------------------------


@every_pack
def test_two_do_not_undo_what_the_members_allowed(village):
    """What is larger than two may enter is reversed as money is: three say so, members can object,
    and then it can be entered rightly."""
    v = village
    much = 20 * limit(v)
    allowed = str(v.decide(allowing(v, "losses", "stock", much)))
    number = v.do(v.treasurer, entry(v, "losses", "stock", much, permission=allowed), v.second)
    undo = Reverse(movement=number, reason="wrong")
    rules = ("reversal_not_announced", "reversal_not_announced")
    refused(v, *rules, v.treasurer, undo, v.second)
    say = AnnounceReversal(movement=number, reason="wrong")
    third = "third_signature_missing"
    refused(v, third, third, v.treasurer, say, v.second)
    proven(v, v.treasurer, say, v.second, v.overseer)
    waits = ("objection_time_runs", "paid_before_objections")
    refused(v, *waits, v.treasurer, undo, v.second)
    v.wait(hours=v.law.treasury.objection_hours)
    proven(v, v.treasurer, undo, v.second)
    right = entry(v, "losses", "stock", much, permission=allowed)
    proven(v, v.treasurer, right, v.second)


def test_a_reversal_counts_as_an_entry_and_gives_no_room_back(village):
    v = village
    first = limit(v)
    number = v.do(v.treasurer, entry(v, "losses", "stock", first), v.second)
    undo = Reverse(movement=number, reason="wrong")
    refused(v, "reversal_not_announced", "reversal_not_announced", v.treasurer, undo, v.second)
    v.wait(days=31)
    proven(v, v.treasurer, undo, v.second)
    left = limit(v) - first
    refused(v, *OVER, v.treasurer, entry(v, "losses", "stock", left + 1), v.second)
    proven(v, v.treasurer, entry(v, "losses", "stock", left), v.second)


def test_what_two_may_reverse_is_not_announced(village):
    v = village
    number = v.do(v.treasurer, entry(v, "losses", "stock", limit(v) // 2), v.second)
    say = (v.treasurer, AnnounceReversal(movement=number, reason="wrong"), v.second, v.overseer)
    refused(v, "nothing_to_announce", "nothing_to_announce", *say)
    proven(v, v.treasurer, Reverse(movement=number, reason="wrong"), v.second)


# --- income that may be none ------------------------------------------------------------------


@every_pack
def test_a_loan_is_not_booked_as_a_sale_by_two(village):
    v = village
    v.wait(days=31)
    for source in ("sales_members", "sales_others", "extraordinary_income", "other_income"):
        act = income(v, limit(v) + 1, "Lender", source)
        refused(v, *TOO_MUCH, v.treasurer, act, v.second)
    # In parts, under any spelling of the name, as any income: it comes from one payer.
    v.do(v.treasurer, income(v, limit(v) - 3, "Lender", "other_income"), v.second)
    for payer in ("Lender", "LENDER ", "Lénder"):
        act = income(v, 4, payer, "sales_members")
        refused(v, *TOO_MUCH, v.treasurer, act, v.second)
    proven(v, v.treasurer, income(v, 3, "lender"), v.second)


@every_pack
def test_a_large_sale_is_signed_by_oversight_or_decided(village):
    v = village
    v.wait(days=31)
    much = 2 * limit(v)
    overseer = v.overseer
    refused(v, *TOO_MUCH, v.treasurer, income(v, much), v.second, v.plain[0])
    proven(v, v.treasurer, income(v, much), v.second, overseer)
    allowed = str(
        v.decide(allowing(v, "bank:main", "sales_members", much, payee="Buyer", purpose="harvest"))
    )
    other = income(v, much, "Friend", permission=allowed)
    refused(v, "other_payer", "other_payee", v.treasurer, other, v.second)
    proven(v, v.treasurer, income(v, much, "BUYER", permission=allowed), v.second)


def test_income_from_many_payers_is_bounded_too(village):
    v = village
    v.wait(days=31)
    each = limit(v)
    payers = most(v.state, v.today[:7], v.law.treasury.income_share) // each
    for n in range(payers):
        v.do(v.treasurer, income(v, each, f"Payer {'abcdefghijklmnop'[n]}"), v.second)
    refused(v, *TOO_MUCH, v.treasurer, income(v, 1, "One more"), v.second)


@every_pack
def test_a_loan_comes_in_as_a_loan_that_the_members_decided(village):
    v = village
    undecided = income(v, 9, "Bank", "loans")
    rules = ("source_not_allowed", "source_not_allowed")
    refused(v, *rules, v.treasurer, undecided, v.second)
    refused(v, *rules, v.treasurer, undecided, v.second, v.overseer)
    lent = allowing(v, "bank:main", "loans", 70_000, payee="Bank", purpose="an oven")
    allowed = str(v.decide(lent))
    other = income(v, 70_000, "Friend", "loans", permission=allowed)
    refused(v, "other_payer", "other_payee", v.treasurer, other, v.second)
    sale = income(v, 70_000, "Bank", permission=allowed)
    refused(v, "other_accounts", "other_entry", v.treasurer, sale, v.second)
    proven(v, v.treasurer, income(v, 70_000, "Bank", "loans", permission=allowed), v.second)
    assert v.state.balances["loans", "USD"] == -70_000


@every_pack
def test_no_more_of_a_debt_is_collected_than_stands_in_the_books(village):
    v = village
    v.do(v.treasurer, entry(v, "receivables", "sales_others", 900), v.second)
    much = income(v, 901, source="receivables")
    refused(v, "more_than_is_owed_to_us", "more_than_owed", v.treasurer, much, v.second)
    proven(v, v.treasurer, income(v, 900, source="receivables"), v.second)


# --- what it is measured by -------------------------------------------------------------------


def test_a_body_that_has_nothing_decides_every_entry():
    law = law_of("simple")
    state = State(statutes=[(0, law)])
    assert most(state, "2026-01", law.treasury.entry_share) == 0
    assert most(state, "2026-01", law.treasury.income_share) == 0


def test_income_counts_for_the_twelve_months_after_it():
    state = State(earned={"2025-01": 7, "2025-12": 5, "2026-01": 3})
    assert [earned_before(state, m) for m in ("2025-01", "2025-02", "2026-01", "2026-02")] == [
        *(0, 7, 12, 8),
    ]


def test_those_who_keep_the_accounts_do_not_raise_their_own_limit_within_a_month(village):
    v = village
    before = limit(v)
    v.do(v.treasurer, income(v, before, "Buyer"), v.second)
    v.do(v.treasurer, entry(v, "receivables", "sales_members", before), v.second)
    v.receive("sales_members", 900_000)
    assert limit(v) == before
    v.wait(days=31)
    assert limit(v) > before


def test_closing_a_year_is_no_income_and_takes_nothing_away(village):
    v = village
    earned = dict(v.state.earned)
    v.work()
    v.close_year()
    assert {m: n for m, n in v.state.earned.items() if m in earned} == earned
    assert v.state.entered == v.state.received == {}


@cache
def scene(pack):
    return scenes(pack)[0]


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("seed", range(25))
def test_no_splitting_of_entries_passes_the_limit_without_a_decision(pack, seed):
    """The treasurer and one who approves, entering whatever they like, on any day of two months."""
    random = Random(f"{pack} {seed}")
    prepared = scene(pack)
    keeper, second = keepers(prepared.before)
    game = Game(prepared, (keeper, second), random)
    room = most(game.state, day(game.now)[:7], game.state.statute.treasury.entry_share)
    accepted = []
    for _ in range(40):
        game.wait(hours=random.randrange(72))
        debit, credit = random.choice(list(FALSE.values()))
        amount = random.choice([1, room // 7, room // 3, room, room + 1, random.randrange(1, room)])
        act = entry_of(game, debit, credit, amount)
        if accepted and random.random() < 0.2:
            act = Reverse(movement=random.choice(accepted), reason="mistake")
        made = game.signed(keeper, act, second)
        if isinstance(made, int):
            accepted.append(made)
    assert accepted
    assert not result_moved(game.before, game.state)


def entry_of(game, debit, credit, amount):
    lines = (Amount(account=debit, amount=amount), Amount(account=credit, amount=-amount))
    sheet = paper(f"{game.random.random()}")
    date = day(game.now - game.random.randrange(30) * DAY)
    return Journal(date=date, lines=lines, text="adjustment", receipt=sheet)


def test_the_predicate_of_the_game_sees_what_passes_the_limit():
    """With the guard left out two win, by an entry or by income."""
    for rule, scheme in (
        ("entry_over_the_limit", false_entries),
        ("income_over_the_limit", loan_as_sale),
        ("source_not_allowed", loan_as_sale),
        ("contributor_has_not_signed", sale_as_capital),
    ):
        assert not any(wins(scheme, set(), seed) for seed in range(9)), rule
        assert any(wins(scheme, {rule}, seed) for seed in range(9)), rule


def wins(scheme, without, seed):
    """Whether the treasurer and one who approves move the result by a scheme, without rules."""
    game = Game(scene("simple"), keepers(scene("simple").before), Random(seed))
    with switched_off(without):
        scheme(game)
    return "result" in game.won()


def keepers(state):
    """Who keeps the accounts, and one who approves payments."""
    keeper = next(m for m in state.people if state.holds(m, "keep-accounts", state.now))
    approvers = (m for m in state.people if state.holds(m, "approve-payment", state.now))
    return keeper, next(m for m in approvers if m != keeper)
