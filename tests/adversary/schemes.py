"""The ways in which bodies were emptied, played as far as the law lets them go. Each is what
somebody would do who knows the statute well: step by step, in their own name where they hold the
office, by false papers where they do not. A scheme named as a way of `comuna.rules.collusion` is
that way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from comuna.rules.accounts import Amount, AnnounceReversal, Journal, Receive, Reverse
from comuna.rules.act import Effect, Paper, Refused
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import (
    Adjourn,
    AgendaItem,
    CallAssembly,
    CheckIn,
    CheckOut,
    CloseAssembly,
    GiveNotice,
    OpenAssembly,
    RecordNoQuorum,
    Resume,
    TakeItem,
)
from comuna.rules.assets import DisposeAsset, HandOverAsset
from comuna.rules.authorship import EnrolKey, RevokeKey
from comuna.rules.decision import Confirm, Enact
from comuna.rules.names import day
from comuna.rules.office import Elect, Resign
from comuna.rules.period import ApproveAccounts, ClosePeriod, fingerprint, measured
from comuna.rules.production import CorrectWork, Deliver, LogWork, Worked
from comuna.rules.proposal import Propose
from comuna.rules.result import AllowEntry
from comuna.rules.roll import Admit, Charge, Declare, Exclude, Kin, Leave
from comuna.rules.state import DAY, Proposal
from comuna.rules.surplus import AllocateSurplus, Destination, people_shares, table
from comuna.rules.treasury import ApprovePayment, Authorise, Pay, RequestPayment
from comuna.rules.vote import CloseVote, CountHands, OpenVote, Vote
from tests.adversary.game import HOUR, Game
from tests.rules.village import CHOICES

FRIEND = "Friend"
"""Who is paid in the end: a supplier whom nobody has heard of."""


def holders(game: Game, power: str) -> list[int]:
    """Those who hold a power now: first whose keys are at hand."""
    known = [m for m in game.state.people if game.state.holds(m, power, game.now)]
    return sorted(known, key=lambda m: (m not in game.own, m))


def holder(game: Game, power: str) -> int:
    """One of them, or else somebody who is not."""
    return next(iter(holders(game, power)), game.own[0])


def paper(game: Game) -> Paper:
    return Paper(sha256=f"{game.random.getrandbits(256):064x}", size=9)


# --- paying ---------------------------------------------------------------------------------------


def pay_out(game: Game, authorisation: str, payee: str, amount: int) -> None:
    """Ask, approve and pay, whoever has to."""
    known = game.state.authorisations.get(authorisation)
    if known is None:
        return
    boxes = sorted(game.state.listed, key=lambda box: -game.state.balances[box, game.state.unit])
    request = RequestPayment(
        authorisation=authorisation, payee=payee, amount=amount, money=boxes[0], text="work done"
    )
    number = game.attempt(holder(game, "request-payment"), request)
    if not number:
        return
    for approver in holders(game, "approve-payment"):
        game.attempt(approver, ApprovePayment(payment=number))
    for hours in (0, 30):
        game.wait(hours=hours)
        payment = Pay(payment=number, amount=amount, date=day(game.now), receipt=paper(game))
        if game.attempt(holder(game, "keep-accounts"), payment):
            return


def payment(game: Game) -> None:
    """Room that the members opened without saying whom to pay."""
    name = game.scene.numbers["authorisation"]
    pay_out(game, name, game.random.choice([FRIEND, f"member:{game.own[0]}"]), 5_000)


# --- money that came in goes out again ------------------------------------------------------------


def correction(game: Game) -> None:
    """Money that came in was a mistake, somebody says."""
    for movement in game.scene.numbers["receipts"]:
        keeper = holder(game, "keep-accounts")
        game.attempt(keeper, AnnounceReversal(movement=movement, reason="typed wrongly"))
        for hours in (0, 30):
            game.wait(hours=hours)
            if game.attempt(keeper, Reverse(movement=movement, reason="typed wrongly")):
                return


def own_contribution(game: Game) -> None:
    """A sale is booked as one's own capital, and taken back as such."""
    member = game.own[0]
    receipt = Receive(
        date=day(game.now),
        money=sorted(game.state.listed)[0],
        source=f"share_capital:{member}",
        amount=20_000,
        payer=f"member:{member}",
        text="contribution",
        receipt=paper(game),
    )
    number = game.attempt(holder(game, "keep-accounts"), receipt)
    if number:
        game.wait(hours=30)
        game.attempt(holder(game, "keep-accounts"), Reverse(movement=number, reason="mistake"))


# --- the result of the year, though no money leaves -----------------------------------------------


def entry(game: Game, debit: str, credit: str, amount: int, permission: str = "") -> Journal:
    lines = (Amount(account=debit, amount=amount), Amount(account=credit, amount=-amount))
    return Journal(
        date=day(game.now),
        lines=lines,
        text="adjustment",
        receipt=paper(game),
        permission=permission,
    )


FALSE_ENTRIES = (
    ("materials", "payables"),  # an invented debt
    ("losses", "stock"),  # stock that was there, written off
    ("losses", "receivables"),  # a debt written off
    ("tools", "extraordinary_income"),  # a revaluation
    ("receivables", "sales_members"),  # an invented sale
    ("sales_members", "sales_others"),  # income under another name
    ("taxes", "materials"),  # a cost under another name
)


def false_entries(game: Game) -> None:
    """Entries that move the result: all at once, or in parts, dated in this month or the last."""
    debit, credit = game.random.choice(FALSE_ENTRIES)
    keeper = holder(game, "keep-accounts")
    number = game.attempt(keeper, entry(game, debit, credit, 60_000))
    for _ in range(4):
        number = game.attempt(keeper, entry(game, debit, credit, 2_000)) or number
    if number:
        game.attempt(keeper, Reverse(movement=number, reason="mistake"))


def income(game: Game, source: str, amount: int, payer: str, permission: str = "") -> Receive:
    return Receive(
        date=day(game.now),
        money=sorted(game.state.listed)[0],
        source=source,
        amount=amount,
        payer=payer,
        text="sale",
        receipt=paper(game),
        permission=permission,
    )


def loan_as_sale(game: Game) -> None:
    """A loan that nobody decided: as a loan, as a sale, as a sale in parts, from many."""
    keeper = holder(game, "keep-accounts")
    if game.random.random() < 0.3:
        game.attempt(keeper, income(game, "loans", 50_000, "Lender"))
    if game.attempt(keeper, income(game, "sales_members", 50_000, "Lender")):
        return
    for n in range(4):
        payer = game.random.choice(["Lender", "L e n d e r", f"Lender {n}"])
        game.attempt(keeper, income(game, "other_income", 2_000, payer))


def sale_as_capital(game: Game) -> None:
    """A sale booked as the contribution of any who would sign for it."""
    for member in [*game.own, somebody_else(game)]:
        act = income(game, f"share_capital:{member}", 20_000, f"member:{member}")
        if game.attempt(holder(game, "keep-accounts"), act):
            return


def allowed_entry(game: Game) -> None:
    """An assembly that was never held allows an entry, and it is made."""
    debit, credit = game.random.choice(FALSE_ENTRIES)
    allowed = AllowEntry(
        purpose="adjustment",
        debit=debit,
        credit=credit,
        amount=90_000,
        until=day(game.now + 90 * DAY),
    )
    number = decide(game, allowed)
    keeper = holder(game, "keep-accounts")
    if number:
        game.attempt(keeper, entry(game, debit, credit, 90_000, str(number)))


# --- decisions that nobody took -------------------------------------------------------------------


def effects_wanted(game: Game) -> list[Effect]:
    """What somebody would have a body decide."""
    law, today = game.state.statute, game.now
    payee = game.random.choice([FRIEND, f"member:{game.own[0]}"])
    authorise = Authorise(
        purpose="works",
        fund="general",
        line="materials",
        limit=40_000,
        since=day(today),
        until=day(today + 90 * DAY),
        payee=payee,
    )
    office = next(o for o in law.offices if "keep-accounts" in o.powers)
    wanted: list[Effect] = [
        authorise,
        Elect(office=office.id, members=(game.own[0],)),
        AmendStatute(changes=(Change(place="assembly.notice_days", value=1),)),
        DisposeAsset(name="truck", payee=FRIEND, price=0),
    ]
    applicants = [n for n, p in game.state.people.items() if p.admitted_at is None]
    wanted += [Admit(member=n) for n in applicants[-2:]]
    wanted += [Exclude(member=1, charge=0)]
    return wanted


def assembly(game: Game, *proposals: int) -> int:
    """An assembly that is called as it should be. Nobody honest comes."""
    agenda = [AgendaItem(title="Drum", purpose="opening")]
    agenda += [AgendaItem(title="Item", purpose="decision", proposal=p) for p in proposals]
    law = game.state.statute.assembly
    starts_at = game.now + law.notice_days * DAY + HOUR
    call = CallAssembly(starts_at=starts_at, place="School", agenda=tuple(agenda))
    number = game.attempt(holder(game, "call-assembly"), call)
    if not number:
        return 0
    roll = len(game.state.roll(game.now))
    notice = GiveNotice(assembly=number, channel="wall", reached=roll)
    game.attempt(holder(game, "call-assembly"), notice)
    game.now = max(game.now, starts_at)
    gather(game, number)
    opening = OpenAssembly(assembly=number, size=game.state.head, root="")
    chair = holder(game, "preside")
    if not game.attempt(chair, opening):
        game.wait(hours=1)
        game.attempt(chair, RecordNoQuorum(assembly=number))
        game.wait(hours=2)
        game.attempt(chair, OpenAssembly(assembly=number, size=game.state.head, root=""))
    return number


def gather(game: Game, number: int) -> None:
    """A sheet with everybody's name on it, but for those who would have to count; or those who are
    there, at least."""
    tellers = set(holders(game, "tell")) - set(game.own)
    people = [n for n, p in game.state.people.items() if p.member_at(game.now)]
    here = game.state.assemblies[number].present | tellers
    absent = [m for m in people if m not in here]
    sheet = CheckIn(assembly=number, members=tuple(absent))
    if absent and any(game.attempt(m, sheet) for m in enterers(game)):
        return
    for member in game.own:
        game.attempt(member, CheckIn(assembly=number, members=(member,)))


def enterers(game: Game) -> list[int]:
    return [*holders(game, "tell")[:2], *holders(game, "record-paper")[:1]]


def adopt(game: Game, number: int, proposal: int, item: int) -> bool:
    """Open the vote, vote in whoever's name one can, and close it."""
    chair = holder(game, "preside")
    game.attempt(chair, TakeItem(assembly=number, item=item))
    for method in game.random.sample(["hands", "roll-call"], 2):
        known = game.state.proposals[proposal]
        closes_at = game.random.choice([0, game.now + HOUR]) if method == "roll-call" else 0
        opening: Any = OpenVote(
            assembly=number,
            proposal=proposal,
            digest=known.digest,
            method=method,  # type: ignore[arg-type]
            closes_at=closes_at,
        )
        ballot = game.attempt(chair, opening)
        if not ballot:
            continue
        if method == "hands":
            count_hands(game, ballot)
        else:
            answer_for_all(game, ballot, chair)
        outcome = game.state.proposals[proposal].outcome
        if outcome is not None and outcome.adopted:
            return True
    return False


def count_hands(game: Game, ballot: int) -> None:
    """Hands that nobody raised."""
    present = game.state.ballots[ballot].present
    for teller in [*holders(game, "tell"), *game.own]:
        for yes in (present, 1):
            if game.attempt(teller, CountHands(ballot=ballot, yes=yes, no=0)):
                return


def answer_for_all(game: Game, ballot: int, chair: int) -> None:
    """One's own vote, false papers for the others, and a list of those who kept silent."""
    vote = Vote(ballot=ballot, choice="yes")
    entitled = sorted(game.state.ballots[ballot].entitled, key=lambda m: m not in game.own)
    for member in entitled:
        if not game.attempt(member, vote) and member not in game.own:
            break
    cast = game.state.ballots[ballot].cast
    rest = tuple(m for m in entitled if m not in cast)
    for unanswered in ((), rest):
        if game.attempt(chair, CloseVote(ballot=ballot, unanswered=unanswered)):
            return
    game.wait(hours=2)
    game.attempt(chair, CloseVote(ballot=ballot))


def decide(game: Game, *effects: Effect) -> int:
    """Propose, call, gather, adopt, wait, put in force. The number of the decision, 0: none."""
    proposer = next((m for m in game.own if game.state.may_vote(m, game.now)), game.own[0])
    proposal = game.attempt(
        proposer,
        Propose(title="Works", text="As the effects say.", effects=effects),  # type: ignore[arg-type]
    )
    number = assembly(game, proposal) if proposal else 0
    if not number or not adopt(game, number, proposal, 1):
        return 0
    game.attempt(holder(game, "preside"), CloseAssembly(assembly=number))
    return put_in_force(game, proposal)


def put_in_force(game: Game, proposal: int) -> int:
    for hours in (0, game.state.statute.decisions.challenge_hours + 1):
        game.wait(hours=hours)
        if game.attempt(game.own[0], Enact(decision=proposal)):
            return proposal
    return 0


def false_decision(game: Game) -> None:
    """An assembly that was never held decides something, and it is done."""
    effect = game.random.choice(effects_wanted(game))
    number = decide(game, effect)
    if number and isinstance(effect, Authorise):
        pay_out(game, str(number), effect.payee or FRIEND, effect.limit)
    if number and isinstance(effect, DisposeAsset):
        hand_over = HandOverAsset(name=effect.name, deed=paper(game))
        game.attempt(holder(game, "keep-accounts"), hand_over)


def bundled_confirmation(game: Game) -> None:
    """An authorisation beside a confirmation, which nobody can challenge."""
    effect = effects_wanted(game)[0]
    assert isinstance(effect, Authorise)
    number = decide(game, Confirm(decision=game.scene.numbers["suspended"]), effect)
    if number:
        pay_out(game, str(number), effect.payee or FRIEND, effect.limit)


# --- in an assembly that is really held -----------------------------------------------------------


def sitting(game: Game) -> tuple[int, Proposal] | None:
    """The assembly in session in this scene, and the honest proposal that is being discussed."""
    number = game.scene.numbers.get("sitting", 0)
    if not number or game.state.assemblies[number].closed_at is not None:
        return None
    return number, game.state.proposals[game.scene.numbers["honest"]]


def quick_vote(game: Game) -> None:
    """Open, vote and close before anyone else has: on what is there, or on an amendment that makes
    something else of it."""
    here = sitting(game)
    if here is None:
        return
    number, proposal = here
    voted = proposal.number
    if game.random.random() < 0.7:
        wanted = effects_wanted(game)[0]
        amendment = Propose(
            title="Better",
            text="As the effects say.",
            effects=(wanted,),
            amends=voted,  # type: ignore[arg-type]
        )
        amending = game.attempt(game.own[0], amendment)
        if amending:
            adopt(game, number, amending, 1)
    if adopt(game, number, voted, 1):
        game.attempt(holder(game, "preside"), CloseAssembly(assembly=number))
        if put_in_force(game, voted):
            effect = game.state.proposals[voted].effects[0]
            if isinstance(effect, Authorise) and effect.payee != "Hardware shop":
                pay_out(game, str(voted), effect.payee or FRIEND, effect.limit)


def empty_the_room(game: Game) -> None:
    """Check out whoever might say no, or adjourn for a minute; then vote."""
    here = sitting(game)
    if here is None:
        return
    number, _ = here
    present = game.state.assemblies[number].present
    others = tuple(sorted(present - set(game.own)))
    if game.random.random() < 0.5:
        chair = holder(game, "preside")
        game.attempt(chair, Adjourn(assembly=number, until=game.now + 60))
        game.wait(hours=1)
        gather(game, number)
        game.attempt(chair, Resume(assembly=number))
    for enterer in enterers(game):
        if others and game.attempt(enterer, CheckOut(assembly=number, members=others)):
            break
    quick_vote(game)


def everyone_is_kin(game: Game) -> None:
    """Whoever is to be paid declares everybody kin, so that one friend is left to vote."""
    payee = game.own[0]
    others = [m for m in game.state.people if m not in game.own]
    kin = tuple(Kin(member=m, degree=1) for m in others)
    game.attempt(payee, Declare(kin=kin))
    if sitting(game) is None:
        effect = effects_wanted(game)[0]
        number = decide(game, effect)
        if number and isinstance(effect, Authorise):
            pay_out(game, str(number), effect.payee or FRIEND, effect.limit)
    else:
        quick_vote(game)
    payment(game)


# --- rights, seats and keys of others -------------------------------------------------------------


def false_papers(game: Game) -> None:
    """What ends somebody's right, seat or key, in their name."""
    person = game.random.choice([m for m in game.state.people if m not in game.own])
    held = [m.office for m in game.state.mandates.get(person, ()) if m.in_force(game.now)]
    ends = [Leave(), *(Resign(office=office) for office in held)]
    ends += [RevokeKey(key=k) for k, key in game.state.keys.items() if key.member == person]
    game.attempt(person, game.random.choice(ends))


def another_key(game: Game) -> None:
    """A key asked for in somebody's name, and used once it counts."""
    person = game.random.choice([m for m in game.state.people if m not in game.own])
    public = game.invent()
    asked = EnrolKey(member=person, public=public)
    for asker in [*game.own, person]:
        if game.attempt(asker, asked):
            game.wait(days=game.state.statute.members.key_waiting_days + 1)
            return


# --- what a surplus is shared by ------------------------------------------------------------------


def false_measures(game: Game) -> None:
    """Hours and deliveries that never were, of days and in amounts that cannot be."""
    game.random.choice(list(MEASURES.values()))(game)


def write_hours(game: Game, member: int, date: str, *minutes: int) -> None:
    for some in minutes:
        work = (Worked(member=member, minutes=some),)
        log = LogWork(date=date, production_unit="mill", task="night", work=work)
        game.attempt(game.own[0], log)


def late_hours(game: Game) -> None:
    """Of a day that nobody remembers."""
    days = game.state.statute.production.late_days + 1
    if game.now - game.state.founded_at < (days + 1) * DAY:
        game.wait(days=days)
    write_hours(game, game.own[0], day(game.now - days * DAY), 480)


def hours_before_admission(game: Game) -> None:
    """Of somebody who did not belong yet, or of a body that was not there."""
    newcomer = game.scene.numbers["newcomer"]
    admitted = game.state.people[newcomer].admitted_at or game.now
    write_hours(game, newcomer, day(admitted - DAY), 480)
    write_hours(game, game.own[0], day(game.state.founded_at - DAY), 480)


def endless_hours(game: Game) -> None:
    """More than a day has, in one entry or in several."""
    most = game.state.statute.production.minutes_a_day
    write_hours(game, game.own[0], day(game.now), most + 1, most, most)


def write_delivery(game: Game, product: str, measure: str, *quantities: int) -> list[int]:
    member = game.own[0]
    acts = [
        Deliver(
            date=day(game.now), member=member, product=product, measure=measure, quantity=quantity
        )
        for quantity in quantities
    ]
    return [number for act in acts if (number := game.attempt(member, act))]


def priced(game: Game) -> tuple[str, str, int]:
    """A product on the price list of today, its measure, and the most of it in a day."""
    listed = game.state.prices_on(day(game.now))
    assert listed is not None
    (product, measure), price = next(iter(listed.prices.items()))
    return product, measure, price.most


def unpriced_delivery(game: Game) -> None:
    """All of the surplus, as a thing that nobody priced."""
    write_delivery(game, "gold", "g", 270_000)


def endless_delivery(game: Game) -> None:
    """More than a member may bring in a day, in one entry or in several."""
    product, measure, most = priced(game)
    write_delivery(game, product, measure, 15 * most, most, most)


def delivery_put_right(game: Game) -> None:
    """A small delivery becomes a large one afterwards."""
    product, measure, most = priced(game)
    for number in write_delivery(game, product, measure, 1):
        right = CorrectWork(about=number, member=game.own[0], right=15 * most, reason="a nought")
        for member in reversed(game.own):
            game.attempt(member, right)


def delivery_among_friends(game: Game) -> None:
    """What another plain member says that they received."""
    product, measure, most = priced(game)
    write_delivery(game, product, measure, most)


def after_the_seal(game: Game) -> None:
    """Capital that comes after the year, a cent of it or much, and goes out again; hours and
    corrections of months that are over."""
    keeper, member = holder(game, "keep-accounts"), game.own[-1]
    for amount in (1, 500_000):
        receipt = Receive(
            date=day(game.now),
            money=sorted(game.state.listed)[0],
            source=f"share_capital:{member}",
            amount=amount,
            payer=f"member:{member}",
            text="contribution",
            receipt=paper(game),
        )
        number = game.attempt(keeper, receipt)
        if number and game.random.random() < 0.5:
            game.attempt(keeper, AnnounceReversal(movement=number, reason="mistake"))
            game.wait(hours=30)
            game.attempt(keeper, Reverse(movement=number, reason="mistake"))
    if game.state.watermark:
        write_hours(game, game.own[0], game.state.watermark, 480)
    for number in (*game.state.put_in, game.state.head):
        right = CorrectWork(about=number, member=member, right=900, reason="more")
        game.attempt(keeper, right)


MEASURES: dict[str, Callable[[Game], None]] = {
    "late": late_hours,
    "before": hours_before_admission,
    "endless": endless_hours,
    "unpriced": unpriced_delivery,
    "too-much": endless_delivery,
    "put-right": delivery_put_right,
    "friends": delivery_among_friends,
    "sealed": after_the_seal,
}
"""How what members put in could be made more than it was."""


SCHEMES: tuple[Callable[[Game], None], ...] = (
    payment,
    correction,
    own_contribution,
    false_entries,
    loan_as_sale,
    sale_as_capital,
    allowed_entry,
    false_decision,
    bundled_confirmation,
    quick_vote,
    empty_the_room,
    everyone_is_kin,
    false_papers,
    another_key,
    false_measures,
)


# --- the ways that the table names ----------------------------------------------------------------


def decide_and_pay(game: Game) -> None:
    authorise = effects_wanted(game)[0]
    assert isinstance(authorise, Authorise)
    number = decide(game, authorise)
    if number:
        pay_out(game, str(number), authorise.payee or FRIEND, authorise.limit)


def decide_and_hand_over(game: Game) -> None:
    number = decide(game, DisposeAsset(name="truck", payee=FRIEND, price=0))
    if number:
        hand_over = HandOverAsset(name="truck", deed=paper(game))
        game.attempt(holder(game, "keep-accounts"), hand_over)


def decide_on_a_seat(game: Game) -> None:
    law = game.state.statute
    office = next(o for o in law.offices if "oversee" in o.powers)
    free = [m for m in game.state.people if not game.state.mandates.get(m)]
    decide(game, Elect(office=office.id, members=(free[-1],)))


def decide_on_the_statute(game: Game) -> None:
    days = game.state.statute.assembly.notice_days + 1
    decide(game, AmendStatute(changes=(Change(place="assembly.notice_days", value=days),)))


def decide_on_a_right(game: Game) -> None:
    person = next(m for m in game.state.people if m not in game.own)
    charge = game.attempt(game.own[0], Charge(member=person, text="spoke too long"))
    game.wait(days=game.state.statute.members.exclusion_hearing_days + 1)
    decide(game, Exclude(member=person, charge=charge))


def somebody_else(game: Game) -> int:
    return next(m for m in game.state.people if m not in game.own)


def resignation_on_paper(game: Game) -> None:
    for person, held in sorted(game.state.mandates.items()):
        if person not in game.own and held:
            game.attempt(person, Resign(office=held[0].office))
            return


def leaving_on_paper(game: Game) -> None:
    game.attempt(somebody_else(game), Leave())


def revocation_on_paper(game: Game) -> None:
    person = somebody_else(game)
    key = next(k for k, key in game.state.keys.items() if key.member == person)
    game.attempt(person, RevokeKey(key=key))


def share_by_measures(game: Game) -> None:
    """A delivery that never came, within the most of a day; the months are sealed, the accounts
    approved and the surplus shared by it."""
    law = game.state.statute
    product, measure, most = priced(game)
    write_delivery(game, product, measure, most)
    since = day(game.state.founded_at)
    until = day(game.now)[:7]
    while day(game.now)[:7] == until:
        game.wait(days=1)
    until = day(game.now - int(day(game.now)[8:]) * DAY)
    key = "deliveries" if {"activity", "deliveries"} & set(law.surplus.keys) else "hours"
    try:
        measures = fingerprint(measured(game.state, since, until))
    except Refused:
        return
    closing = ClosePeriod(since=since, until=until, measures=measures)
    period = game.attempt(holder(game, "keep-accounts"), closing)
    if not period or not decide(game, ApproveAccounts(period=period)):
        return
    choices = CHOICES[game.scene.pack]
    lawful = table(game.state, game.state.periods[period], key, choices)
    steps = tuple(
        Destination(fund=s.fund, amount=s.amount, article=s.article) for s in lawful.steps
    )
    sharing = AllocateSurplus(
        period=period,
        key=key,
        choices=choices,
        steps=steps,
        allocations=people_shares(lawful),
    )
    decide(game, sharing)


WAYS: dict[str, Callable[[Game], None]] = {
    "payment": payment,
    "payment-on-paper": payment,
    "correction": correction,
    "false-decision-payment": decide_and_pay,
    "paper-votes-payment": decide_and_pay,
    "measures": share_by_measures,
    "journal": allowed_entry,
    "income": loan_as_sale,
    "contribution": sale_as_capital,
    "false-decision-seat": decide_on_a_seat,
    "resignation-on-paper": resignation_on_paper,
    "false-decision-right": decide_on_a_right,
    "leaving-on-paper": leaving_on_paper,
    "false-decision-asset": decide_and_hand_over,
    "enrolment": another_key,
    "revocation-on-paper": revocation_on_paper,
    "false-decision-statute": decide_on_the_statute,
}
"""Each way of the table, played by those whom it names."""
