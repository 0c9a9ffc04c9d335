"""Assemblies: proposed, called, gathered, opened, voted, closed, minuted; and what they decided put
in force when its window has passed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, Literal

from comuna.rules.act import Effect
from comuna.rules.assembly import (
    Adjourn,
    AgendaItem,
    AskTurn,
    CallAssembly,
    CheckIn,
    CheckOut,
    CloseAssembly,
    CulturalOpening,
    GiveNotice,
    GiveTurn,
    OpenAssembly,
    RecordNoQuorum,
    Resume,
    SignMinutes,
    TakeItem,
)
from comuna.rules.choosing import law_and_rule
from comuna.rules.contest import Contest
from comuna.rules.decision import Enact, decision_state
from comuna.rules.proposal import Propose
from comuna.rules.quorum import required
from comuna.rules.state import DAY
from comuna.rules.vote import CloseVote, CountHands, Dissent, OpenVote, Vote
from comuna.world import contests
from comuna.world.life import HOUR, Action, Life

SHEET = 25
"""Names on one attendance sheet."""


@dataclass
class Motion:
    """A proposal on its way through an assembly. Its texts are `<key>_title` and `<key>_text` of
    the section "proposals"; `yes` is about how many of a thousand entitled will vote for it;
    `then` is done once it is in force. With a contest the assembly chooses among its options."""

    key: str
    effects: tuple[Effect, ...] = ()
    params: dict[str, object] = field(default_factory=dict)
    method: Literal["hands", "roll-call", "papers"] = "hands"
    contest: Contest | None = None
    yes: int = 920
    refused: bool = False  # then whoever is not for it is against it
    speakers: int = 1
    dissent: bool = False
    amendment: Motion | None = None
    responsible: str = ""
    then: Action | None = None
    number: int = 0


@dataclass
class Meeting:
    """An assembly of the story. `motions` are written when it is called, and those of `later`,
    which are voted after an interruption of three days; `fails` says that the first call finds too
    few; `callers` call it in place of the chair; `attendance` is of a thousand voters."""

    name: str
    starts_at: int
    motions: Callable[[Life], list[Motion]]
    later: Callable[[Life], list[Motion]] | None = None
    fails: bool = False
    extraordinary: bool = False
    callers: Callable[[Life], list[int]] | None = None
    attendance: int = 720
    minutes: bool = True
    number: int = 0
    agenda: list[Motion] = field(default_factory=list)
    postponed: list[Motion] = field(default_factory=list)


def plan(life: Life, meeting: Meeting) -> None:
    """Put an assembly on the calendar: its call, its day, its minutes."""
    notice = life.law.assembly.notice_days + 1
    life.on(meeting.starts_at - notice * DAY, lambda life: call(life, meeting))
    life.on(meeting.starts_at, lambda life: gather(life, meeting))


def saturday(moment: int) -> int:
    """14:00 UTC of the first Saturday at or after a moment."""
    midnight = moment - moment % DAY
    return midnight + (2 - midnight // DAY) % 7 * DAY + 14 * HOUR


# --- the call ---------------------------------------------------------------------------------


def call(life: Life, meeting: Meeting) -> None:
    """The proposals are written, the assembly is called and the call goes round."""
    meeting.agenda = meeting.motions(life)
    meeting.postponed = meeting.later(life) if meeting.later else []
    for motion in (*meeting.agenda, *meeting.postponed):
        propose(life, motion)
    meeting.number = convene(life, meeting)
    life.assemblies[meeting.name] = meeting.number
    reached = len(life.members()) - life.rng.randrange(2, 6)
    life.stage.do(
        life.stage.holder("call-assembly"),
        GiveNotice(
            assembly=meeting.number,
            channel=life.say("assembly.channel"),
            reached=reached,
            evidence=life.paper("assembly.poster", number=meeting.number),
        ),
    )


def propose(life: Life, motion: Motion) -> None:
    """Somebody writes the proposal, and its amendment after it."""
    if motion.number:  # an assembly that failed is called again with the same proposals
        return
    motion.number = life.stage.do(life.someone(), written(life, motion))
    life.decisions[motion.key] = motion.number
    if motion.amendment:
        amendment = motion.amendment
        amendment.number = life.stage.do(
            life.someone(), written(life, amendment, amends=motion.number)
        )
        life.decisions[amendment.key] = amendment.number


def written(life: Life, motion: Motion, amends: int = 0) -> Propose:
    return Propose(
        title=life.say(f"proposals.{motion.key}_title", **motion.params),
        text=life.say(f"proposals.{motion.key}_text", **motion.params),
        effects=motion.effects,  # type: ignore[arg-type]
        amends=amends,
        responsible=motion.responsible,
        contest=motion.contest,
    )


def convene(life: Life, meeting: Meeting) -> int:
    callers = meeting.callers(life) if meeting.callers else [life.stage.holder("call-assembly")]
    motions = (*meeting.agenda, *meeting.postponed)
    decisions = tuple(
        AgendaItem(
            title=life.say(f"proposals.{m.key}_title", **m.params),
            purpose="decision",
            proposal=m.number,
        )
        for m in motions
    )
    opening = AgendaItem(title=life.say("assembly.opening"), purpose="opening")
    report = AgendaItem(title=life.say("assembly.report"), purpose="information")
    return life.stage.do(
        callers[0],
        CallAssembly(
            starts_at=meeting.starts_at,
            place=life.setting.place,
            agenda=(opening, report, *decisions),
            extraordinary=meeting.extraordinary,
        ),
        *callers[1:],
    )


# --- the day ----------------------------------------------------------------------------------


def gather(life: Life, meeting: Meeting) -> None:
    """People arrive; the assembly opens at its first call, or at its second, or not at all."""
    comers = arrivals(life, meeting)
    if not meeting.fails:
        check_in(life, meeting, comers)
        return hold(life, meeting)
    few = too_few(life)
    check_in(life, meeting, comers[:few])
    second = life.law.call(2)

    def give_up(life: Life) -> None:
        life.stage.do(life.stage.holder("preside"), RecordNoQuorum(assembly=meeting.number))
        if second is None:
            return call_again(life, meeting)
        return life.on(life.stage.now + (second.gap_hours * 60 + 15) * 60, resume)

    def resume(life: Life) -> None:
        check_in(life, meeting, comers[few : few + second_comers(life, few)])
        hold(life, meeting)

    waiting = life.law.assembly.wait_minutes * 60
    return life.on(max(life.stage.now, meeting.starts_at + waiting), give_up)


def arrivals(life: Life, meeting: Meeting) -> list[int]:
    """Who comes: first those without whom nothing can be counted or chaired, then others in office,
    then as chance has it; enough for the calls."""
    stage, voters = life.stage, life.voters()
    needed = [*stage.holders("tell"), *stage.holders("preside"), *stage.holders("record-paper")]
    duty = [m for m in [*needed, *stage.seeds] if m in voters and stage.known.mandates.get(m)]
    rest = [m for m in voters if m not in duty]
    life.rng.shuffle(rest)
    calls = life.law.assembly.calls if meeting.fails else life.law.assembly.calls[:1]
    enough = max(required(c, len(voters)) for c in calls) + 2
    number = max(enough, len(voters) * meeting.attendance // 1000)
    return list(dict.fromkeys(duty + rest))[:number]


def too_few(life: Life) -> int:
    """One in ten less than the first call needs."""
    first = life.law.call(1)
    assert first is not None
    needed = required(first, len(life.voters()))
    return max(0, needed - 1 - needed // 10)


def second_comers(life: Life, few: int) -> int:
    """How many come while the second call is awaited: enough for it, and some more."""
    second = life.law.call(2)
    assert second is not None
    voters = len(life.voters())
    return max(required(second, voters) - few, 0) + voters // 12


def call_again(life: Life, meeting: Meeting) -> None:
    """The statute knows no further call: a new assembly is called with the same proposals."""
    life.stage.do(life.stage.holder("preside"), CloseAssembly(assembly=meeting.number))
    proposals = meeting.agenda
    again = Meeting(
        meeting.name,
        saturday(life.stage.now + (life.law.assembly.notice_days + 2) * DAY),
        lambda life: proposals,
    )
    plan(life, again)


def check_in(life: Life, meeting: Meeting, comers: list[int]) -> None:
    """Some enter themselves, most are on the sheets that the tellers keep."""
    alone = [m for i, m in enumerate(comers) if i % 3 == 0 and m in life.stage.seeds]
    sheet = [m for m in comers if m not in alone]
    for member in alone:
        life.stage.do(member, CheckIn(assembly=meeting.number, members=(member,)))
    teller = life.stage.holder("tell")
    there = sorted(life.stage.state.assemblies[meeting.number].present) if sheet else []
    confirms = confirming(life, teller, [*there, *comers]) if sheet else 0
    for start in range(0, len(sheet), SHEET):
        members = tuple(sheet[start : start + SHEET])
        life.stage.do(teller, CheckIn(assembly=meeting.number, members=members), confirms)


def confirming(life: Life, teller: int, there: list[int]) -> int:
    """Somebody there with a key, who holds no office together with the teller, signs the sheet."""
    stage = life.stage
    held = stage.known.offices(teller, stage.now)
    able = (m for m in there if m in stage.seeds and m != teller)
    return next(m for m in able if not stage.known.offices(m, stage.now) & held)


def hold(life: Life, meeting: Meeting) -> None:
    """The checkpoint is read, the opening is held, and every item taken in turn."""
    stage, chair = life.stage, life.stage.holder("preside")
    size, root = life.wall
    stage.do(chair, OpenAssembly(assembly=meeting.number, size=size, root=root))
    song = life.say(f"assembly.song_{life.rng.randrange(1, 7)}")
    stage.do(
        chair,
        CulturalOpening(
            assembly=meeting.number,
            title=song,
            evidence=(life.paper("assembly.recording", song=song),),
        ),
    )
    stage.do(chair, TakeItem(assembly=meeting.number, item=1))
    decide_all(life, meeting, meeting.agenda, 2)
    if meeting.postponed:
        return interrupt(life, meeting)
    return close(life, meeting)


def interrupt(life: Life, meeting: Meeting) -> None:
    """What follows needs the decisions above to be in force: the assembly goes on in three days."""
    stage = life.stage
    until = stage.now - stage.now % HOUR + 3 * DAY
    stage.do(stage.holder("preside"), Adjourn(assembly=meeting.number, until=until))
    enact_later(life, meeting.agenda)

    def resume(life: Life) -> None:
        check_in(life, meeting, arrivals(life, meeting))
        stage.do(stage.holder("preside"), Resume(assembly=meeting.number))
        decide_all(life, meeting, meeting.postponed, 2 + len(meeting.agenda))
        meeting.agenda, meeting.postponed = meeting.postponed, []
        close(life, meeting)

    life.on(until, resume)


def decide_all(life: Life, meeting: Meeting, motions: list[Motion], first_item: int) -> None:
    for item, motion in enumerate(motions, first_item):
        life.stage.do(life.stage.holder("preside"), TakeItem(assembly=meeting.number, item=item))
        speak(life, meeting, motion.speakers)
        if motion.amendment:
            decide(life, meeting, motion.amendment)
        decide(life, meeting, motion)


def speak(life: Life, meeting: Meeting, speakers: int) -> None:
    """Those who ask get the floor, one after the other."""
    stage = life.stage
    present = sorted(stage.state.assemblies[meeting.number].present & stage.seeds.keys())
    chosen = life.rng.sample(present, min(speakers, len(present)))
    for member in chosen:
        stage.do(member, AskTurn(assembly=meeting.number))
    for member in chosen:
        stage.clock.now += life.rng.randrange(60, 240)
        stage.do(stage.holder("preside"), GiveTurn(assembly=meeting.number, member=member))


# --- the vote ---------------------------------------------------------------------------------


def decide(life: Life, meeting: Meeting, motion: Motion) -> None:
    """One vote, and the dissent of somebody who lost."""
    stage = life.stage
    ballot = open_vote(life, meeting, motion)
    entitled = sorted(stage.state.ballots[ballot].entitled)
    if motion.contest is not None:
        return contests.vote(life, ballot, "assembly.roll_call")
    yes = in_favour(life, motion, len(entitled))
    against = len(entitled) - yes
    no = against if motion.refused else against // 2
    if motion.method == "hands":
        count_hands(life, ballot, (yes, no, against - no))
    else:
        roll_call(life, ballot, entitled, (yes, no))
    if motion.dissent:
        dissenter = next(m for m in reversed(entitled) if m in stage.seeds)
        stage.do(dissenter, Dissent(decision=motion.number, text=life.say("assembly.dissent")))
    return None


def open_vote(life: Life, meeting: Meeting, motion: Motion) -> int:
    """The question is read out, with the rule of the count where options stand to choose from."""
    state = life.stage.state
    proposal, rule = state.proposals[motion.number], ""
    if proposal.contest is not None:
        rule = law_and_rule(state, proposal, proposal.contest, life.stage.now)[1].hash()
    return life.stage.do(
        life.stage.holder("preside"),
        OpenVote(
            assembly=meeting.number,
            proposal=motion.number,
            digest=proposal.digest,
            method=motion.method,
            count=rule,
        ),
    )


def in_favour(life: Life, motion: Motion, entitled: int) -> int:
    """How many vote yes: about the share the story means, and never enough for what is refused."""
    if motion.refused:
        return entitled * motion.yes // 1000
    return -(-entitled * (motion.yes + life.rng.randrange(-40, 30)) // 1000)


def count_hands(life: Life, ballot: int, counted: tuple[int, int, int]) -> None:
    """The tellers who are there count and sign."""
    first, *others = life.tellers(ballot)
    yes, no, abstain = counted
    life.stage.do(first, CountHands(ballot=ballot, yes=yes, no=no, abstain=abstain), *others)


def roll_call(life: Life, ballot: int, entitled: list[int], counted: tuple[int, int]) -> None:
    """Everyone is called by number and answers; whoever has no key answers on the sheet."""
    yes, no = counted
    order = life.rng.sample(entitled, len(entitled))
    sheet = life.paper("assembly.roll_call", number=ballot)
    for index, member in enumerate(order):
        choice: Any = "yes" if index < yes else "no" if index < yes + no else "abstain"
        life.stage.act_of(member, Vote(ballot=ballot, choice=choice), sheet)
    life.stage.do(life.stage.holder("preside"), CloseVote(ballot=ballot))


def share_below(life: Life, matter: str) -> int:
    """Of a thousand votes, a share that many would call a majority and the statute does not."""
    rule = life.law.majority(matter)
    return ceil(Fraction(rule.more_than or rule.at_least) * 1000) - 60


# --- afterwards -------------------------------------------------------------------------------


def close(life: Life, meeting: Meeting) -> None:
    """Some have left; the assembly closes, and its checkpoint goes on the wall."""
    stage = life.stage
    state = stage.state
    present = sorted(state.assemblies[meeting.number].present)
    gone = tuple(m for m in present if not state.mandates.get(m))[:3]
    if gone:
        teller = stage.holder("tell")
        confirms = confirming(life, teller, present)
        stage.do(teller, CheckOut(assembly=meeting.number, members=gone), confirms)
    stage.do(stage.holder("preside"), CloseAssembly(assembly=meeting.number))
    life.wall = stage.checkpoint()
    enact_later(life, meeting.agenda)
    if meeting.minutes:
        life.on(stage.now + DAY, lambda life: sign_minutes(life, meeting))


def enact_later(life: Life, motions: list[Motion]) -> None:
    """What was adopted is put in force once its window has passed, by whoever comes by."""
    wait = life.law.decisions.challenge_hours * HOUR + 600
    chosen = list(motions)
    life.on(life.stage.now + wait, lambda life: enact(life, chosen))


def enact(life: Life, motions: list[Motion]) -> None:
    """Put in force what is adopted, and do what was waiting for it."""
    stage = life.stage
    for motion in motions:
        state = stage.state
        standing = decision_state(state, state.proposals[motion.number], stage.now)
        if standing == "adopted":
            stage.do(life.someone(), Enact(decision=motion.number))
            standing = "in_force"
        if standing == "in_force" and motion.then:
            stage.settle()
            motion.then(life)


def sign_minutes(life: Life, meeting: Meeting) -> None:
    stage = life.stage
    chair = stage.holder("preside")
    attended = stage.state.assemblies[meeting.number].attended
    signers = [m for m in sorted(attended & stage.seeds.keys()) if m != chair]
    needed = life.law.assembly.minutes_signers
    paper = life.paper("assembly.minutes", number=meeting.number, place=life.setting.place)
    stage.do(
        chair,
        SignMinutes(assembly=meeting.number, paper=paper, remarks=life.say("assembly.remarks")),
        *signers[:needed],
    )
    life.acts[f"minutes of {meeting.name}"] = meeting.number
