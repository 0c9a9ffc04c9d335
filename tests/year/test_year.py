"""A body lives its year on each of several statutes, and what comes of it is what they command."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from comuna.audit.verify import verify
from comuna.readings.rebuild import differences
from comuna.rules.decision import decision_state
from tests.year.lived import DAY, PACKS, UNTIL, lived

every_pack = pytest.mark.parametrize("pack", PACKS)
PEOPLE = ("members", "workers", "capital")


def day_of(moment):
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


# --- money ------------------------------------------------------------------------------------


@every_pack
def test_money_is_neither_made_nor_lost(pack):
    state = lived(pack).state
    assert sum(state.balances.values()) == 0
    assert all(sum(amount for _, amount in m.lines) == 0 for m in state.movements.values())
    assert all(state.balances[account, state.unit] >= 0 for account in state.listed)
    assert len(state.movements) > 150


@every_pack
def test_every_payment_follows_from_a_decision_in_force(pack):
    """Payment, request, approvals, authorisation and enactment, from the book's plain data."""
    year = lived(pack)
    enacted = {e["act"]["decision"]: e["number"] for e in year.acts("enact")}
    opened = {e["number"]: e["act"] for e in year.acts("propose")}
    approvals = defaultdict(list)
    for entry in year.acts("approve-payment"):
        approvals[entry["act"]["payment"]].append(entry["by"]["member"])
    payments = list(year.acts("pay"))
    assert len(payments) > 100
    for payment in payments:
        request = year.entry(payment["act"]["payment"])
        payee = request["act"]["payee"]
        decision, _, name = request["act"]["authorisation"].partition("/")
        effects = [e for e in opened[int(decision)]["effects"] if e["effect"] == "authorise"]
        effect = next(e for e in effects if e.get("name", "") == name)
        assert enacted[int(decision)] < request["number"] < payment["number"]
        assert effect["since"] <= payment["act"]["date"] <= effect["until"]
        signers = approvals[request["number"]]
        assert len(set(signers)) == len(signers) == year.year.statute.treasury.signatures
        hands = {*signers, request["by"]["member"], payment["by"]["member"]}
        assert int(payee.removeprefix("member:")) not in hands if ":" in payee else True
        assert request["by"]["member"] not in signers


@every_pack
def test_no_authorisation_is_overspent(pack):
    spent = Counter()
    year = lived(pack)
    for payment in year.acts("pay"):
        request = year.entry(payment["act"]["payment"])
        spent[request["act"]["authorisation"]] += payment["act"]["amount"]
    assert len(spent) >= 10
    for name, authorisation in year.state.authorisations.items():
        assert spent[name] == authorisation.spent <= authorisation.limit


@every_pack
def test_each_of_three_grants_is_spent_on_its_purpose_alone(pack):
    state = lived(pack).state
    assert set(state.grants) == {"roof", "machine", "training"}
    for name, grant in state.grants.items():
        under = [a for a in state.authorisations.values() if a.fund == f"grants:{name}"]
        spent = sum(a.spent for a in under)
        assert 0 < spent <= grant.received == grant.amount
        assert sum(a.limit for a in under) <= grant.amount
        assert all(grant.since <= a.since and a.until <= grant.until for a in under)
        assert -state.balances[f"grants:{name}", state.unit] == grant.received - spent


@every_pack
def test_every_receipt_of_a_movement_is_kept_and_serves_once(pack):
    year = lived(pack)
    reversed_movements = {e["act"]["movement"] for e in year.acts("reverse")}
    served = Counter(
        entry["act"]["receipt"]["sha256"]
        for kind in ("pay", "receive")
        for entry in year.acts(kind)
        if entry["number"] not in reversed_movements
    )
    assert set(served.values()) == {1}
    assert all(year.home.file(sha256) for sha256 in served)


def test_a_wrong_movement_is_reversed_in_the_open_and_written_again_with_its_receipt():
    year = lived()
    wrong = year.entry(year.year.acts["reversed"])
    again = [
        e["act"]
        for e in year.acts("receive")
        if e["act"]["receipt"] == wrong["act"]["receipt"] and e["number"] != wrong["number"]
    ]
    assert [a["amount"] * 10 for a in again] == [wrong["act"]["amount"]]
    assert year.state.movements[wrong["number"]].reversed_by


# --- the surplus ------------------------------------------------------------------------------


def allocation(year):
    return next(
        effect
        for effect in year.state.proposals[year.year.decisions["surplus"]].effects
        if type(effect).__name__ == "AllocateSurplus"
    )


@every_pack
def test_the_whole_surplus_is_shared_to_the_last_unit(pack):
    year = lived(pack)
    period = year.state.periods[year.year.acts["period"]]
    effect = allocation(year)
    assert period.allocated == year.year.decisions["surplus"]
    assert sum(step.amount for step in effect.steps) == period.surplus > 0
    to_people = sum(step.amount for step in effect.steps if step.fund in PEOPLE)
    assert sum(effect.allocations.values()) == to_people
    assert year.state.balances["surplus", year.state.unit] == 0


@pytest.mark.parametrize("pack", ["simple", "br-5764-1971", "us-colab"])
def test_members_share_by_the_hours_that_the_book_shows(pack):
    """Hours are counted again from the work logs of the year; each share is the exact one, rounded
    down or up, and the parts sum to the whole."""
    year = lived(pack)
    minutes = Counter()
    for entry in year.acts("log-work"):
        if entry["act"]["date"] < day_of(year.year.last):
            for row in entry["act"]["work"]:
                minutes[str(row["member"])] += row["minutes"]
    shares = allocation(year).allocations
    whole, hours = sum(shares.values()), sum(minutes.values())
    assert set(shares) <= set(minutes)
    for member, worked in minutes.items():
        exact = Fraction(whole * worked, hours)
        assert abs(shares.get(member, 0) - exact) < 1


def test_the_law_of_the_communes_returns_nothing_to_individuals():
    year = lived("ve-comunas-2010")
    funds = {step.fund: step.amount for step in allocation(year).steps}
    assert allocation(year).allocations == {}
    assert set(funds) == {"productive_maintenance", "producer_care", "social_reinvestment"}
    clinic = year.state.proposals[year.year.decisions["clinic"]]
    assert decision_state(year.state, clinic, UNTIL) == "waiting"


@pytest.mark.parametrize("pack", ["simple", "br-5764-1971", "us-colab"])
def test_some_shares_are_paid_and_the_others_stand_in_their_accounts(pack):
    year = lived(pack)
    paid = Counter()
    for payment in year.acts("pay"):
        request = year.entry(payment["act"]["payment"])
        if request["act"]["authorisation"] == str(year.year.decisions["shares"]):
            paid[request["act"]["payee"].removeprefix("member:")] += payment["act"]["amount"]
    shares = allocation(year).allocations
    assert 0 < len(paid) < len(shares)
    for member, share in shares.items():
        left = -year.state.balances[f"member_accounts:{member}", year.state.unit]
        assert left == share - paid[member] >= 0


# --- assemblies and decisions -----------------------------------------------------------------


@every_pack
def test_an_assembly_that_found_too_few_meets_at_its_second_call_or_is_called_again(pack):
    year = lived(pack)
    failed = next(year.acts("record-no-quorum"))["act"]["assembly"]
    held = year.state.assemblies[year.year.assemblies["means"]]
    if year.year.statute.call(2):
        assert (held.number, held.call) == (failed, 2)
    else:
        assert held.number > failed
        assert year.state.assemblies[failed].opened_at is None


@every_pack
def test_every_opened_assembly_read_a_checkpoint_and_held_its_cultural_opening(pack):
    year = lived(pack)
    opened = [e["act"]["assembly"] for e in year.acts("open-assembly")]
    assert len(opened) == 9
    assert [e["act"]["assembly"] for e in year.acts("cultural-opening")] == opened
    assert all(e["act"]["size"] < e["number"] for e in year.acts("open-assembly"))


@every_pack
def test_an_adopted_amendment_stands_in_place_of_what_it_amended(pack):
    year = lived(pack)
    term, shorter = (year.state.proposals[year.year.decisions[k]] for k in ("term", "term-shorter"))
    office = next(o for o in year.year.statute.offices if "record-paper" in o.powers)
    assert term.effects == shorter.effects
    assert year.year.statute.version == 2
    assert office.term_days == 365
    assert decision_state(year.state, shorter, UNTIL) == "executed"


@every_pack
def test_a_challenged_decision_waits_until_the_assembly_confirms_it(pack):
    year = lived(pack)
    mill, confirmation = (year.year.decisions[k] for k in ("mill", "confirmation"))
    enacted = {e["act"]["decision"]: e["number"] for e in year.acts("enact")}
    challenges = [e["number"] for e in year.acts("challenge") if e["act"]["decision"] == mill]
    assert challenges
    assert max(challenges) < enacted[confirmation] < enacted[mill]


@every_pack
def test_rejected_proposals_do_nothing(pack):
    year = lived(pack)
    for name in ("truck", "sale"):
        proposal = year.state.proposals[year.year.decisions[name]]
        assert decision_state(year.state, proposal, UNTIL) == "rejected"
    assert year.state.authorisations.get(str(year.year.decisions["truck"])) is None
    assert [a.disposal for a in year.state.assets.values()] == [0]


@every_pack
def test_a_sale_with_a_majority_that_is_not_enough_is_rejected(pack):
    year = lived(pack)
    outcome = year.state.proposals[year.year.decisions["sale"]].outcome
    assert outcome.yes > outcome.no
    assert not outcome.adopted


# --- offices ----------------------------------------------------------------------------------


@every_pack
def test_the_recalled_treasurer_leaves_and_a_successor_keeps_the_accounts(pack):
    year = lived(pack)
    treasurer = year.year.acts["treasurer"]
    recall = year.state.proposals[year.year.decisions["recall"]]
    assert not year.state.holds(treasurer, "keep-accounts", UNTIL)
    assert all(m.ended_at == recall.enacted_at for m in year.state.mandates[treasurer])
    after = [e for e in year.acts("pay") if e["at"] > recall.enacted_at]
    assert after
    assert treasurer not in {e["by"]["member"] for e in after}


@every_pack
def test_misuse_is_refused_by_the_rule_it_breaks_and_not_written(pack):
    """The generator compares the size of the book before and after each attempt; here the book is
    searched for what was tried."""
    year = lived(pack)
    assert [(m.act, m.refusal.rule) for m in year.year.refused] == [
        ("request-payment", "payment_to_kin"),
        ("request-payment", "over_the_limit_of_each"),
        ("request-payment", "no_decision"),
        ("journal", "not_by_journal"),
        ("pay", "signatures_missing"),
        ("pay", "no_receipt"),
    ]
    treasurer = year.year.acts["treasurer"]
    people = year.state.people
    bound = {f"member:{tie.other}": tie.number for tie in people[treasurer].ties if tie.other}
    for number, person in people.items():
        confirmed = [t.confirmed for t in person.ties if t.other == treasurer and t.confirmed]
        bound |= dict.fromkeys([f"member:{number}"] * len(confirmed), min(confirmed, default=0))
    requests = [e for e in year.acts("request-payment") if e["by"]["member"] == treasurer]
    asked = [e["act"] for e in requests]
    assert bound
    assert all(e["number"] < bound.get(e["act"]["payee"], e["number"] + 1) for e in requests)
    assert "999999" not in {act["authorisation"] for act in asked}


@every_pack
def test_members_join_leave_and_are_excluded(pack):
    year = lived(pack)
    people = year.state.people
    assert people[year.year.acts["left"]].ended_at
    assert people[year.year.acts["accused"]].ended_at
    founded = people[1].admitted_at
    assert any(p.admitted_at and p.admitted_at > founded for p in people.values())
    waiting = [p for p in people.values() if p.admitted_at is None]
    assert len(waiting) == 4


@every_pack
def test_minors_vote_from_their_day_and_not_before(pack):
    year = lived(pack)
    young = {n: p.votes_from for n, p in year.state.people.items() if p.votes_from}
    came_of_age = [n for n, when in young.items() if when < UNTIL]
    assert came_of_age
    assert len(came_of_age) < len(young)
    for entry in year.acts("vote"):
        assert young.get(entry["by"]["member"], 0) <= entry["at"]


@every_pack
def test_a_revoked_key_signs_nothing_more_and_its_successor_counts_after_the_waiting(pack):
    year = lived(pack)
    revoked = year.entry(year.year.acts["revoked"])
    key, member = revoked["act"]["key"], revoked["by"]["member"]
    later = [e for e in year.entries if e["number"] > revoked["number"]]
    keys_used = {
        (e["at"], s["key"])
        for e in later
        for s in e["by"].get("signatures", ())
        if s["member"] == member
    }
    assert key not in {k for _, k in keys_used}
    waiting = year.year.statute.members.key_waiting_days * DAY
    assert keys_used
    assert min(at for at, _ in keys_used) >= revoked["at"] + waiting


# --- what is open today -----------------------------------------------------------------------


@every_pack
def test_something_of_every_kind_is_open_today(pack):
    year, state = lived(pack).year, lived(pack).state
    standing = Counter(decision_state(state, p, UNTIL) for p in state.proposals.values())
    assert standing["waiting"] >= 3
    assert standing["on_agenda"] >= 3
    assert state.assemblies[year.assemblies["next"]].starts_at > UNTIL
    open_payments = [c for c in state.commitments.values() if c.open_amount]
    signatures = year.statute.treasury.signatures
    assert sorted(len(c.approvals) for c in open_payments) == [0, signatures - 1, signatures]
    overdue = [c for c in state.complaints.values() if not c.answered and c.due < UNTIL]
    assert [c.number for c in overdue] == [year.acts["complaint dust"]]
    ends = [m.until for held in state.mandates.values() for m in held if m.in_force(UNTIL)]
    assert UNTIL < min(ends) < UNTIL + 30 * DAY
    assert state.now <= UNTIL


@every_pack
def test_a_complaint_was_answered_in_time_and_another_late(pack):
    year = lived(pack)
    complaints = year.state.complaints

    def answered_on(name):
        complaint = complaints[year.year.acts[name]]
        return year.entry(complaint.answered)["at"], complaint.due

    at, due = answered_on("complaint noise")
    assert at <= due
    for late in ("complaint scales", "accounts asked"):
        at, due = answered_on(late)
        assert at > due


# --- the record -------------------------------------------------------------------------------


@every_pack
def test_no_name_is_in_the_book_and_every_commitment_opens_in_the_register(pack):
    year = lived(pack)
    database = year.home.database()
    register = year.home.register(database)
    book = repr(year.entries)
    for person in year.state.people.values():
        opening = register.open(person.commitment)
        assert opening is not None
        assert opening.record["name"] not in book
        assert opening.record["document"] not in book
    database.close()


@every_pack
def test_the_separate_verifier_finds_nothing(pack):
    report = verify(lived(pack).home.folder)
    assert list(report.findings) == []


@every_pack
def test_readings_rebuilt_from_the_book_equal_the_live_ones(pack):
    year = lived(pack)
    database = year.home.database()
    assert list(differences(database, year.year.body)) == []
    database.close()


def test_a_body_of_a_hundred_and_twenty_lives_its_year():
    """The demo's own size: every kind of act but one or two happens."""
    year = lived("simple", 1, 120)
    kinds = {e["act"]["kind"] for e in year.entries}
    assert len(year.state.people) >= 118
    assert len(year.entries) > 4_000
    assert len(kinds) >= 45
    assert sum(year.state.balances.values()) == 0
    assert list(verify(year.home.folder).findings) == []


# --- choices among several --------------------------------------------------------------------


@every_pack
def test_projects_are_chosen_within_a_budget_from_papers(pack):
    year = lived(pack)
    proposal = year.state.proposals[year.year.decisions["projects"]]
    costs = {option.id: option.cost for option in proposal.contest.options}
    winners = proposal.outcome.winners
    assert 0 < sum(costs[w] for w in winners) <= proposal.contest.budget
    assert not {"1", "2"} <= set(winners)  # they want the same ground
    assert year.state.ballots[proposal.outcome.vote].method == "papers"
    opened = {a.name for a in proposal.effects}
    assert opened == {o.effects[0].name for o in proposal.contest.options if o.id in winners}
    assert proposal.enacted_at


@every_pack
def test_two_seats_of_oversight_are_filled_by_one_vote(pack):
    year = lived(pack)
    proposal = year.state.proposals[year.year.decisions["oversight"]]
    (effect,) = proposal.effects
    chosen = [o for o in proposal.contest.options if o.id in proposal.outcome.winners]
    assert sorted(effect.members) == sorted(m for o in chosen for m in o.effects[0].members)
    assert len(effect.members) == 2
    assert set(effect.members) <= {
        m for m, held in year.state.mandates.items() if any(h.office == effect.office for h in held)
    }
    cast = [e for e in year.acts("cast-ballot") if e["act"]["ballot"] == proposal.outcome.vote]
    assert len(cast) == len(year.state.ballots[proposal.outcome.vote].entitled) > 0
