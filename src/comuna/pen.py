"""The members' side of an act: writing a submission and signing it with one's own key. Nothing here
is ever needed by whoever keeps the book; a browser does the same in its own words."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from comuna.book import keys
from comuna.book.strict import base64_text
from comuna.clerk import Submission, signed_bytes
from comuna.rules.act import Author, Paper, Seen, Signature
from comuna.rules.judge import AnyAct
from comuna.rules.roll import Found, body_id


def sign(submission: Submission, seeds: Mapping[int, bytes]) -> Submission:
    """The submission, signed by each of these members (number → 32-byte seed)."""
    message = signed_bytes(submission)
    signatures = tuple(
        Signature(
            member=member,
            key=keys.key_id(keys.public_key(seed)),
            value=base64_text(keys.sign(seed, message)),
        )
        for member, seed in sorted(seeds.items())
    )
    author = msgspec.structs.replace(submission.by, signatures=signatures)
    return msgspec.structs.replace(submission, by=author)


def signed(
    body: str,
    member: int,
    act: AnyAct,
    nonce: str,
    seeds: Mapping[int, bytes],
    seen: Seen | None = None,
) -> Submission:
    """An act signed by its author, and by those who sign with them; `seen` is the book they have
    before them, for which their signatures then vouch."""
    author = Author(member=member, form="signed", seen=seen)
    return sign(Submission(body=body, by=author, act=act, nonce=nonce), seeds)


def witnessed(
    body: str,
    member: int,
    act: AnyAct,
    nonce: str,
    seeds: Mapping[int, bytes],
    witnesses: tuple[int, ...],
    paper: Paper,
    happened: int = 0,
    seen: Seen | None = None,
) -> Submission:
    """An act entered from paper: members witnessed; the secretary signs, and with them so many of
    the witnesses as the statute asks for. `seen` is the book that those who sign have before
    them."""
    author = Author(
        member=member,
        form="witnessed",
        witnesses=witnesses,
        paper=paper,
        happened=happened,
        seen=seen,
    )
    return sign(Submission(body=body, by=author, act=act, nonce=nonce), seeds)


def founding(
    act: Found, seeds: Mapping[int, bytes], nonce: str, paper: Paper | None = None
) -> Submission:
    """The founding act, signed by every founder who has a key."""
    author = Author(member=1, form="signed", paper=paper)
    return sign(Submission(body=body_id(act), by=author, act=act, nonce=nonce), seeds)
