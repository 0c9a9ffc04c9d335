"""What happens between the assemblies: people join, leave and lose their keys; they complain, ask
for accounts and petition; one in office tries what the statute forbids."""

from __future__ import annotations

from comuna.rules.accounts import Journal
from comuna.rules.act import Refusal
from comuna.rules.authorship import EnrolKey, RevokeKey
from comuna.rules.decision import Challenge, ReportExecution
from comuna.rules.judge import AnyAct
from comuna.rules.ledger import Amount
from comuna.rules.names import payee_of
from comuna.rules.office import (
    AnswerPetition,
    PetitionRecall,
    SupportPetition,
    signatures_needed,
)
from comuna.rules.oversight import Answer, AskAccounts, Complain
from comuna.rules.roll import Apply, Charge, ConfirmKinship, Declare, Kin, Leave
from comuna.rules.state import DAY
from comuna.rules.treasury import Pay, RequestPayment
from comuna.rules.undoing import Undo
from comuna.world.founding import kind_of
from comuna.world.life import HOUR, Life, Misuse
from comuna.world.payments import BANK, BOX, approve, release, request, two_hands
from comuna.world.people import SIBLING, seed_of
from comuna.world.stage import key_of, wire

# --- the roll ---------------------------------------------------------------------------------


def apply_some(life: Life, number: int) -> None:
    """So many of those not yet on the roll ask to join, by a key beside which a member signs who
    knows them, or on paper."""
    paper = life.paper("papers.application")
    knows = next(m for m in life.persons() if m in life.stage.seeds)
    waiting = [n for n in sorted(life.people) if n not in life.stage.known.people][:number]
    for member in waiting:
        person = life.people[member]
        act = Apply(
            commitment=person.commitment,
            member_kind=kind_of(life.law, person),
            votes_from=person.votes_from,
            household=person.household,
            key=wire(person.seed) if person.seed else "",
        )
        if person.seed is None:
            life.stage.on_paper(member, act, paper)
        else:
            life.stage.seeds[member] = person.seed
            life.stage.do(member, act, knows)


def applicants(life: Life) -> list[int]:
    """Those who asked and were not yet admitted."""
    people = life.stage.state.people
    return [n for n, p in sorted(people.items()) if p.admitted_at is None and p.ended_at is None]


def leave(life: Life) -> None:
    """A member moves away. Who signs on paper said so two days ago: it is entered now."""
    state, accused = life.stage.state, life.acts["accused"]
    plain = [m for m in life.persons() if not state.mandates.get(m) and m != accused]
    on_paper = [m for m in plain if m not in life.stage.seeds]
    member = (on_paper or plain)[-1]
    life.acts["left"] = member
    if member in life.stage.seeds:
        life.stage.do(member, Leave())
    else:
        paper = life.paper("papers.leaving", number=member)
        life.stage.on_paper(member, Leave(), paper, life.stage.now - 2 * DAY)


def stay(life: Life) -> None:
    """A leaving is entered from paper in the name of somebody who has not said so: they see it on
    their page and undo it."""
    state, spared = life.stage.state, (life.acts["accused"], life.acts.get("left"))
    member = next(m for m in life.signers() if not state.mandates.get(m) and m not in spared)
    paper = life.paper("papers.leaving", number=member)
    left = life.stage.on_paper(member, Leave(), paper)
    life.on(life.stage.now + HOUR, lambda life: undo(life, member, left))


def undo(life: Life, member: int, left: int) -> None:
    life.stage.do(member, Undo(ending=left))


def enrol(life: Life) -> None:
    """One who joined on paper gets a key, with two sponsors; it counts after the waiting time."""
    member = next(m for m in life.voters() if m not in life.stage.seeds)
    give_key(life, member, "first")


def lose_key(life: Life) -> None:
    """A telephone is stolen: the key is revoked on paper, and a new one enrolled."""
    state = life.stage.state
    member = next(m for m in reversed(life.signers()) if not state.mandates.get(m))
    key = key_of(life.stage.seeds.pop(member))
    life.acts["revoked"] = life.stage.on_paper(
        member, RevokeKey(key=key), life.paper("papers.lost_key", number=member)
    )
    give_key(life, member, "second")


def give_key(life: Life, member: int, which: str) -> None:
    life.acts.setdefault("enrolled", member)
    seed = seed_of(life.rng.getrandbits(64), f"{which} key of {member}")
    sponsors = life.stage.sponsors(member)[: life.law.members.key_sponsors]
    life.stage.do(sponsors[0], EnrolKey(member=member, public=wire(seed)), *sponsors[1:])

    def begin(life: Life) -> None:
        life.stage.seeds[member] = seed

    life.on(life.stage.now + life.law.members.key_waiting_days * DAY + HOUR, begin)


def charge(life: Life) -> None:
    """A written charge against a member, who then has the days of hearing."""
    state = life.stage.state
    accused = next(m for m in reversed(life.persons()) if not state.mandates.get(m))
    text = life.say("oversight.charge", number=accused)
    life.acts["charge"] = life.stage.do(
        life.stage.holder("oversee"), Charge(member=accused, text=text)
    )
    life.acts["accused"] = accused


# --- decisions --------------------------------------------------------------------------------


def challenge(life: Life, key: str) -> None:
    """Members challenge a decision in its window until it is suspended."""
    number = life.decisions[key]
    for member in life.rng.sample(life.signers(), len(life.signers())):
        if life.stage.state.proposals[number].suspended_at is not None:
            return
        life.stage.do(member, Challenge(decision=number, reason=life.say("oversight.challenge")))


def report(life: Life, key: str) -> None:
    """Those in office report that a decision is carried out."""
    number = life.decisions[key]
    paper = life.paper("papers.execution", number=number)
    text = life.say(f"proposals.{key}_done")
    life.stage.do(
        life.stage.holder("keep-accounts"),
        ReportExecution(decision=number, text=text, evidence=paper),
    )


# --- oversight --------------------------------------------------------------------------------


def complain(life: Life, name: str, answered_after: int) -> None:
    """A complaint, answered after so many days; 0: not yet."""
    office = life.office_with("call-assembly").id
    text = life.say(f"oversight.complaint_{name}")
    holders = life.stage.holders("call-assembly")
    number = life.stage.do(life.someone(*holders), Complain(about=office, text=text))
    life.acts[f"complaint {name}"] = number
    if answered_after:
        life.on(life.stage.now + answered_after * DAY, lambda life: answer(life, name, number))


def answer(life: Life, name: str, number: int) -> None:
    text = life.say(f"oversight.answer_{name}")
    life.stage.do(life.stage.holder("call-assembly"), Answer(complaint=number, text=text))


def ask_accounts(life: Life) -> None:
    """Those who oversee ask the treasury to render accounts; the one in office does not."""
    office = life.office_with("keep-accounts").id
    text = life.say("oversight.ask_accounts")
    life.acts["accounts asked"] = life.stage.do(
        life.stage.holder("oversee"), AskAccounts(about=office, text=text)
    )


def render_accounts(life: Life) -> None:
    """Whoever keeps the accounts now renders what was asked for, late, and gives back what was
    asked and never paid."""
    paper = life.paper("papers.accounts")
    life.stage.do(
        life.stage.holder("keep-accounts"),
        Answer(
            complaint=life.acts["accounts asked"],
            text=life.say("oversight.rendered"),
            paper=paper,
        ),
    )
    if "unpaid" in life.acts:
        release(life, life.acts["unpaid"], life.say("oversight.unpaid"))


# --- the recall -------------------------------------------------------------------------------


def misuse(life: Life) -> None:
    """The treasurer tries to pay a brother, to pay more than was decided, without a decision,
    around it, alone and without a receipt. Every attempt is refused and leaves no trace."""
    treasurer = life.stage.holder("keep-accounts")
    life.acts["treasurer"] = treasurer
    brother = brother_of(life, treasurer)
    supplier, small = life.setting.sacks, f"{life.decisions['small']}/transport"
    state = life.stage.state
    limit = state.authorisations[small].each
    what = life.say("trade.small_transport")

    def ask(payee: str, amount: int, authorisation: str) -> RequestPayment:
        return RequestPayment(
            authorisation=authorisation, payee=payee, amount=amount, money=BOX, text=what
        )

    attempt(life, treasurer, ask(payee_of(brother), limit // 2, small))
    attempt(life, treasurer, ask(supplier, limit + 1, small))
    attempt(life, treasurer, ask(supplier, limit, "999999"))
    _, second = two_hands(life)
    attempt(life, treasurer, around_the_decision(life), second)
    waiting = request(life, "small", supplier, limit // 2, what, "transport", BOX)
    if waiting:
        receipt = life.paper("papers.paid", payee=supplier, what=what, amount=life.written(limit))
        alone = Pay(payment=waiting, amount=limit // 2, date=life.stage.today, receipt=receipt)
        attempt(life, treasurer, alone)
        approve(life, waiting, supplier, life.law.treasury.signatures)
        bare = Pay(payment=waiting, amount=limit // 2, date=life.stage.today)
        attempt(life, treasurer, bare)
        life.acts["unpaid"] = waiting


def around_the_decision(life: Life) -> Journal:
    """A journal entry that would carry the bank's money into costs."""
    amount = life.money(50_000)
    lines = (Amount(account="services", amount=amount), Amount(account=BANK, amount=-amount))
    text = life.say("trade.various")
    sheet = life.paper("papers.paid", payee=BANK, what=text, amount=life.written(amount))
    return Journal(date=life.stage.today, lines=lines, text=text, receipt=sheet)


def attempt(life: Life, member: int, act: AnyAct, *cosigners: int) -> Refusal:
    refusal = life.stage.attempt(member, act, *cosigners)
    life.refused.append(Misuse(member, type(act).__struct_config__.tag, refusal))  # type: ignore[arg-type]
    return refusal


def brother_of(life: Life, member: int) -> int:
    """Somebody near the treasurer: declared kin, or a neighbour who now declares to be one, which
    oversight confirms."""
    state = life.stage.state
    people = state.people
    for number, person in sorted(people.items()):
        degree = state.near(member, number)
        if person.member_at(life.stage.now) and degree is not None and degree <= SIBLING:
            return number
    near = [m for m in life.persons() if m in life.stage.seeds and m != member]
    brother = next(m for m in near if not life.stage.known.mandates.get(m))
    kin = {**people[brother].kin, member: SIBLING}
    declared = tuple(Kin(member=other, degree=kin[other]) for other in sorted(kin))
    life.stage.do(brother, Declare(kin=declared))
    watch = next(m for m in life.stage.holders("oversee") if m not in (brother, member))
    life.stage.do(watch, ConfirmKinship(member=brother, kin=member))
    return brother


def petition(life: Life) -> None:
    """A petition to recall the treasurer, signed until the statute's share is reached; the hearing
    follows four days later."""
    treasurer = life.acts["treasurer"]
    office = life.office_with("keep-accounts")
    voters = [m for m in life.signers() if m != treasurer]
    text = life.say("oversight.petition", number=treasurer)
    number = life.stage.do(voters[0], PetitionRecall(office=office.id, member=treasurer, text=text))
    life.acts["petition"] = number
    needed = signatures_needed(life.stage.state, office, life.stage.now)
    for member in life.rng.sample(voters[1:], needed):
        life.stage.do(member, SupportPetition(petition=number))

    def hearing(life: Life) -> None:
        text = life.say("oversight.hearing")
        life.stage.do(treasurer, AnswerPetition(petition=number, text=text))

    life.on(life.stage.now + 4 * DAY, hearing)


def leave_waiting(life: Life) -> None:
    """On the last day some payments wait: one for its second signature, one for both, one to be
    paid."""
    signatures = life.law.treasury.signatures
    what = (life.say("trade.sacks"), life.say("trade.power"), life.say("trade.small_transport"))
    setting = life.setting
    asked = (
        ("materials", setting.sacks, what[0], signatures - 1),
        ("energy", setting.power, what[1], 0),
        ("materials", setting.ironmonger, what[0], signatures),
    )
    for name, payee, text, approvals in asked:
        amount = life.money(life.rng.randrange(4_000, 7_000))
        payment = request(life, "inputs", payee, amount, text, name, BANK)
        if payment:
            approve(life, payment, payee, approvals)
            life.acts[f"waiting with {approvals}"] = payment
