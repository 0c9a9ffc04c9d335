"""What can be chosen in a form: the things of the body that an act may name, newest first.

A list helps the person; what is lawful the judge says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from comuna import words
from comuna.rules.decision import decision_state
from comuna.rules.names import MEMBER, account_of, day, shown
from comuna.rules.result import LOANS, PERSONAL, RELEASED
from comuna.rules.state import Assembly, Proposal, State
from comuna.rules.treasury import GENERAL
from comuna.web.acting import told
from comuna.web.visit import Visit

Option = tuple[str, str]
"""The value in the act, and what the person reads."""

LONGEST = 300
"""More than this in a list help nobody; the number can be typed in an address."""


def options(key: str, name: str, here: Visit) -> list[Option]:
    """What a field may name. `key` is "kind.field"; raises KeyError where no list is foreseen."""
    source = SOURCES.get(key) or SOURCES[name]
    return list(source(here))[:LONGEST]


def newest(numbers: Iterable[int]) -> list[int]:
    return sorted(numbers, reverse=True)


def where(wanted: Callable[[State, Assembly], bool]) -> Callable[[Visit], list[Option]]:
    """Assemblies for which this holds."""

    def find(here: Visit) -> list[Option]:
        found = [a for a in here.state.assemblies.values() if wanted(here.state, a)]
        return [
            (
                str(a.number),
                here.text("acting.assembly", number=a.number, at=told.moment(here, a.starts_at)),
            )
            for a in sorted(found, key=lambda a: -a.number)
        ]

    return find


def proposals(wanted: Callable[[Visit, Proposal], bool]) -> Callable[[Visit], list[Option]]:
    """Proposals and decisions for which this holds."""

    def find(here: Visit) -> list[Option]:
        found = (p for p in reversed(here.state.proposals.values()) if wanted(here, p))
        return [(str(p.number), f"{p.number} · {p.title}") for p in found]

    return find


def stands(*states: str) -> Callable[[Visit], list[Option]]:
    """Decisions that stand in one of these states now."""
    return proposals(lambda here, p: decision_state(here.state, p, here.now) in states)


def votes(among_options: bool, *methods: str) -> Callable[[Visit], list[Option]]:
    """Open votes of this kind, held in one of these ways."""

    def find(here: Visit) -> list[Option]:
        state = here.state
        open_now = [state.ballots[a.vote] for a in state.assemblies.values() if a.vote is not None]
        return [
            (str(ballot.number), f"{proposal.number} · {proposal.title}")
            for ballot in sorted(open_now, key=lambda b: -b.number)
            for proposal in [state.proposals[ballot.proposal]]
            if ballot.method in methods and (proposal.choice is not None) == among_options
        ]

    return find


def roll_calls(here: Visit) -> list[Option]:
    return [*votes(False, "roll-call")(here), *votes(True, "roll-call")(here)]


def counts(here: Visit) -> list[Option]:
    """The statute's rules for decisions among options."""
    return [(c.id, here.title(c.title)) for c in here.state.statute.counts]


def items(here: Visit) -> list[Option]:
    """The agenda of the assemblies in session, after the opening."""
    return [
        (str(index), f"{index} · {item.title}")
        for assembly in here.state.assemblies.values()
        if in_session(here.state, assembly)
        for index, item in enumerate(assembly.agenda)
        if index
    ]


def in_session(state: State, assembly: Assembly) -> bool:
    return (
        assembly.opened_at is not None
        and assembly.closed_at is None
        and assembly.adjourned_until is None
    )


def offices(here: Visit) -> list[Option]:
    return [(o.id, here.title(o.title)) for o in here.state.statute.offices]


def my_offices(here: Visit) -> list[Option]:
    mine = {m.office for m in here.state.mandates.get(here.member, ()) if m.in_force(here.now)}
    return [option for option in offices(here) if option[0] in mine]


def petitions(here: Visit) -> list[Option]:
    found = [p for p in here.state.petitions.values() if p.decided is None]
    return [
        (
            str(p.number),
            here.text("acting.petition", number=p.number, member=p.member, office=office),
        )
        for p in sorted(found, key=lambda p: -p.number)
        for office in [dict(offices(here)).get(p.office, p.office)]
    ]


def complaints(here: Visit) -> list[Option]:
    titles = dict(offices(here))
    found = [c for c in here.state.complaints.values() if not c.answered]
    return [
        (str(c.number), f"{c.number} · {titles.get(c.about, here.text('acting.no_office'))}")
        for c in sorted(found, key=lambda c: c.due)
    ]


def payments(here: Visit) -> list[Option]:
    """Payment requests with something left to pay."""
    found = [c for c in here.state.commitments.values() if c.open_amount > 0]
    return [
        (str(c.number), f"{c.number} · {here.payee(c.payee)} · {told.money(here, c.open_amount)}")
        for c in sorted(found, key=lambda c: -c.number)
    ]


def stoppable(here: Visit) -> list[Option]:
    """What a member can object to: payments whose payee no decision named, and reversals that take
    money out."""
    state = here.state
    named = {name for name, a in state.authorisations.items() if a.payee}
    fixed = {str(c.number) for c in state.commitments.values() if c.authorisation in named}
    reversals = [
        (str(a.number), here.text("acting.reversal", number=a.number, movement=a.movement))
        for a in sorted(state.announcements.values(), key=lambda a: -a.number)
        if not state.movements[a.movement].reversed_by
    ]
    return [*(option for option in payments(here) if option[0] not in fixed), *reversals]


def authorisations(here: Visit) -> list[Option]:
    """Authorisations with room."""
    found = [a for a in here.state.authorisations.values() if a.room > 0 and not a.revoked]
    return [
        (
            a.number,
            f"{a.number} · {a.purpose} · {here.text('acting.room', amount=room)}",
        )
        for a in sorted(found, key=lambda a: -a.decision)
        for room in [told.money(here, a.room)]
    ]


def permissions(here: Visit) -> list[Option]:
    """Entries that a decision allows and that are not all entered yet."""
    found = [p for p in here.state.permissions.values() if p.used < p.amount and not p.revoked]
    return [
        (p.number, f"{p.number} · {p.debit} / {p.credit} · {here.text('acting.room', amount=room)}")
        for p in sorted(found, key=lambda p: -p.decision)
        for room in [told.money(here, p.amount - p.used)]
    ]


def debits(here: Visit) -> list[Option]:
    """What an entry that is decided can debit: boxes, where money comes in, and what entries
    touch."""
    return [*listed(here), *by_journal(here)]


def credits_(here: Visit) -> list[Option]:
    loans = here.state.chart.get(LOANS)
    return [*by_journal(here), *([(loans.id, here.title(loans.title))] if loans else [])]


def by_journal(here: Visit) -> list[Option]:
    """The lines of the chart that entries without money touch."""
    untouched = (*PERSONAL, *RELEASED, "grants", LOANS)
    return [
        (a.id, here.title(a.title))
        for a in here.state.chart.values()
        if not a.money and a.group != "funds" and a.id not in untouched
    ]


def periods(here: Visit) -> list[Option]:
    return [
        (str(n), f"{n} · {p.since} – {p.until}")
        for n, p in sorted(here.state.periods.items(), reverse=True)
        if not p.allocated
    ]


def products(here: Visit) -> list[Option]:
    """What is on the price list of today, and in which measure."""
    listed = here.state.prices_on(day(here.now))
    return [] if listed is None else [(p, f"{shown(p)} ({shown(m)})") for p, m in listed.prices]


def measures(here: Visit) -> list[Option]:
    listed = here.state.prices_on(day(here.now))
    return [] if listed is None else [(m, "") for m in dict.fromkeys(m for _, m in listed.prices)]


def member_kinds(here: Visit) -> list[Option]:
    return [(k.id, here.title(k.title)) for k in here.state.statute.members.kinds]


def listed(here: Visit) -> list[Option]:
    """Where money may be: listed by decision."""
    return [(account, f"{title} ({account})") for account, title in here.state.listed.items()]


def places_for_money(here: Visit) -> list[Option]:
    """How the name of a new account begins."""
    chart = here.state.chart.values()
    return [(f"{a.id}:", here.title(a.title)) for a in chart if a.money]


def own_funds(here: Visit) -> list[Option]:
    return [(f.id, here.title(f.title)) for f in here.state.statute.treasury.funds]


def funds(here: Visit) -> list[Option]:
    """What an authorisation may draw on."""
    grants = [
        (account_of("grants", name), f"{grant.purpose} ({shown(grant.grantor)})")
        for name, grant in here.state.grants.items()
    ]
    return [(GENERAL, here.text("acting.general_means")), *own_funds(here), *grants]


def lines(here: Visit) -> list[Option]:
    """Lines of the chart on which money is spent; costs also for operations with others."""
    found: list[Option] = []
    for account in here.state.chart.values():
        title = here.title(account.title)
        if account.group == "costs":
            others = here.text("acting.with_others", title=title)
            found += [(account.id, title), (f"{account.id}:others", others)]
        elif not account.money and account.group != "income":
            found.append((account.id, title))
    return found


def any_account(here: Visit) -> list[Option]:
    return [(a.id, here.title(a.title)) for a in here.state.chart.values()]


def sources(here: Visit) -> list[Option]:
    """Where money can come from."""
    grants = [
        (account_of("grants", name), grant.purpose) for name, grant in here.state.grants.items()
    ]
    income = [
        (a.id, here.title(a.title))
        for a in here.state.chart.values()
        if (a.group == "income" and a.id not in RELEASED) or a.id in ("receivables", LOANS)
    ]
    capital = [("share_capital:", here.text("acting.contribution_of"))]
    return [*income, *grants, *(capital if "share_capital" in here.state.chart else [])]


def payees(here: Visit) -> list[Option]:
    """Who was paid before, and how a member is written."""
    known = dict.fromkeys(c.payee for c in reversed(here.state.commitments.values()))
    return [(MEMBER, here.text("acting.a_member")), *((payee, "") for payee in known)]


def keys(here: Visit) -> list[Option]:
    """The measures by which the surplus may be shared; "activity" stands for any of them."""
    law = here.state.statute.surplus.keys
    measures = ("hours", "deliveries") if "activity" in law else ()
    named = [k for k in dict.fromkeys((*measures, *law)) if k != "activity"]
    return [(k, words.term("key", k, here.lang)) for k in named]


def my_keys(here: Visit) -> list[Option]:
    return [
        (identity, identity)
        for identity, key in here.state.keys.items()
        if key.member == here.member and (key.until is None or key.until > here.now)
    ]


def charges(here: Visit) -> list[Option]:
    return [
        (str(p.charge), here.text("acting.charge", number=p.charge, member=p.number))
        for p in here.state.people.values()
        if p.charge is not None and p.member_at(here.now)
    ]


def endings(here: Visit) -> list[Option]:
    """What was entered from paper in this member's name and can still be undone."""
    return [
        (str(e.number), f"{e.number} · {words.act(e.kind, here.lang)}")
        for e in here.state.endings.values()
        if e.member == here.member and here.now < e.due
    ]


def assets(here: Visit) -> list[Option]:
    return [(a.name, a.name) for a in here.state.assets.values() if not a.disposed]


def assets_to_hand_over(here: Visit) -> list[Option]:
    found = here.state.assets.values()
    return [(a.name, a.name) for a in found if a.disposal and not a.disposed]


def statute_places(here: Visit) -> list[Option]:
    """Rules of the statute, each with its article: where a change can be made."""
    return [(f"{place}.", rule.article) for place, rule in here.state.statute.rules()]


def unused(here: Visit) -> list[Option]:
    """Votes that are open and in which nobody has voted."""
    return [
        (str(ballot.number), here.state.proposals[ballot.proposal].title)
        for assembly in here.state.assemblies.values()
        if assembly.vote is not None
        for ballot in [here.state.ballots[assembly.vote]]
        if not ballot.cast and not ballot.marked
    ]


def undecided(here: Visit, proposal: Proposal) -> bool:
    return proposal.undecided(here.now)


def dissentable(here: Visit, proposal: Proposal) -> bool:
    """Decided in an assembly whose minutes are not signed yet."""
    if proposal.outcome is None:
        return False
    ballot = here.state.ballots[proposal.outcome.vote]
    return here.state.assemblies[ballot.assembly].minutes is None


SOURCES: dict[str, Callable[[Visit], list[Option]]] = {
    "assembly": where(lambda state, a: a.closed_at is None),
    "sign-minutes.assembly": where(lambda state, a: a.closed_at is not None and a.minutes is None),
    "approve-minutes.assembly": where(
        lambda state, a: a.minutes is not None and not a.minutes_approved
    ),
    "resume.assembly": where(lambda state, a: a.adjourned_until is not None),
    "proposal": proposals(undecided),
    "amends": proposals(lambda here, p: undecided(here, p) and not p.amends),
    "withdraw.proposal": proposals(
        lambda here, p: undecided(here, p) and p.proposer == here.member
    ),
    "decision": proposals(lambda here, p: p.outcome is not None),
    "predecessor": proposals(lambda here, p: p.enacted_at is not None),
    "record-dissent.decision": proposals(dissentable),
    "enact.decision": stands("adopted"),
    "challenge.decision": stands("waiting"),
    "report-execution.decision": stands("in_force"),
    "accept-execution.decision": proposals(lambda here, p: p.reported_at is not None),
    "repeal.decision": stands("adopted", "waiting", "suspended", "in_force"),
    "confirm.decision": stands("suspended"),
    "vote.ballot": votes(False, "roll-call"),
    "count-hands.ballot": votes(False, "hands"),
    "cast-ballot.ballot": votes(True, "roll-call"),
    "count-ballots.ballot": votes(True, "hands", "papers"),
    "close-vote.ballot": roll_calls,
    "withdraw-vote.ballot": unused,
    "contest.count": counts,
    "item": items,
    "office": offices,
    "about": offices,
    "responsible": offices,
    "resign.office": my_offices,
    "petition": petitions,
    "complaint": complaints,
    "object-payment.payment": stoppable,
    "ending": endings,
    "payment": payments,
    "authorisation": authorisations,
    "permission": permissions,
    "debit": debits,
    "credit": credits_,
    "period": periods,
    "member_kind": member_kinds,
    "money": listed,
    "account": listed,
    "open-account.account": places_for_money,
    "line.account": any_account,
    "move-money.source": listed,
    "move-money.target": listed,
    "transfer.source": own_funds,
    "transfer.target": own_funds,
    "fund": funds,
    "line": lines,
    "receive.source": sources,
    "payee": payees,
    "deliver.product": products,
    "deliver.measure": measures,
    "key": keys,
    "revoke-key.key": my_keys,
    "charge": charges,
    "dispose-asset.name": assets,
    "hand-over-asset.name": assets_to_hand_over,
    "receive.asset": assets_to_hand_over,
    "change.place": statute_places,
}
"""Lists by field, or by "kind.field" where the field has another list in one kind."""
