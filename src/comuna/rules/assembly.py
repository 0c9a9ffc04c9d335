"""The assembly: call and notice, quorum by call, presence, the cultural opening, turns to speak,
adjournment, minutes. Votes are in `vote`."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any, ClassVar, Literal

from comuna.rules.act import (
    Act,
    Effect,
    Entry,
    Fact,
    Paper,
    Shape,
    enacts,
    judges,
    prepares,
    require,
)
from comuna.rules.authorship import cosigners
from comuna.rules.names import check_moment, legible
from comuna.rules.quorum import required
from comuna.rules.state import DAY, Assembly, Item, State

FEWEST = 3
"""With fewer no assembly opens, whatever its statute asks for."""


class AgendaItem(Shape, frozen=True, kw_only=True):
    """A line of the agenda. The first is the cultural opening; a decision names its proposal."""

    title: str
    purpose: Literal["opening", "information", "debate", "decision"]
    proposal: int = 0


class CallAssembly(Act, frozen=True, kw_only=True, tag="call-assembly"):
    """Call an assembly: by a mandate, or by the statute's share of the members signing together."""

    wakes: ClassVar[bool] = True
    deciding: ClassVar[bool] = True
    starts_at: int
    place: str
    agenda: tuple[AgendaItem, ...]
    extraordinary: bool = False


class GiveNotice(Act, frozen=True, kw_only=True, tag="give-notice"):
    """Evidence that the call reached people: by which way, how many, and the paper or photo."""

    wakes: ClassVar[bool] = True
    assembly: int
    channel: str
    reached: int
    evidence: Paper | None = None


class CheckIn(Act, frozen=True, kw_only=True, tag="check-in"):
    """Members arrive. One enters oneself; those who tell or keep paper enter others, on a sheet
    that somebody there, who is not of their office, signs too."""

    wakes: ClassVar[bool] = True
    assembly: int
    members: tuple[int, ...]


class CheckOut(Act, frozen=True, kw_only=True, tag="check-out"):
    """Members go; from then on the quorum is counted without them."""

    wakes: ClassVar[bool] = True
    assembly: int
    members: tuple[int, ...]


class RecordNoQuorum(Act, frozen=True, kw_only=True, tag="record-no-quorum"):
    """A call found too few; the next call may follow after the statute's gap."""

    wakes: ClassVar[bool] = True
    assembly: int


class OpenAssembly(Act, frozen=True, kw_only=True, tag="open-assembly"):
    """Open with quorum, reading the last checkpoint aloud: the size of the book and the first 12
    characters of its root, as everyone wrote them down when the assembly before had closed."""

    wakes: ClassVar[bool] = True
    assembly: int
    size: int
    root: str


class CulturalOpening(Act, frozen=True, kw_only=True, tag="cultural-opening"):
    """The first item: song, drum, words of an elder. Photos and recordings by fingerprint."""

    wakes: ClassVar[bool] = True
    assembly: int
    title: str
    evidence: tuple[Paper, ...] = ()


class TakeItem(Act, frozen=True, kw_only=True, tag="take-item"):
    """The assembly turns to an item of its agenda (counted from 0)."""

    wakes: ClassVar[bool] = True
    assembly: int
    item: int


class AskTurn(Act, frozen=True, kw_only=True, tag="ask-turn"):
    """A member asks to speak."""

    wakes: ClassVar[bool] = True
    assembly: int


class GiveTurn(Act, frozen=True, kw_only=True, tag="give-turn"):
    """The chair gives the floor; who spoke before has finished."""

    wakes: ClassVar[bool] = True
    assembly: int
    member: int


class Adjourn(Act, frozen=True, kw_only=True, tag="adjourn"):
    """Interrupt until a later moment; the agenda stays as it was called."""

    wakes: ClassVar[bool] = True
    assembly: int
    until: int


class Resume(Act, frozen=True, kw_only=True, tag="resume"):
    """Go on after an adjournment, with the quorum of the call that was opened."""

    wakes: ClassVar[bool] = True
    assembly: int


class CloseAssembly(Act, frozen=True, kw_only=True, tag="close-assembly"):
    """Close the assembly."""

    wakes: ClassVar[bool] = True
    assembly: int


class SignMinutes(Act, frozen=True, kw_only=True, tag="sign-minutes"):
    """The minutes, generated from the acts, signed by the chair and the statute's signers.
    `paper` is the fingerprint of the printed text; `remarks` are what the acts do not say."""

    wakes: ClassVar[bool] = True
    assembly: int
    paper: Paper
    remarks: str = ""


# --- facts ------------------------------------------------------------------------------------


class AssemblyCalled(Fact, frozen=True):
    assembly: int
    at: int  # when it was recorded: notice counts from then
    by: int
    starts_at: int
    place: str
    extraordinary: bool
    agenda: tuple[AgendaItem, ...]

    def apply(self, state: State) -> None:
        items = [Item(i.title, i.purpose, i.proposal) for i in self.agenda]
        state.assemblies[self.assembly] = Assembly(
            self.assembly, self.at, self.starts_at, items, self.by, clock=self.at
        )
        for item in items:
            if item.proposal:
                state.proposals[item.proposal].assembly = self.assembly


class NoticeGiven(Fact, frozen=True):
    assembly: int
    channel: str
    reached: int
    evidence: bool
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        if self.evidence:
            assembly.reached = max(assembly.reached, self.reached)


class CheckedIn(Fact, frozen=True):
    assembly: int
    members: tuple[int, ...]
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        assembly.present.update(self.members)
        assembly.attended.update(self.members)
        assembly.sent_out.difference_update(self.members)
        state.where.update(dict.fromkeys(self.members, self.assembly))
        assembly.clock = self.at


class VotersReturned(Fact, frozen=True):
    """Whom others had sent out, or an adjournment, came back while a vote was open: they vote in
    it. `entitled` and `present` are those of the vote from now on."""

    ballot: int
    members: frozenset[int]
    entitled: frozenset[int]
    present: int

    def apply(self, state: State) -> None:
        ballot = state.ballots[self.ballot]
        ballot.entitled, ballot.present = self.entitled, self.present


class CheckedOut(Fact, frozen=True):
    assembly: int
    members: tuple[int, ...]
    by_others: bool
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        leave(state, assembly, set(self.members))
        if self.by_others:
            assembly.sent_out.update(self.members)
        assembly.clock = self.at


class CallFailed(Fact, frozen=True):
    assembly: int
    call: int
    present: int
    required: int
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        assembly.failed_calls[self.call] = self.at
        assembly.clock = self.at


class AssemblyOpened(Fact, frozen=True):
    assembly: int
    call: int
    present: int
    required: int
    size: int
    root: str
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        assembly.call, assembly.opened_at, assembly.clock = self.call, self.at, self.at


class ItemTaken(Fact, frozen=True):
    assembly: int
    item: int
    title: str
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        assembly.agenda[self.item].taken_at = self.at
        assembly.taken, assembly.clock = self.item, self.at


class TurnAsked(Fact, frozen=True):
    assembly: int
    member: int
    at: int

    def apply(self, state: State) -> None:
        state.assemblies[self.assembly].turns.append(self.member)


class TurnGiven(Fact, frozen=True):
    assembly: int
    member: int
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        if self.member in assembly.turns:
            assembly.turns.remove(self.member)
        assembly.clock = self.at


class Adjourned(Fact, frozen=True):
    assembly: int
    until: int
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        assembly.adjourned_until, assembly.clock = self.until, self.at
        assembly.sent_out |= assembly.present
        leave(state, assembly, set(assembly.present))


class Resumed(Fact, frozen=True):
    assembly: int
    at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        assembly.adjourned_until, assembly.clock = None, self.at


class AssemblyClosed(Fact, frozen=True):
    assembly: int
    at: int
    number: int
    recorded_at: int

    def apply(self, state: State) -> None:
        assembly = state.assemblies[self.assembly]
        assembly.closed_at, assembly.clock = self.at, self.at
        leave(state, assembly, set(assembly.present))
        if assembly.opened_at is not None:
            state.closings.append((self.recorded_at, self.number))
            state.asleep = None


class MinutesSigned(Fact, frozen=True):
    assembly: int
    minutes: int
    signers: tuple[int, ...]
    sha256: str
    remarks: str
    at: int

    def apply(self, state: State) -> None:
        state.assemblies[self.assembly].minutes = self.minutes


class MinutesApproved(Fact, frozen=True):
    assembly: int
    decision: int

    def apply(self, state: State) -> None:
        state.assemblies[self.assembly].minutes_approved = True


class FellAsleep(Fact, frozen=True):
    """The statute's time of silence has passed: only an assembly of the roll as it was wakes the
    body."""

    roll: frozenset[int]
    since: int

    def apply(self, state: State) -> None:
        state.asleep = self.roll


# --- what several judgements share ------------------------------------------------------------


def leave(state: State, assembly: Assembly, members: set[int]) -> None:
    """They are not in the room any more."""
    assembly.present -= members
    for member in members:
        state.where.pop(member, None)


def fallen_asleep(state: State, entry: Entry[Any]) -> list[Fact]:
    """What an entry after the statute's time of silence finds. Raises Refused unless it belongs to
    calling and holding an assembly: a body that was left is not taken over by the few who come
    back."""
    law = state.statute.assembly
    if state.asleep is None and entry.at - state.now <= law.silence_days * DAY:
        return []
    require(entry.act.wakes, "body_asleep", law.article, days=law.silence_days)
    return [FellAsleep(state.roll(state.now), state.now)] if state.asleep is None else []


def known_assembly(state: State, number: int) -> Assembly:
    assembly = state.assemblies.get(number)
    require(assembly is not None, "assembly_unknown", assembly=number)
    assert assembly is not None
    return assembly


def meeting(state: State, entry: Entry[Any], number: int) -> Assembly:
    """The assembly, called and not closed, with an act that does not go back in its time."""
    assembly = known_assembly(state, number)
    require(assembly.closed_at is None, "assembly_closed", assembly=number)
    require(entry.when >= assembly.clock, "assembly_time_backwards", assembly=number)
    return assembly


def in_session(state: State, entry: Entry[Any], number: int) -> Assembly:
    """The assembly, open and not adjourned."""
    assembly = meeting(state, entry, number)
    require(assembly.opened_at is not None, "assembly_not_open", assembly=number)
    require(assembly.adjourned_until is None, "assembly_adjourned", assembly=number)
    return assembly


def voters_present(state: State, assembly: Assembly, when: int) -> int:
    """How many voters are there; in a body asleep, of the roll as it was."""
    present = assembly.present if state.asleep is None else assembly.present & state.asleep
    return sum(state.may_vote(m, when) for m in present)


def quorum_needed(state: State, call: int, when: int) -> tuple[int, str]:
    """How many voters this call needs, and the article that says so. A body asleep is woken at no
    call by fewer than the first needs, of the roll as it was. Where the law is content with whoever
    comes, three have to come, or all who may vote: what two could decide between them is no
    assembly."""
    rule = state.statute_on(when).call(call if state.asleep is None else 1)
    require(rule is not None, "no_further_call", state.statute.assembly.article, call=call)
    assert rule is not None
    roll = len(state.roll(when) if state.asleep is None else state.asleep)
    # Where nobody may vote yet, one who could would have to be there.
    return max(required(rule, max(1, roll)), min(FEWEST, roll)), rule.article


def check_quorum(state: State, assembly: Assembly, call: int, when: int) -> tuple[int, int]:
    """Refuse unless enough voters are present; gives (present, needed)."""
    present = voters_present(state, assembly, when)
    needed, article = quorum_needed(state, call, when)
    require(present >= needed, "no_quorum", article, present=present, needed=needed, call=call)
    return present, needed


# --- judgements -------------------------------------------------------------------------------


@judges(CallAssembly)
def call_assembly(state: State, entry: Entry[CallAssembly], act: CallAssembly) -> list[Fact]:
    check_callers(state, entry)
    check_moment(act.starts_at)
    law = state.statute.assembly
    days = (act.starts_at - entry.at) // DAY
    require(
        act.starts_at - entry.at >= law.notice_days * DAY,
        "notice_too_short",
        law.article,
        needed=law.notice_days,
        given=days,
    )
    require(
        not law.notice_days_max or days <= law.notice_days_max,
        "notice_too_long",
        law.article,
        allowed=law.notice_days_max,
        given=days,
    )
    require(legible(act.place), "place_missing")
    check_agenda(state, act.agenda, entry.at)
    return [
        AssemblyCalled(
            entry.number,
            entry.at,
            entry.by.member,
            act.starts_at,
            act.place,
            act.extraordinary,
            act.agenda,
        )
    ]


def check_callers(state: State, entry: Entry[Any]) -> None:
    """Those with the mandate call; otherwise the statute's share of the roll, all signing."""
    if state.holds(entry.by.member, "call-assembly", entry.when):
        return
    law = state.statute.assembly
    callers = {m for m in cosigners(entry) if state.may_vote(m, entry.at)}
    needed = max(1, ceil(Fraction(law.callers) * len(state.roll(entry.at))))
    require(
        len(callers) >= needed, "too_few_callers", law.article, needed=needed, given=len(callers)
    )


def check_agenda(state: State, agenda: tuple[AgendaItem, ...], when: int) -> None:
    """The cultural opening comes first; every item for decision names an undecided proposal."""
    require(agenda and agenda[0].purpose == "opening", "opening_is_first_item")
    named = [i.proposal for i in agenda if i.proposal]
    require(len(set(named)) == len(named), "proposal_twice_on_agenda")
    for item in agenda:
        require(legible(item.title), "item_without_title")
        require(
            (item.purpose == "decision") == bool(item.proposal),
            "decision_item_needs_proposal",
            item=item.title,
        )
        if item.proposal:
            proposal = state.proposals.get(item.proposal)
            require(proposal is not None, "proposal_unknown", proposal=item.proposal)
            assert proposal is not None
            require(proposal.undecided(when), "proposal_already_decided", proposal=item.proposal)


@judges(GiveNotice)
def give_notice(state: State, entry: Entry[GiveNotice], act: GiveNotice) -> list[Fact]:
    assembly = known_assembly(state, act.assembly)
    require(entry.when <= assembly.starts_at, "notice_after_the_assembly")
    require(act.reached >= 0 and act.channel.strip(), "notice_malformed")
    evidence = act.evidence is not None
    return [NoticeGiven(act.assembly, act.channel, act.reached, evidence, entry.when)]


@judges(CheckIn)
def check_in(state: State, entry: Entry[CheckIn], act: CheckIn) -> list[Fact]:
    assembly = meeting(state, entry, act.assembly)
    check_may_enter(state, entry, assembly, act.members)
    require(entry.when >= assembly.starts_at - DAY, "check_in_too_early")
    for member in act.members:
        person = state.people.get(member)
        require(person is not None and person.member_at(entry.when), "not_a_member", member=member)
        require(member not in assembly.present, "checked_in_twice", member=member)
        elsewhere = state.where.get(member, 0)
        require(not elsewhere, "present_elsewhere", member=member, assembly=elsewhere)
    back = returned(state, assembly, act.members, entry.when)
    return [CheckedIn(act.assembly, act.members, entry.when), *back]


def returned(state: State, assembly: Assembly, members: tuple[int, ...], when: int) -> list[Fact]:
    """Whom others had sent out before a vote was opened votes in it on coming back."""
    ballot = state.ballots[assembly.vote] if assembly.vote is not None else None
    back = assembly.sent_out.intersection(members)
    if ballot is None or not back:
        return []
    new = {m for m in back - ballot.entitled - ballot.barred if state.may_vote(m, when)}
    if not new:
        return []
    entitled = ballot.entitled | new
    return [
        VotersReturned(ballot.number, frozenset(new), entitled, ballot.present + len(new)),
    ]


@judges(CheckOut)
def check_out(state: State, entry: Entry[CheckOut], act: CheckOut) -> list[Fact]:
    assembly = meeting(state, entry, act.assembly)
    check_may_enter(state, entry, assembly, act.members)
    for member in act.members:
        require(member in assembly.present, "not_present", member=member)
    own = act.members == (entry.by.member,) and entry.by.form == "signed"
    return [CheckedOut(act.assembly, act.members, not own, entry.when)]


def check_may_enter(
    state: State, entry: Entry[Any], assembly: Assembly, members: tuple[int, ...]
) -> None:
    """One enters oneself. Others are entered by whoever tells or keeps paper, and somebody who is
    there, or on the sheet, and holds no office together with them, signs the sheet too."""
    require(members and len(set(members)) == len(members), "members_listed_twice")
    author, when = entry.by.member, entry.when
    if members == (author,):
        return
    keeps = any(state.holds(author, power, when) for power in ("tell", "record-paper"))
    require(keeps, "no_mandate", power="tell", member=author)
    there = (cosigners(entry) - {author}) & (assembly.present | set(members))
    held = state.offices(author, entry.at)
    confirmed = any(not state.offices(member, entry.at) & held for member in there)
    require(confirmed, "presence_unconfirmed")


@judges(RecordNoQuorum)
def record_no_quorum(state: State, entry: Entry[RecordNoQuorum], act: RecordNoQuorum) -> list[Fact]:
    assembly = meeting(state, entry, act.assembly)
    check_presides(state, entry, assembly)
    require(assembly.opened_at is None, "assembly_open_already", assembly=act.assembly)
    call = len(assembly.failed_calls) + 1
    check_hour(state, assembly, call, entry.when)
    law = state.statute.assembly
    require(
        entry.when >= hour_of(state, assembly, call) + law.wait_minutes * 60,
        "call_still_waits",
        law.article,
        minutes=law.wait_minutes,
    )
    present = voters_present(state, assembly, entry.when)
    needed, article = quorum_needed(state, call, entry.when)
    require(present < needed, "quorum_is_there", article, present=present, needed=needed)
    return [CallFailed(act.assembly, call, present, needed, entry.when)]


def check_presides(state: State, entry: Entry[Any], assembly: Assembly) -> None:
    """The chair, or in their absence the secretary, keeps the assembly going. Where a body fell
    asleep and every such mandate has ended, whoever called the assembly does."""
    member, when = entry.by.member, entry.when
    keeps = any(state.holds(member, power, when) for power in KEEPING)
    if not keeps and state.asleep is not None and member == assembly.called_by:
        keeps = not any(state.holds(m, power, when) for m in state.mandates for power in KEEPING)
    require(keeps, "no_mandate", power="preside", member=member)


KEEPING = ("preside", "record-paper")
"""The powers by which an assembly is kept going."""


def hour_of(state: State, assembly: Assembly, call: int) -> int:
    """The moment for which this call is: the hour of the assembly, or the statute's gap after the
    call before it had failed."""
    rule = state.statute.call(call)
    if rule is None or call == 1:
        return assembly.starts_at
    return assembly.failed_calls[call - 1] + rule.gap_hours * 3600


def last_hour(state: State, assembly: Assembly, call: int) -> int:
    """Until when this call may still be opened."""
    law = state.statute.assembly
    return min(
        hour_of(state, assembly, call) + law.open_within_hours * 3600,
        assembly.called_at + law.open_within_days * DAY,
    )


def check_hour(state: State, assembly: Assembly, call: int, when: int) -> None:
    """A call is opened, or found to have failed, at its hour and not long after: who came for it
    has gone home by then."""
    require(when >= assembly.starts_at, "before_its_call", starts_at=assembly.starts_at)
    rule, law = state.statute.call(call), state.statute.assembly
    if rule is not None and call > 1:
        opens = hour_of(state, assembly, call)
        require(when >= opens, "call_too_soon", rule.article, call=call, hours=rule.gap_hours)
    until = last_hour(state, assembly, call)
    require(when <= until, "call_over", law.article, call=call, until=until)


@judges(OpenAssembly)
def open_assembly(state: State, entry: Entry[OpenAssembly], act: OpenAssembly) -> list[Fact]:
    """The clerk has compared `root` with the root of the first `size` entries of the book."""
    assembly = meeting(state, entry, act.assembly)
    check_presides(state, entry, assembly)
    require(assembly.opened_at is None, "assembly_open_already", assembly=act.assembly)
    call = len(assembly.failed_calls) + 1
    check_hour(state, assembly, call, entry.when)
    check_reading(state, act.size, entry.when)
    check_everyone_told(state, assembly)
    present, needed = check_quorum(state, assembly, call, entry.when)
    return [
        AssemblyOpened(act.assembly, call, present, needed, act.size, act.root, entry.when),
    ]


def check_everyone_told(state: State, assembly: Assembly) -> None:
    """A body asleep is woken once notice of the call had reached everyone on the roll as it was."""
    if state.asleep is not None:
        require(
            assembly.reached >= len(state.asleep),
            "notice_to_all_missing",
            state.statute.assembly.article,
            reached=assembly.reached,
            roll=len(state.asleep),
        )


def check_reading(state: State, size: int, when: int) -> None:
    """What is read is no older than the closing of the last assembly held, as the book knew it at
    that moment: what was written down then is what is held against the book now."""
    require(1 <= size <= state.head, "checkpoint_not_of_this_book", size=size)
    closing = state.last_closing(when)
    require(size >= closing, "older_checkpoint_read", size=size, needed=closing)


@judges(CulturalOpening)
def cultural_opening(
    state: State, entry: Entry[CulturalOpening], act: CulturalOpening
) -> list[Fact]:
    in_session(state, entry, act.assembly)
    require(act.title.strip(), "text_missing")
    return [ItemTaken(act.assembly, 0, act.title, entry.when)]


@judges(TakeItem)
def take_item(state: State, entry: Entry[TakeItem], act: TakeItem) -> list[Fact]:
    assembly = in_session(state, entry, act.assembly)
    check_presides(state, entry, assembly)
    require(assembly.vote is None, "vote_still_open", vote=assembly.vote)
    require(0 < act.item < len(assembly.agenda), "item_unknown", item=act.item)
    return [ItemTaken(act.assembly, act.item, assembly.agenda[act.item].title, entry.when)]


@judges(AskTurn)
def ask_turn(state: State, entry: Entry[AskTurn], act: AskTurn) -> list[Fact]:
    assembly = in_session(state, entry, act.assembly)
    member = entry.by.member
    require(member in assembly.present, "not_present", member=member)
    require(member not in assembly.turns, "turn_asked_already", member=member)
    return [TurnAsked(act.assembly, member, entry.when)]


@judges(GiveTurn)
def give_turn(state: State, entry: Entry[GiveTurn], act: GiveTurn) -> list[Fact]:
    assembly = in_session(state, entry, act.assembly)
    check_presides(state, entry, assembly)
    require(act.member in assembly.present, "not_present", member=act.member)
    return [TurnGiven(act.assembly, act.member, entry.when)]


@judges(Adjourn)
def adjourn(state: State, entry: Entry[Adjourn], act: Adjourn) -> list[Fact]:
    assembly = in_session(state, entry, act.assembly)
    check_presides(state, entry, assembly)
    require(assembly.vote is None, "vote_still_open", vote=assembly.vote)
    check_moment(act.until)
    require(act.until > entry.when, "adjourned_into_the_past")
    law = state.statute.assembly
    latest = assembly.called_at + law.open_within_days * DAY
    require(act.until <= latest, "adjourned_too_long", law.article, until=latest)
    return [Adjourned(act.assembly, act.until, entry.when)]


@judges(Resume)
def resume(state: State, entry: Entry[Resume], act: Resume) -> list[Fact]:
    assembly = meeting(state, entry, act.assembly)
    check_presides(state, entry, assembly)
    require(assembly.adjourned_until is not None, "not_adjourned", assembly=act.assembly)
    assert assembly.adjourned_until is not None
    require(
        entry.when >= assembly.adjourned_until,
        "before_its_call",
        starts_at=assembly.adjourned_until,
    )
    law = state.statute.assembly
    until = assembly.adjourned_until + law.open_within_hours * 3600
    require(entry.when <= until, "call_over", law.article, call=assembly.call, until=until)
    check_quorum(state, assembly, assembly.call, entry.when)
    return [Resumed(act.assembly, entry.when)]


@judges(CloseAssembly)
def close_assembly(state: State, entry: Entry[CloseAssembly], act: CloseAssembly) -> list[Fact]:
    assembly = meeting(state, entry, act.assembly)
    check_presides(state, entry, assembly)
    require(assembly.vote is None, "vote_still_open", vote=assembly.vote)
    require(
        assembly.opened_at is not None
        or assembly.failed_calls
        or entry.when > last_hour(state, assembly, 1),
        "assembly_not_held",
        assembly=act.assembly,
    )
    return [AssemblyClosed(act.assembly, entry.when, entry.number, entry.at)]


@judges(SignMinutes)
def sign_minutes(state: State, entry: Entry[SignMinutes], act: SignMinutes) -> list[Fact]:
    assembly = known_assembly(state, act.assembly)
    law = state.statute.assembly
    require(assembly.closed_at is not None, "assembly_not_closed", assembly=act.assembly)
    require(assembly.minutes is None, "minutes_signed_already", assembly=act.assembly)
    check_presides(state, entry, assembly)
    signers = sorted(cosigners(entry) & assembly.attended)
    require(
        len(signers) >= law.minutes_signers,
        "minutes_signers_missing",
        law.article,
        needed=law.minutes_signers,
        given=len(signers),
    )
    return [
        MinutesSigned(
            act.assembly, entry.number, tuple(signers), act.paper.sha256, act.remarks, entry.when
        )
    ]


class ApproveMinutes(Effect, frozen=True, kw_only=True, tag="approve-minutes"):
    """The assembly approves the signed minutes of an earlier one."""

    matter: ClassVar[str] = "minutes"
    assembly: int


@prepares(ApproveMinutes)
def can_approve_minutes(state: State, effect: ApproveMinutes, when: int, voting: bool) -> None:
    assembly = known_assembly(state, effect.assembly)
    require(assembly.minutes is not None, "minutes_not_signed", assembly=effect.assembly)
    require(not assembly.minutes_approved, "minutes_approved_already", assembly=effect.assembly)


@enacts(ApproveMinutes)
def approve_minutes(state: State, effect: ApproveMinutes, decision: int, when: int) -> list[Fact]:
    return [MinutesApproved(effect.assembly, decision)]
