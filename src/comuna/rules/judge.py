"""The one judge: a state and an entry in, facts or a refusal out. No clock, no chance, no I/O: the
same book gives the same state on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, get_args

import msgspec

from comuna.rules.accounts import (
    AnnounceReversal,
    CountMoney,
    Journal,
    MoveMoney,
    Receive,
    Reverse,
)
from comuna.rules.act import JUDGES, Act, Entry, Fact, Paper, Refusal, Refused, require
from comuna.rules.assembly import (
    Adjourn,
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
    fallen_asleep,
)
from comuna.rules.assets import HandOverAsset, RegisterAsset
from comuna.rules.authorship import EnrolKey, RevokeKey, check_author
from comuna.rules.choosing import CastBallot, CountBallots
from comuna.rules.decision import Challenge, Enact, ReportExecution
from comuna.rules.hour import SetHour, check_order, leapt
from comuna.rules.names import check_moment, check_paper, key_id
from comuna.rules.office import AnswerPetition, PetitionRecall, Resign, SupportPetition
from comuna.rules.oversight import Answer, AskAccounts, Complain, Observe
from comuna.rules.period import ClosePeriod
from comuna.rules.production import CorrectWork, Deliver, LogWork
from comuna.rules.proposal import Propose, Withdraw
from comuna.rules.roll import (
    Apply,
    Charge,
    ConfirmKinship,
    Declare,
    Found,
    Leave,
    Move,
    check_applicant,
)
from comuna.rules.state import State
from comuna.rules.treasury import (
    ApprovePayment,
    ObjectPayment,
    Pay,
    ReleasePayment,
    RequestPayment,
)
from comuna.rules.undoing import Undo
from comuna.rules.vote import CloseVote, CountHands, Dissent, OpenVote, Vote, WithdrawVote

AnyAct: TypeAlias = (
    Adjourn
    | AnnounceReversal
    | Answer
    | AnswerPetition
    | Apply
    | ApprovePayment
    | AskAccounts
    | AskTurn
    | CallAssembly
    | CastBallot
    | Challenge
    | Charge
    | CheckIn
    | CheckOut
    | CloseAssembly
    | ClosePeriod
    | CloseVote
    | Complain
    | ConfirmKinship
    | CorrectWork
    | CountBallots
    | CountHands
    | CountMoney
    | CulturalOpening
    | Declare
    | Deliver
    | Dissent
    | Enact
    | EnrolKey
    | Found
    | GiveNotice
    | GiveTurn
    | HandOverAsset
    | Journal
    | Leave
    | LogWork
    | Move
    | MoveMoney
    | ObjectPayment
    | Observe
    | OpenAssembly
    | OpenVote
    | Pay
    | PetitionRecall
    | Propose
    | Receive
    | RecordNoQuorum
    | RegisterAsset
    | ReleasePayment
    | ReportExecution
    | RequestPayment
    | Resign
    | Resume
    | Reverse
    | RevokeKey
    | SetHour
    | SignMinutes
    | SupportPetition
    | TakeItem
    | Undo
    | Vote
    | Withdraw
    | WithdrawVote
)
"""Every act there is; docs/first-hour.md says what a new one needs beside its place here."""

AnyEntry: TypeAlias = Entry[AnyAct]
_decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)
KINDS: dict[type[Act], str] = {kind: str(kind.__struct_config__.tag) for kind in JUDGES}


def decode(data: bytes) -> AnyEntry:
    """An entry from its bytes. Raises msgspec.DecodeError or ValidationError."""
    return _decoder.decode(data)


def encode(entry: AnyEntry) -> bytes:
    """The canonical bytes of an entry."""
    return msgspec.json.encode(entry, order="sorted")


def judge(state: State, entry: AnyEntry) -> Sequence[Fact] | Refusal:
    """Whether the law of the body allows this entry as its next. Changes nothing."""
    try:
        return [*common(state, entry), *JUDGES[type(entry.act)](state, entry, entry.act)]
    except Refused as refused:
        return refused.refusal


def apply(state: State, facts: Sequence[Fact]) -> None:
    """Make it so."""
    for fact in facts:
        fact.apply(state)


class Recorded(Fact, frozen=True):
    """The entry is the head of the book now."""

    number: int
    at: int
    nonce: str

    def apply(self, state: State) -> None:
        leapt(state, self.at)
        state.head, state.now = self.number, self.at
        state.nonces.add(self.nonce)


def common(state: State, entry: AnyEntry) -> list[Fact]:
    """What holds for every act: its place in the book, its time, its author."""
    act, kind = entry.act, type(entry.act)
    if entry.number != state.head + 1:
        raise Refused("number_not_next", expected=state.head + 1)
    check_moment(entry.at)
    check_moment(entry.by.happened)
    check_order(state, entry)
    require(0 < len(entry.nonce) <= 64, "nonce_malformed")
    if entry.nonce in state.nonces:
        raise Refused("submitted_before", nonce=entry.nonce)
    check_documents(entry)
    seen = entry.by.seen
    # Whether its root is that of the first entries of this book is arithmetic, done by the clerk.
    if seen is not None and not 1 <= seen.size <= state.head:
        raise Refused("checkpoint_not_of_this_book", size=seen.size)
    slept: list[Fact] = []
    if kind is not Found:
        require(state.head, "not_founded")
        if entry.body != state.body:
            raise Refused("other_body", expected=state.body)
        if isinstance(act, Apply):
            check_applicant(state, entry.by, act, entry.at)
        else:
            check_author(state, entry, KINDS[kind])
        slept = fallen_asleep(state, entry)
    return [Recorded(entry.number, entry.at, entry.nonce), *slept]


DOCUMENTS = {
    kind: tuple(
        field.name
        for field in msgspec.structs.fields(kind)
        if Paper in (field.type, *get_args(field.type))
    )
    for kind in JUDGES
}
"""The fields of each kind of act in which documents are named."""


def check_documents(entry: AnyEntry) -> None:
    """Every document is named by its fingerprint in its one spelling. Raises Refused."""
    if entry.by.paper is not None:
        check_paper(entry.by.paper)
    for name in DOCUMENTS[type(entry.act)]:
        named = getattr(entry.act, name)
        for document in named if isinstance(named, tuple) else (named,):
            if document is not None:
                check_paper(document)


def public_keys(state: State, entry: AnyEntry) -> dict[str, str]:
    """The public keys (base64) by which the signatures of an entry are to be checked: those on the
    roll, and those that a founding or an application brings with it."""
    act = entry.act
    brought: list[str] = []
    if isinstance(act, Found):
        brought = [f.key for f in act.founders if f.key]
    elif isinstance(act, Apply) and act.key:
        brought = [act.key]
    known = {s.key: state.keys[s.key].public for s in entry.by.signatures if s.key in state.keys}
    return known | {key_id(public): public for public in brought}


def decode_act(data: Any) -> AnyAct:
    """An act from plain JSON values. Raises msgspec.ValidationError."""
    act: AnyAct = msgspec.convert(data, AnyAct)
    return act
