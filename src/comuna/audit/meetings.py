"""Proofs about assemblies and votes: called in time, with a quorum at every vote, on a question
that stood on the agenda, counted again from the votes themselves or signed by tellers."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from math import ceil

from comuna.audit import contests, decisions, people
from comuna.audit.beyond import beyond
from comuna.audit.body import DAY, Assembly, Ballot, Body, Decision
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.law import Law, Majority
from comuna.audit.names import is_legible, prove_moment

CHOICES = ("yes", "no", "abstain", "blank")


# --- calling and meeting ------------------------------------------------------------------------


def call_assembly(body: Body, e: Entry) -> None:
    _callers(body, e)
    prove_moment(e.act["starts_at"])
    notice = e.act["starts_at"] - e.at  # a call tells nobody before it is recorded
    needed = body.law.notice_days
    need(notice >= needed * DAY, "notice_too_short", days=notice // DAY, needed=needed)
    most = body.law.notice_days_max
    need(not most or notice // DAY <= most, "notice_too_long", days=notice // DAY, most=most)
    agenda = e.act["agenda"]
    need(agenda and agenda[0]["purpose"] == "opening", "opening_not_first")
    lines = tuple(i.get("proposal", 0) for i in agenda)
    said = all((i["purpose"] == "decision") == bool(i.get("proposal")) for i in agenda)
    said = said and all(map(is_legible, [e.act["place"], *(i["title"] for i in agenda)]))
    need(said, "call_unclear")
    proposals = [number for number in lines if number]
    need(len(set(proposals)) == len(proposals), "twice_on_agenda")
    for number in proposals:
        proposal = decisions.known(body, number)
        need(proposal.open(e.at), "decided_already", decision=number)
    body.assemblies[e.number] = Assembly(e.act["starts_at"], lines, e.at, e.member, e.at)


def _callers(body: Body, e: Entry) -> None:
    """Those with the mandate, or so many members as the statute asks for, all signing."""
    if not body.holds(e.member, "call-assembly", e.when):
        callers = [m for m in e.signers if body.votes(m, e.at)]
        needed = max(1, ceil(body.law.callers * len(body.roll(e.at))))
        need(len(callers) >= needed, "too_few_callers", given=len(callers), needed=needed)


def _assembly(body: Body, number: int) -> Assembly:
    assembly = body.assemblies.get(number)
    need(assembly is not None, "assembly_unknown", assembly=number)
    assert assembly is not None
    return assembly


def _meeting(body: Body, e: Entry) -> Assembly:
    """The assembly, not closed, with an act that does not go back in its time."""
    assembly = _assembly(body, e.act["assembly"])
    need(not assembly.closed, "assembly_closed", assembly=e.act["assembly"])
    need(e.when >= assembly.clock, "assembly_time_backwards", assembly=e.act["assembly"])
    return assembly


def _session(body: Body, e: Entry, number: int) -> Assembly:
    assembly = _assembly(body, number)
    sits = assembly.opened and assembly.adjourned_until is None and not assembly.closed
    need(sits, "assembly_not_open", assembly=number)
    need(e.when >= assembly.clock, "assembly_time_backwards", assembly=number)
    return assembly


def _presides(body: Body, e: Entry, assembly: Assembly) -> None:
    """The chair or the secretary; in a body asleep that has neither any more, whoever called."""

    def keeps(member: int) -> bool:
        return any(body.holds(member, power, e.when) for power in ("preside", "record-paper"))

    called = body.asleep is not None and e.member == assembly.caller
    able = keeps(e.member) or (called and not any(keeps(member) for member in body.mandates))
    need(able, "term_expired", member=e.member, power="preside")


_WAKING = (
    *("call-assembly", "give-notice", "check-in", "check-out", "record-no-quorum"),
    *("open-assembly", "cultural-opening", "take-item", "ask-turn", "give-turn", "propose"),
    *("open-vote", "withdraw-vote", "vote", "cast-ballot", "count-hands", "count-ballots"),
    *("close-vote", "record-dissent", "adjourn", "resume", "close-assembly", "sign-minutes"),
    "set-hour",
)
"""What belongs to calling and holding an assembly, and the way back from an hour never reached."""


def awake(body: Body, e: Entry) -> None:
    """After the statute's time without an entry nothing is lawful but an assembly, until one of the
    roll as it was then has been held."""
    if e.kind == "found" or (
        body.asleep is None and e.at <= body.now + body.law.silence_days * DAY
    ):
        return
    need(e.kind in _WAKING, "body_asleep", days=body.law.silence_days)
    if body.asleep is None:
        body.asleep = body.roll(body.now)


def check_in(body: Body, e: Entry) -> None:
    assembly, members = _meeting(body, e), e.act["members"]
    _enters(body, e, assembly, members)
    need(e.when >= assembly.starts_at - DAY, "before_its_call", assembly=e.act["assembly"])
    for member in members:
        person = body.people.get(member)
        need(person is not None and person.belongs(e.when), "not_a_member", member=member)
        need(member not in assembly.present, "present_twice", member=member)
        need(member not in body.where, "present_elsewhere", member=member)
    _come_back(body, assembly, set(members) & assembly.sent_out, e.when)
    assembly.sent_out.difference_update(members)
    assembly.present.update(members)
    assembly.attended.update(members)
    body.where.update(dict.fromkeys(members, e.act["assembly"]))
    assembly.clock = e.when


def _come_back(body: Body, assembly: Assembly, back: set[int], when: int) -> None:
    """Whoever had been in the room and did not leave it by their own hand has a vote in what was
    opened meanwhile."""
    ballot = body.ballots.get(assembly.ballot)
    if ballot is None:
        return
    new = {m for m in back if m not in ballot.entitled | ballot.out and body.votes(m, when)}
    ballot.entitled |= new
    ballot.base += len(new)


def _out(body: Body, assembly: Assembly, members: set[int]) -> None:
    assembly.present -= members
    for member in members:
        body.where.pop(member, None)


def check_out(body: Body, e: Entry) -> None:
    assembly, members = _meeting(body, e), e.act["members"]
    _enters(body, e, assembly, members)
    need(assembly.present.issuperset(members), "not_present", member=e.member)
    _out(body, assembly, set(members))
    if members != [e.member] or e.by["form"] != "signed":
        assembly.sent_out.update(members)
    assembly.clock = e.when


def _enters(body: Body, e: Entry, assembly: Assembly, members: list[int]) -> None:
    """Oneself; or others, in an office for it, with the key of somebody there who has none of the
    offices of whoever enters them."""
    need(members and len(set(members)) == len(members), "present_twice", member=e.member)
    if members == [e.member]:
        return
    keeps = (body.holds(e.member, power, e.when) for power in ("tell", "record-paper"))
    need(any(keeps), "term_expired", member=e.member, power="tell")
    own = set(body.offices_of(e.member, e.at))
    signed = (
        m != e.member
        and (m in members or m in assembly.present)
        and own.isdisjoint(body.offices_of(m, e.at))
        for m in e.signers
    )
    need(any(signed), "presence_unconfirmed")


def record_no_quorum(body: Body, e: Entry) -> None:
    assembly = _meeting(body, e)
    _presides(body, e, assembly)
    need(not assembly.opened, "assembly_open_already", assembly=e.act["assembly"])
    call = _next_call(body, e, assembly)
    waited = e.when >= _hour(body, assembly, call) + body.law.wait_minutes * 60
    need(waited, "call_not_waited_for", call=call)
    present, needed = _present(body, assembly, call, e.when)
    need(present < needed, "quorum_was_there", present=present, needed=needed)
    assembly.failed[call] = assembly.clock = e.when


def open_assembly(body: Body, e: Entry) -> None:
    """Opened in its time and with quorum, on a checkpoint no older than the assembly before.
    Whether it is one of this book is proven with the tree."""
    assembly = _meeting(body, e)
    _presides(body, e, assembly)
    need(not assembly.opened, "assembly_open_already", assembly=e.act["assembly"])
    if body.asleep is not None:
        need(assembly.told >= len(body.asleep), "not_everyone_told", reached=assembly.told)
    needed = body.last_closing(e.when)
    need(e.act["size"] >= needed, "older_checkpoint_read", size=e.act["size"], needed=needed)
    call = _next_call(body, e, assembly)
    _quorum(body, assembly, call, e.when)
    assembly.opened, assembly.call, assembly.clock = True, call, e.when


def _next_call(body: Body, e: Entry, assembly: Assembly) -> int:
    """The number of this call, once its time has come and before it is over."""
    need(e.when >= assembly.starts_at, "before_its_call", assembly=e.act["assembly"])
    call = len(assembly.failed) + 1
    hour = _hour(body, assembly, call)
    need(e.when >= hour, "second_call_too_soon", call=call, hours=(hour - e.when) // 3600 + 1)
    need(e.when <= _last(body, assembly, hour), "call_over", assembly=e.act["assembly"])
    return call


def _hour(body: Body, assembly: Assembly, call: int) -> int:
    """The moment that those who are called have been told for this call."""
    rule = body.law.calls.get(call)
    if rule is None or call == 1:
        return assembly.starts_at
    return assembly.failed[call - 1] + rule.gap_hours * 3600


def _last(body: Body, assembly: Assembly, hour: int) -> int:
    """Until when those called for an hour can be expected to be there."""
    law = body.law
    within = hour + law.open_within_hours * 3600
    return min(within, assembly.called + law.open_within_days * DAY)


def _present(body: Body, assembly: Assembly, call: int, when: int) -> tuple[int, int]:
    """How many voters are present, and how many the call needs."""
    was = body.asleep
    rule = body.law_on(when).calls.get(call if was is None else 1)
    need(rule is not None, "no_further_call", call=call)
    assert rule is not None
    roll = body.roll(when)
    need(roll, "no_quorum", present=0, needed=1)
    here = roll & assembly.present
    if was is not None:  # nobody who came since, and no call that needs fewer
        return len(here & was), max(rule.needed(len(was)), min(3, len(was)))
    return len(here), max(rule.needed(len(roll)), min(3, len(roll)))


def _quorum(body: Body, assembly: Assembly, call: int, when: int) -> None:
    present, needed = _present(body, assembly, call, when)
    need(present >= needed, "no_quorum", present=present, needed=needed)


def in_session(body: Body, e: Entry) -> None:
    """What is done while the assembly sits and decides nothing: the opening, turns, items."""
    assembly = _session(body, e, e.act["assembly"])
    if e.kind == "take-item":
        need(0 < e.act["item"] < len(assembly.agenda), "item_unknown", item=e.act["item"])
        need(not assembly.ballot, "vote_still_open", vote=assembly.ballot)
    if e.kind in ("take-item", "give-turn"):
        _presides(body, e, assembly)
    if e.kind in ("ask-turn", "give-turn"):
        speaker = e.act.get("member", e.member)
        need(speaker in assembly.present, "not_present", member=speaker)
    if e.kind in ("take-item", "cultural-opening"):
        assembly.item = e.act.get("item", 0)
    if e.kind != "ask-turn":
        assembly.clock = e.when


def adjourn(body: Body, e: Entry) -> None:
    assembly = _session(body, e, e.act["assembly"])
    _presides(body, e, assembly)
    need(not assembly.ballot, "vote_still_open", vote=assembly.ballot)
    prove_moment(e.act["until"])
    need(e.act["until"] > e.when, "before_its_call", assembly=e.act["assembly"])
    latest = assembly.called + body.law.open_within_days * DAY
    need(e.act["until"] <= latest, "call_over", assembly=e.act["assembly"])
    assembly.adjourned_until, assembly.clock = e.act["until"], e.when
    assembly.sent_out |= assembly.present
    _out(body, assembly, set(assembly.present))


def resume(body: Body, e: Entry) -> None:
    assembly = _meeting(body, e)
    _presides(body, e, assembly)
    until = assembly.adjourned_until
    need(until is not None and e.when >= until, "before_its_call", assembly=e.act["assembly"])
    assert until is not None
    late = e.when > until + body.law.open_within_hours * 3600
    need(not late, "call_over", assembly=e.act["assembly"])
    _quorum(body, assembly, assembly.call, e.when)
    assembly.adjourned_until, assembly.clock = None, e.when


def close_assembly(body: Body, e: Entry) -> None:
    assembly = _meeting(body, e)
    _presides(body, e, assembly)
    need(not assembly.ballot, "vote_still_open", vote=assembly.ballot)
    past = e.when > _last(body, assembly, assembly.starts_at)
    ended = assembly.opened or assembly.failed or past
    need(ended, "assembly_not_open", assembly=e.act["assembly"])
    assembly.closed, assembly.clock = True, e.when
    _out(body, assembly, set(assembly.present))
    if assembly.opened:
        body.closings.append((e.at, e.number))
        body.asleep = None


def give_notice(body: Body, e: Entry) -> None:
    assembly = _assembly(body, e.act["assembly"])
    need(e.when <= assembly.starts_at, "notice_too_short", days=0, needed=body.law.notice_days)
    if "evidence" in e.act:
        assembly.told = max(assembly.told, e.act["reached"])


def sign_minutes(body: Body, e: Entry) -> None:
    assembly = _assembly(body, e.act["assembly"])
    need(assembly.closed and not assembly.minutes, "minutes_out_of_place")
    _presides(body, e, assembly)
    signers = e.signers & assembly.attended
    needed = body.law.minutes_signers
    need(len(signers) >= needed, "minutes_unsigned", given=len(signers), needed=needed)
    assembly.minutes = True


# --- votes --------------------------------------------------------------------------------------


def open_vote(body: Body, e: Entry) -> None:
    """A vote on exactly the question that stands in the book, with the quorum of this moment."""
    assembly = _session(body, e, e.act["assembly"])
    _presides(body, e, assembly)
    need(not assembly.ballot, "vote_still_open", vote=assembly.ballot)
    number = e.act["proposal"]
    proposal = decisions.known(body, number)
    _called_for(body, e, assembly, proposal)
    need(e.act["digest"] == proposal.digest, "question_altered", decision=number)
    _votable(body, number, proposal, e.at)
    _quorum(body, assembly, assembly.call, e.when)
    decisions.open_to_vote(body, proposal, e.when)
    contests.check_opening(body, e, proposal)
    heard = body.law_on(e.when).majority
    by_name = e.act["method"] == "roll-call" or not any(
        heard(matter).agreement for matter in proposal.matters
    )
    need(by_name or proposal.among, "way_not_allowed", way=e.act["method"])
    roll = body.roll(e.when)
    closes = e.act.get("closes_at", 0)
    in_time = not closes or closes >= e.when + body.law.vote_minutes * 60
    need(in_time and (not closes or e.act["method"] == "roll-call"), "closing_hour_unlawful")
    everyone = roll <= assembly.present
    if proposal.amends and not everyone and not body.law.second_reading:
        more = beyond(body.decisions[proposal.amends].question, proposal.question)
        need(not more, "amendment_widens", decision=proposal.amends)
    here, out = (
        roll & assembly.present,
        frozenset(_own_case(body, proposal, e.act["assembly"], e.when)),
    )
    _matter_quorum(body, proposal, len(here), len(roll), e.when)
    out -= _let_in(body, e, proposal, here, out)
    body.ballots[e.number] = Ballot(
        e.act["assembly"],
        number,
        proposal.digest,
        e.act["method"],
        here - out,
        len(roll),
        body.law_on(e.when),
        len(here),
        out,
        e.signers | {e.member},
        closes,
        e.at,
        e.by["seen"]["root"],
    )
    assembly.ballot, assembly.clock = e.number, e.when
    proposal.voting = True


def _called_for(body: Body, e: Entry, assembly: Assembly, proposal: Decision) -> None:
    """It stood on the agenda and was the item in hand, or is among what the statute lets be decided
    off it; and the call was made on the question as it stands."""
    number, about = e.act["proposal"], proposal.amends or e.act["proposal"]
    free = proposal.matters <= body.law.off_agenda and not proposal.widened
    need(free or about in assembly.agenda, "not_on_agenda", decision=number)
    in_hand = assembly.item >= 0 and assembly.agenda[assembly.item] == about
    need(free or in_hand, "item_not_in_hand", decision=about)
    need(e.act["assembly"] > proposal.widened, "second_reading_missing", decision=number)


def withdraw_vote(body: Body, e: Entry) -> None:
    """A vote opened by mistake, in which nobody had voted."""
    ballot, assembly = _ballot(body, e, "roll-call", "hands", "papers")
    _presides(body, e, assembly)
    need(not ballot.cast and not ballot.marked, "vote_in_use", vote=e.act["ballot"])
    if ballot.method != "roll-call":
        _told(body, e, ballot)
    body.decisions[ballot.proposal].voting = False
    assembly.ballot, assembly.clock = 0, e.when


def _votable(body: Body, number: int, proposal: Decision, when: int) -> None:
    """Nothing is voted twice, nor while an amendment to it is; and nothing decided is amended."""
    about = [proposal]
    about += [d for d in body.decisions.values() if d.amends == number and d.voting]
    about += [body.decisions[proposal.amends]] if proposal.amends else []
    need(all(d.open(when) and not d.voting for d in about), "decided_already", decision=number)
    fixed = proposal.amends and body.decisions[proposal.amends].between_rounds
    need(not fixed, "amendment_out_of_place", decision=number)


def _let_in(
    body: Body, e: Entry, proposal: Decision, here: frozenset[int], out: frozenset[int]
) -> set[int]:
    """Where those who may vote are fewer than have to, a lot lets in so many of the kin beyond the
    first degree, if the law has one: by the lowest tickets."""
    law = body.law_on(e.when)
    own = [law.majority(matter).participation for matter in proposal.matters]
    if proposal.among:
        own = [contests.law_of(law, contests.contest_of(proposal)).participation]
    needed = _takers(law, len(here), own)
    lacking, thrown = needed - len(here - out), e.act.get("dice", "")
    if lacking <= 0:
        need(not thrown, "dice_for_nothing")
        return set()
    kin = sorted(here & out - _own_case(body, proposal, e.act["assembly"], e.when, 1))
    need(law.lot_for_too_few and len(kin) >= lacking, "too_few_left", needed=needed)
    line = contests.lot(thrown, [e.act["assembly"], lacking, kin], proposal.digest)
    need(line, "lot_missing")
    there = body.assemblies[e.act["assembly"]].present - out
    _signed_beside(body, e, there, {m for m in there if body.holds(m, "tell", e.when)})
    ticket = {m: hashlib.sha256(f"{line}\n{m}".encode()).digest() for m in kin}
    return set(sorted(kin, key=ticket.__getitem__)[:lacking])


def _own_case(body: Body, proposal: Decision, call: int, when: int, most: int = 99) -> set[int]:
    """Who may not vote on this: offices the statute bars, whoever would be paid, and their kin, as
    it was known when the assembly was called."""
    out: set[int] = set()
    for offices, matters in body.law_on(when).barred:
        if proposal.matters & matters:
            out.update(m.member for office in offices for m in body.in_office(office, when))
    for effect in proposal.possible:
        if effect.get("payee"):
            out |= body.concerned(effect["payee"], call, most)
    return out


def _matter_quorum(body: Body, proposal: Decision, present: int, roll: int, when: int) -> None:
    for matter in proposal.matters:
        needed = ceil(body.law_on(when).majority(matter).quorum * roll)
        need(present >= needed, "no_quorum", present=present, needed=needed)


def _motion(body: Body, e: Entry, method: str) -> tuple[Ballot, Assembly]:
    """The same, where the vote is one of yes or no."""
    ballot, assembly = _ballot(body, e, method)
    need(not body.decisions[ballot.proposal].among, "vote_unknown", vote=e.act["ballot"])
    return ballot, assembly


def _contest(body: Body, e: Entry, *methods: str) -> tuple[Ballot, Assembly]:
    """The same, where the vote is one among options."""
    ballot, assembly = _ballot(body, e, *methods)
    need(body.decisions[ballot.proposal].among, "vote_unknown", vote=e.act["ballot"])
    return ballot, assembly


def _ballot(body: Body, e: Entry, *methods: str) -> tuple[Ballot, Assembly]:
    """The open ballot an act speaks of, and its assembly."""
    number = e.act["ballot"]
    ballot = body.ballots.get(number)
    need(ballot is not None, "vote_unknown", vote=number)
    assert ballot is not None
    assembly = _session(body, e, ballot.assembly)
    need(assembly.ballot == number, "vote_closed", vote=number)
    need(ballot.method in methods, "vote_unknown", vote=number)
    return ballot, assembly


def vote(body: Body, e: Entry) -> None:
    ballot, assembly = _motion(body, e, "roll-call")
    need(e.act["choice"] in CHOICES, "choice_unknown", choice=e.act["choice"])
    _once(e, ballot, assembly)
    matters = body.decisions[ballot.proposal].matters
    sought = any(ballot.law.majority(matter).agreement for matter in matters)
    answered = e.act["choice"] != "no" or not sought or e.act.get("reason", "").strip()
    need(answered, "objection_without_reason", member=e.member)
    ballot.cast[e.member] = e.act["choice"]


def cast_ballot(body: Body, e: Entry) -> None:
    ballot, assembly = _contest(body, e, "roll-call")
    _once(e, ballot, assembly)
    contests.cast(body, e, ballot)


def _once(e: Entry, ballot: Ballot, assembly: Assembly) -> None:
    """By those entitled when the vote was opened, once each, while they were there."""
    voted = e.member in ballot.cast or e.member in ballot.marked
    need(e.member in ballot.entitled, "not_entitled", member=e.member, vote=e.act["ballot"])
    need(not voted, "voted_twice", member=e.member, vote=e.act["ballot"])
    need(e.member in assembly.present, "not_present", member=e.member)


def count_hands(body: Body, e: Entry) -> None:
    """A count of raised hands, signed by tellers who were there."""
    ballot, assembly = _motion(body, e, "hands")
    _tellers(body, e, ballot)
    counts = {choice: int(e.act.get(choice, 0)) for choice in CHOICES}
    need(min(counts.values()) >= 0, "tally_mismatch", vote=e.act["ballot"])
    hands, present = sum(counts.values()), len(ballot.entitled & assembly.present)
    need(hands <= present, "ballots_exceed_voters", hands=hands, present=present)
    _decide(body, e, ballot, assembly, counts)


def count_ballots(body: Body, e: Entry) -> None:
    """A count of hands or papers among options, signed by tellers who were there."""
    ballot, assembly = _contest(body, e, "hands", "papers")
    _tellers(body, e, ballot)
    here = len(ballot.entitled & assembly.present)
    papers, cast = contests.counted(body, e, ballot, here)
    _choose(body, e, ballot, assembly, papers, cast)


def _tellers(body: Body, e: Entry, ballot: Ballot) -> None:
    """A count is signed by so many who were there, none of whom opened the vote or is kept out of
    it, and by one in the office of teller where such a one was there."""
    able, in_office = body.entitled_to_tell(ballot, e.when)
    given, needed = len(e.signers & able), body.law.tellers
    need(given >= needed, "tellers_missing", given=given, needed=needed)
    need(not in_office or in_office & e.signers, "teller_not_in_office")


def _ended(body: Body, e: Entry, ballot: Ballot, assembly: Assembly) -> None:
    """A roll call was closed when nobody was left to ask: whoever was entitled had voted, had gone,
    or stands on a list, signed as the law asks, of those who gave no answer; or the hour that was
    fixed had passed, also since the opening was recorded."""
    silent = e.act.get("unanswered", [])
    voted = set(ballot.cast) | set(ballot.marked)
    asked = {m for m in ballot.entitled if m in assembly.present and m not in voted}
    need(len(set(silent)) == len(silent) and asked.issuperset(silent), "unanswered_misnamed")
    if silent:
        _told(body, e, ballot)
    hour = bool(ballot.closes) and e.when >= ballot.closes
    hour = hour and e.at - ballot.recorded >= ballot.law.vote_minutes * 60
    need(hour or asked == set(silent), "not_all_heard")


def _told(body: Body, e: Entry, ballot: Ballot) -> None:
    """Beside whoever presides a teller in office signed; where none was there, two members there
    who hold no office."""
    _signed_beside(body, e, *body.entitled_to_tell(ballot, e.when))


def _signed_beside(body: Body, e: Entry, able: set[int], in_office: set[int]) -> None:
    others = e.signers - {e.member}
    plain = [m for m in others & able if not body.offices_of(m, e.when)]
    signed = others & in_office if in_office - {e.member} else len(plain) > 1
    need(signed, "list_unsigned")


def _floor(ballot: Ballot, own: list[Fraction]) -> int:
    """How many have to take part: the largest part that applies, of those who were there."""
    return _takers(ballot.law, ballot.base, own)


def _takers(law: Law, base: int, own: list[Fraction]) -> int:
    parts = (ceil((part or law.participation) * base) for part in own)
    return max(1, min(3, base), *parts)  # two decide nothing for the others


def _choose(
    body: Body,
    e: Entry,
    ballot: Ballot,
    assembly: Assembly,
    papers: list[contests.Paper],
    cast: int,
) -> None:
    """The choice that follows from the ballots, and what it does; none, where too few took part."""
    proposal = body.decisions[ballot.proposal]
    own = contests.law_of(ballot.law, contests.contest_of(proposal)).participation
    if cast < _floor(ballot, [own]):
        _decided(e, proposal, assembly, False, True)
        return
    winners, again = contests.choice(body, ballot, papers, e.act.get("dice", ""))
    proposal.chosen = contests.effects_of(proposal, winners)
    _decided(e, proposal, assembly, bool(winners), again)
    if not again:
        proposal.left = frozenset()
    if winners and not body.law_on(e.when).challenge_hours:
        decisions.enact_if_possible(body, ballot.proposal, e.when)


def close_vote(body: Body, e: Entry) -> None:
    """The result of a roll call follows from the votes in the book."""
    ballot, assembly = _ballot(body, e, "roll-call")
    _presides(body, e, assembly)
    _ended(body, e, ballot, assembly)
    if e.act.get("dice"):
        _told(body, e, ballot)
    if body.decisions[ballot.proposal].among:
        papers = contests.cast_papers(ballot)
        _choose(body, e, ballot, assembly, papers, len(ballot.marked))
        return
    cast = list(ballot.cast.values())
    _decide(body, e, ballot, assembly, {choice: cast.count(choice) for choice in CHOICES})


def _decide(
    body: Body, e: Entry, ballot: Ballot, assembly: Assembly, counts: dict[str, int]
) -> None:
    proposal = body.decisions[ballot.proposal]
    if e.act.get("casting"):
        chairs = (body.holds(m, "preside", e.when) for m in e.signers | {e.member})
        need(any(chairs), "term_expired", member=e.member, power="preside")
    own = [ballot.law.majority(matter).participation for matter in proposal.matters]
    adopted, again = False, True
    if sum(counts.values()) >= _floor(ballot, own):
        adopted, again = _carried(e, proposal, ballot, counts)
    ballot.margin = counts["yes"] - counts["no"]
    _decided(e, proposal, assembly, adopted, again)
    if adopted and not proposal.amends:
        thrown = (e.act.get("dice", ""), [ballot.digest, e.act["ballot"], [*counts.values()]])
        proposal.chosen = people.drawn(ballot.law, proposal.effects, *thrown, ballot.head)
    if adopted and proposal.amends:
        decisions.amend(body, proposal, e.number, ballot.base == ballot.roll)
    elif adopted and not body.law_on(e.when).challenge_hours:
        decisions.enact_if_possible(body, ballot.proposal, e.when)


def _decided(e: Entry, proposal: Decision, assembly: Assembly, adopted: bool, again: bool) -> None:
    proposal.voting = False
    proposal.decided_at, proposal.adopted, proposal.tie = e.when, adopted, again
    proposal.recorded = e.at
    proposal.votes = e.act["ballot"]
    assembly.ballot, assembly.clock = 0, e.when


def _carried(
    e: Entry, proposal: Decision, ballot: Ballot, counts: dict[str, int]
) -> tuple[bool, bool]:
    """(adopted, to be voted again), by the majority of every matter, under the law by which the
    vote was opened."""
    if any(ballot.law.majority(matter).agreement for matter in proposal.matters):
        need(ballot.method == "roll-call", "way_not_allowed", way=ballot.method)
    verdicts = {
        _verdict(e, ballot.law, matter, ballot, counts) for matter in sorted(proposal.matters)
    }
    return verdicts == {"yes"}, "again" in verdicts and "no" not in verdicts


def _verdict(e: Entry, law: Law, matter: str, ballot: Ballot, counts: dict[str, int]) -> str:
    """Yes, no or again. A tie is as many yes as no, where one more yes would carry."""
    rule, yes = law.majority(matter), counts["yes"]
    if rule.agreement:
        agreed = ballot.entitled <= set(ballot.cast) and counts["no"] <= rule.minus
        blocked = "again" if rule.tie == "repeat" else "no"
        return "yes" if agreed else blocked
    valid, cast = yes + counts["no"], sum(counts.values())
    bases = {"valid": valid, "cast": cast, "present": ballot.base, "roll": ballot.roll}
    if rule.reached(yes, bases):
        return "yes"
    one_more = rule.reached(yes + 1, bases | {"valid": valid + 1, "cast": cast + 1})
    if yes != counts["no"] or not yes or not one_more or rule.tie == "status-quo":
        return "no"
    if rule.tie == "repeat":
        return "again"
    return _tie_broken(e, ballot, rule, matter, tuple(counts.values()))


def _tie_broken(
    e: Entry, ballot: Ballot, rule: Majority, matter: str, counts: tuple[int, ...]
) -> str:
    """What the chair or the lot says to as many yes as no."""
    if rule.tie == "chair":
        casting = str(e.act.get("casting", ""))
        need(casting, "casting_vote_missing", matter=matter)
        return casting
    frozen = [ballot.digest, e.act["ballot"], counts]
    seed = contests.lot(e.act.get("dice", ""), frozen, ballot.head)
    need(seed, "lot_missing")
    return min(("no", "yes"), key=lambda word: hashlib.sha256(f"{seed}\n{word}".encode()).digest())


def dissent(body: Body, e: Entry) -> None:
    decision = decisions.known(body, e.act["decision"])
    need(decision.decided_at is not None, "not_decided", decision=e.act["decision"])
    assembly = body.assemblies[body.ballots[decision.votes].assembly]
    need(e.member in assembly.attended, "not_present", member=e.member)
    need(not assembly.minutes, "minutes_out_of_place")
