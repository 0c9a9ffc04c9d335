"""The statute of a body, as data.

A statute says who may vote, how an assembly meets, which majority each matter needs, how a contest
is counted, which offices exist, where money lives and in which order a surplus is shared. Every
rule names its article and who checked it. Shapes only: `comuna.rules.pack` reads a pack, the rest
of `rules` applies it.

Fractions are written "2/3". Days are days, never months (a thirty-day notice across a long month is
otherwise disputed). All texts are `{"en": …, "es": …}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Status = Literal["verified", "seen", "draft"]
Text = dict[str, str]
Form = Literal["signed", "witnessed", "attested"]
Rounding = Literal["up", "half_even", "down"]


class Rule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What every rule carries: its article, and the law when it is not the pack's own.

    `articles` names the article of a single field where it is not the rule's: a field taken from
    the pack that this one extends, or one that the law puts elsewhere. Dates are "YYYY-MM-DD",
    both days included; empty means those of the pack.
    """

    article: str
    law: str = ""
    status: Status = "draft"
    valid_from: str = ""
    valid_until: str = ""
    note: str = ""
    articles: dict[str, str] = {}

    def article_of(self, field: str) -> str:
        """The article behind one field of this rule."""
        return self.articles.get(field, self.article)


class Source(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A text the pack rests on, and whether a person has read it there."""

    law: str
    gazette: str = ""
    checked: str = ""
    checked_by: str = ""
    status: Status = "draft"


class MemberKind(Rule, frozen=True, kw_only=True):
    """A kind of member: worker, consumer, collaborator, probationer, body…"""

    id: str
    title: Text
    votes: bool = True
    shares_surplus: bool = True
    holds_office: bool = True
    bodies: bool = False  # members of this kind are bodies, not persons


class Members(Rule, frozen=True, kw_only=True):
    """Who may belong, from what age a person votes, and what protects them from exclusion."""

    kinds: tuple[MemberKind, ...]
    founders_min: Annotated[int, Meta(ge=2, le=10_000)]
    voting_age: Annotated[int, Meta(ge=0, le=40)]
    # days between admission and the first vote
    vote_after_days: Annotated[int, Meta(ge=0, le=1_826)] = 0
    # days between the written charge and the vote on it
    exclusion_hearing_days: Annotated[int, Meta(ge=1, le=366)] = 15
    # kinship and interests are declared at least this often
    declaration_every_days: Annotated[int, Meta(ge=1, le=1_826)] = 366
    # between asking for a new key and its first use
    key_waiting_days: Annotated[int, Meta(ge=1, le=90)] = 7
    key_sponsors: Annotated[int, Meta(ge=3, le=20)] = 3


class PaperRules(Rule, frozen=True, kw_only=True):
    """What an act from paper rests on, beside the key of whoever holds `record-paper`.

    So many witnesses are named, none of them the one who acts nor of an office that enters paper,
    and so many of them sign with their own keys. What decides, pays, moves or ends something takes
    more keys, one of them of another office. What ends a person's right, seat, key or proposal in
    their name takes effect days after it was recorded, and until then they can undo it.
    """

    witnesses: Annotated[int, Meta(ge=2, le=20)] = 2
    keys: Annotated[int, Meta(ge=1, le=20)] = 1
    deciding_keys: Annotated[int, Meta(ge=2, le=20)] = 2
    undo_days: Annotated[int, Meta(ge=1, le=366)] = 7
    late_days: Annotated[int, Meta(ge=0, le=366)] = 15  # after the day on the paper


class Interests(Rule, frozen=True, kw_only=True):
    """What follows from a declared kinship or interest: it bars from one's own case while it is
    declared and so many days after it was withdrawn. `too_few` says what becomes of a vote for
    which fewer are left than have to take part: the body above decides, or a lot draws from those
    whom only kinship bars."""

    bars_after_days: Annotated[int, Meta(ge=1, le=3660)]
    too_few: Literal["above", "lot"]


class Quorum(Rule, frozen=True, kw_only=True):
    """How many must be there at one call: exactly one of the four ways, or a fraction and `count`
    with `least`, where the smaller number is enough (as "10 % of the votes or 100 votes").

    "Half plus one" of an odd base is read in two ways: of 47, `floor` needs 24 and `literal` 25.
    """

    call: Annotated[int, Meta(ge=1, le=10)]
    of: str  # the base: members, votes, residents_over_15, …
    at_least: str = ""  # fraction of the base, rounded up
    more_than: str = ""  # strictly more than this fraction
    half_plus_one: Literal["", "floor", "literal"] = ""
    count: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    least: bool = False
    gap_hours: Annotated[int, Meta(ge=1, le=2160)] = 1  # after the call before it failed


class Majority(Rule, frozen=True, kw_only=True):
    """Which share of which base carries a matter, and what a tie means.

    With `agreement` no share is counted: everyone present is heard by name, and it is carried when
    nobody still objects (`consent`), or no more than `minus` (`consensus`). A motion that is
    blocked is then rejected, or, where `tie` is repeat, put again once it is reworded.
    """

    matter: str  # "default" or a matter
    of: Literal["valid", "cast", "present", "roll"]
    more_than: str = ""
    at_least: str = ""
    tie: Literal["status-quo", "repeat", "chair", "lot"]
    quorum: str = ""  # a fraction of the roll that must be present for this matter
    approval_quorum: str = ""  # a fraction of the roll that must have said yes
    agreement: Literal["", "consensus", "consent"] = ""
    minus: Annotated[int, Meta(ge=0, le=1_000)] = 0
    participation: str = ""  # where this matter needs more to take part than others


class Count(Rule, frozen=True, kw_only=True):
    """How a decision among options is counted: one of the methods of `comuna.count`, and what it is
    told. A contest names this rule by its id; it is open to decisions in these `matters` only.

    `settings` are those of the method's page ("completion" = "add1", "guarantees" = "women:2").
    Ties end in a lot unless they are to be voted again. `marks` says what stands on a ballot, where
    the method reads more than one kind; points are limited each and in all.
    """

    id: str
    title: Text
    matters: tuple[str, ...]
    method: str
    settings: dict[str, str] = {}
    tie: Literal["lot", "repeat"] = "lot"
    marks: Literal["", "one", "several", "ranked", "points"] = ""
    points_max: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    points_total: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    options_max: Annotated[int, Meta(ge=0, le=1_000)] = 0
    participation: str = ""  # where this count needs more to take part than others
    ways: tuple[Literal["hands", "roll-call", "papers"], ...] = ("hands", "roll-call", "papers")


class Bar(Rule, frozen=True, kw_only=True):
    """Holders of these offices do not vote on these matters."""

    offices: tuple[str, ...]
    matters: tuple[str, ...]


class Assembly(Rule, frozen=True, kw_only=True):
    """How an assembly is called, opened, kept to its agenda and minuted.

    `participation` is the fraction of those present when a vote is opened who have to take part in
    it, also by a blank vote or an abstention: with fewer nothing is decided. After `silence_days`
    without an entry only an assembly with the quorum of the first call, of the roll as it was,
    wakes the body.
    """

    calls: tuple[Quorum, ...]
    notice_days: Annotated[int, Meta(ge=1, le=366)]
    notice_days_max: Annotated[int, Meta(ge=0, le=1_098)] = 0
    open_within_hours: Annotated[int, Meta(ge=1, le=72)] = 3  # of the hour of each call
    open_within_days: Annotated[int, Meta(ge=1, le=366)] = 100  # of the call
    wait_minutes: Annotated[int, Meta(ge=1, le=720)] = 30  # before a call has failed
    silence_days: Annotated[int, Meta(ge=90, le=3660)] = 365  # then the body is asleep
    second_reading: bool = False  # what an amendment widens is voted by a later assembly
    callers: str = "1/5"  # fraction of the roll that may call one when those in office do not
    off_agenda: tuple[str, ...] = ()  # matters that may be decided though not on the agenda
    participation: str
    vote_minutes: Annotated[int, Meta(ge=1, le=1440)] = 15  # the least until a fixed hour
    tellers: Annotated[int, Meta(ge=2, le=100)] = 2
    minutes_signers: Annotated[int, Meta(ge=2, le=100)] = 2
    barred: tuple[Bar, ...] = ()


class Decisions(Rule, frozen=True, kw_only=True):
    """What happens between a vote and its execution."""

    # nothing is executed before this has passed
    challenge_hours: Annotated[int, Meta(ge=24, le=2_160)] = 48
    suspend_support: str = "1/10"  # of the roll: so many challenges suspend the decision
    # an adopted decision nobody executed by then lapses
    execution_days: Annotated[int, Meta(ge=30, le=3_660)] = 365


class Recall(Rule, frozen=True, kw_only=True):
    """How an office is taken back. Clocks in days."""

    petition: str  # fraction of the roll
    half_term: bool = False  # only after half of the term
    report_days: Annotated[int, Meta(ge=1, le=366)] = 15
    convene_days: Annotated[int, Meta(ge=1, le=366)] = 15
    hearing_days: Annotated[int, Meta(ge=0, le=366)] = 0
    # how long the recalled may not stand again
    barred_days: Annotated[int, Meta(ge=0, le=7_320)] = 0


class Office(Rule, frozen=True, kw_only=True):
    """An office, and what its holders may do while their mandate lasts."""

    id: str
    title: Text
    seats: Annotated[int, Meta(ge=1, le=1_000)]
    alternates: Annotated[int, Meta(ge=0, le=1_000)] = 0
    term_days: Annotated[int, Meta(ge=30, le=7_320)]
    terms_max: Annotated[int, Meta(ge=0, le=100)] = 0  # 0: re-election without limit
    powers: tuple[str, ...]
    choose: Literal["election", "lot"] = "election"
    age_min: Annotated[int, Meta(ge=0, le=40)] = 0
    incompatible: tuple[str, ...] = ()
    # degree of kinship barred between holders of incompatible offices
    kinship_bar: Annotated[int, Meta(ge=0, le=10)] = 0
    renew_at_least: str = ""  # fraction of the seats that must change at each election
    recall: Recall | None = None  # a pack's own `[recall]` stands for every office without one


class Fund(Rule, frozen=True, kw_only=True):
    """A purse with its own balance. `use` is the matter under which the assembly opens it."""

    id: str
    title: Text
    indivisible: bool = False
    liquid: bool = False  # must be covered by money, not by things
    use: str = "authorise"


class Account(Rule, frozen=True, kw_only=True):
    """A line of the chart of accounts."""

    id: str
    title: Text
    group: Literal["means", "obligations", "funds", "income", "costs"]
    money: bool = False  # a place where money is: cash box, bank


class Treasury(Rule, frozen=True, kw_only=True):
    """The chart, the funds, and how many sign a payment."""

    accounts: tuple[Account, ...]
    funds: tuple[Fund, ...]
    signatures: Annotated[int, Meta(ge=2, le=100)]
    # the payee may not be kin of a signer up to this degree
    kinship_bar: Annotated[int, Meta(ge=1, le=10)] = 2
    inalienable: tuple[str, ...] = ()  # classes of assets that can never be sold
    receipt_required: bool = True
    objection_hours: Annotated[int, Meta(ge=1, le=720)] = 24  # between approval and payment
    correction_days: Annotated[int, Meta(ge=1, le=90)] = 15  # in which an entry is mended
    # of what the body has: what two may enter in a month that moves the result, or as income from
    # one payer …
    entry_share: str = "1/20"
    income_share: str = "1/2"  # … and as income from all together


SHARES_MOST = {"entry_share": Fraction(1, 4), "income_share": Fraction(1)}
"""More than nothing, and at most so much, is what two may enter without the members."""


class Production(Rule, frozen=True, kw_only=True):
    """What members put in: how much of a day a person can have worked, how many days after their
    date hours and deliveries are still entered, and how the value of a delivery is rounded."""

    minutes_a_day: Annotated[int, Meta(ge=1, le=1440)]
    late_days: Annotated[int, Meta(ge=0, le=366)]
    rounding: Rounding


class Deduction(Rule, frozen=True, kw_only=True):
    """What is deducted before the surplus is shared, and from which results, in this order."""

    order: tuple[str, ...]


class Reduction(Rule, frozen=True, kw_only=True):
    """A lower floor that the assembly may choose while a fund is below a part of the capital."""

    share: str
    fund: str
    below: str  # a fraction of the capital


class Joint(Rule, frozen=True, kw_only=True):
    """A floor for this step and an earlier one together."""

    step: str  # the earlier step
    share: str  # of the base of this step


class Step(Rule, frozen=True, kw_only=True):
    """One step of the waterfall: so much of this base goes to that fund.

    `share` is a fraction of `base`. `rate` says how it binds: a floor (rounded up; the assembly may
    give more), a ceiling (rounded down), exact (to the nearest, the middle to the even), `rest`
    (everything that remains, unless the assembly decides otherwise), or `open`: only the assembly
    says how much. A fund that reached its cap asks for no more.
    `months_present` or `months_seniority`: whoever has neither gets nothing of what goes to people.
    """

    id: str
    fund: str  # a fund, or "members", "workers" (members or not), "capital"
    base: str
    share: str = ""
    rate: Literal["at_least", "at_most", "exactly", "rest", "open"]
    cap_share: str = ""  # the fund needs no more than this part …
    cap_of: Literal["", "capital", "highest_capital", "monthly_cost"] = ""  # … of that
    reduction: Reduction | None = None
    joint: Joint | None = None
    not_above: str = ""  # the step whose amount this one may not exceed
    condition: Literal["", "losses_compensated", "result_positive", "solvent"] = ""
    months_present: Annotated[int, Meta(ge=0, le=1_200)] = 0
    months_seniority: Annotated[int, Meta(ge=0, le=1_200)] = 0


class Loss(Rule, frozen=True, kw_only=True):
    """Who bears a loss, in order: `covers` as far as the fund reaches and up to `share` of the
    loss, `rest` (whatever is left), or `open`: only the assembly says how much."""

    id: str
    source: str  # a fund, "members" or "prior_losses"
    rate: Literal["covers", "rest", "open"]
    share: str = "1"


class Contribution(Rule, frozen=True, kw_only=True):
    """What becomes of the contribution a member brings when joining."""

    fund: str  # the fund that keeps `share` of it for good
    share: str
    interest: str = ""  # yearly, on the part in the member's account


class Surplus(Rule, frozen=True, kw_only=True):
    """The order in which a surplus is shared, and how a loss is borne.

    `apart` names results kept apart from what members share ("non_member_result",
    "extraordinary_result", or "outside_result" for both together). `keys` are the measures by which
    what goes to people may be shared: names of measures, or "activity" for any measure of what a
    member did with the body; "equal" and "contributions" only where named.
    """

    prior_losses: Deduction
    tax: Deduction
    apart: tuple[str, ...] = ()
    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]
    keys: tuple[str, ...]
    ties: Literal["member_order"]
    seniority_coefficient_max: str = ""
    advances: Literal["none", "costs", "prepayments"] = "costs"
    contribution: Contribution | None = None
    pay_within_days: Annotated[int, Meta(ge=0, le=3_660)] = 0  # after the end of the year
    cash_share: str = ""  # at least so much of each allocation is paid in money …
    # … and the rest within this time
    retained_within_days: Annotated[int, Meta(ge=0, le=36_600)] = 0
    unclaimed_days: Annotated[int, Meta(ge=0, le=36_600)] = 0


class Oversight(Rule, frozen=True, kw_only=True):
    """Clocks of social oversight."""

    answer_days: Annotated[int, Meta(ge=1, le=366)]
    accounts_days: Annotated[int, Meta(ge=1, le=366)]  # to render accounts once asked
    accounts_every_days: Annotated[int, Meta(ge=1, le=1_830)] = 366


class AcceptedForms(Rule, frozen=True, kw_only=True):
    """The forms of authorship accepted for these acts ("*" is every act not named elsewhere)."""

    acts: tuple[str, ...]
    forms: tuple[Form, ...]


class Statute(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A whole statute, complete enough for a body to live under."""

    id: str
    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    title: Text
    law: str
    place: str = ""
    valid_from: str
    valid_until: str = ""
    sources: tuple[Source, ...]
    authorship: tuple[AcceptedForms, ...]
    paper: PaperRules
    members: Members
    interests: Interests
    assembly: Assembly
    majorities: tuple[Majority, ...]
    decisions: Decisions
    offices: tuple[Office, ...]
    treasury: Treasury
    production: Production
    surplus: Surplus
    oversight: Oversight
    counts: tuple[Count, ...] = ()

    @property
    def draft(self) -> bool:
        """Whether any rule rests on a text that nobody has read at its source."""
        return any(rule.status == "draft" for _, rule in self.rules())

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Every rule with its place ("surplus.steps.reserve"), in the order of the statute."""
        for name in self.__struct_fields__:
            yield from _rules(name, getattr(self, name))

    def forms(self, kind: str) -> tuple[Form, ...]:
        """The forms of authorship accepted for acts of this kind."""
        general: tuple[Form, ...] = ()
        for rule in self.authorship:
            if kind in rule.acts:
                return rule.forms
            if "*" in rule.acts:
                general = rule.forms
        return general

    def majority(self, matter: str) -> Majority:
        """The majority a matter needs; the default one when the statute does not single it out."""
        by_matter = {m.matter: m for m in self.majorities}
        return by_matter.get(matter) or by_matter["default"]

    def office(self, office: str) -> Office | None:
        return next((o for o in self.offices if o.id == office), None)

    def count(self, count: str) -> Count | None:
        return next((c for c in self.counts if c.id == count), None)

    def fund(self, fund: str) -> Fund | None:
        return next((f for f in self.treasury.funds if f.id == fund), None)

    def account(self, account: str) -> Account | None:
        return next((a for a in self.treasury.accounts if a.id == account), None)

    def member_kind(self, kind: str) -> MemberKind | None:
        return next((k for k in self.members.kinds if k.id == kind), None)

    def call(self, number: int) -> Quorum | None:
        """The rule for a call; None when the statute knows no call of that number."""
        return next((c for c in self.assembly.calls if c.call == number), None)


def _rules(place: str, value: object) -> Iterator[tuple[str, Rule]]:
    if isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            name = getattr(item, "id", "") or getattr(item, "matter", "") or str(number)
            yield from _rules(f"{place}.{name}", item)
    elif isinstance(value, Rule):
        yield place, value
        for name in value.__struct_fields__:
            yield from _rules(f"{place}.{name}", getattr(value, name))


_EXACT = re.compile(r"-?[0-9]{1,18}(/[0-9]{1,18}|\.[0-9]{1,18})?")


def exact(text: str) -> Fraction:
    """ "2/3", "37.5" or "6" as a fraction. Raises ValueError, also for "1e9": a few characters more
    would name a number too large for any memory."""
    if not _EXACT.fullmatch(text):
        raise ValueError(f'a number such as "2/3", "37.5" or "6" is meant, not {text[:40]!r}')
    return Fraction(text)


def fraction(text: str) -> Fraction:
    """ "2/3" → Fraction(2, 3). Raises ValueError for anything else than a fraction in [0, 1]."""
    value = exact(text)
    if not 0 <= value <= 1:
        raise ValueError(f"a fraction between 0 and 1 is meant, not {text!r}")
    return value
