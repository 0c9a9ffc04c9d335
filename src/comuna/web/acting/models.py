"""What the web remembers of those who act: how they sign in, and acts that wait for signatures.

Nothing here is law and nothing of it is in the book. Losing it loses no act: whoever was about to
sign starts again.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from django.db import models

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def new_token() -> str:
    """A name nobody can guess: who has the address of a draft was given it."""
    return secrets.token_urlsafe(18)


class Credential(models.Model):
    """A member's PIN or password, as a slow salted hash. `once`: given by who keeps the register;
    its first use is to choose one's own."""

    body: models.CharField[str, str] = models.CharField(max_length=32)
    member: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    secret: models.CharField[str, str] = models.CharField(max_length=200)
    once: models.BooleanField[bool, bool] = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "member"], name="credential")
        ]


class Failure(models.Model):
    """A sign-in that failed, and from which network; `device` names a device on which that member
    has been before. Or an application, which is counted alike, as `what` says."""

    body: models.CharField[str, str] = models.CharField(max_length=32)
    member: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    address: models.CharField[str, str] = models.CharField(max_length=64)
    at: models.PositiveBigIntegerField[int, int] = models.PositiveBigIntegerField()
    device: models.CharField[str, str] = models.CharField(max_length=32, default="")
    what: models.CharField[str, str] = models.CharField(max_length=12, default="sign-in")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["body", "member", "at"], name="failure_member"),
            models.Index(fields=["address", "at"], name="failure_address"),
        ]


class Draft(models.Model):
    """An act on its way: written, not yet recorded. `submission` is canonical JSON of what is
    signed: {"act", "body", "by", "nonce"}, `by` without signatures. `owner` is who wrote it down, 0
    for an applicant. `number` is the act's in the book, once it is there."""

    token: models.CharField[str, str] = models.CharField(
        max_length=32, primary_key=True, default=new_token
    )
    body: models.CharField[str, str] = models.CharField(max_length=32, db_index=True)
    owner: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    kind: models.CharField[str, str] = models.CharField(max_length=40)
    submission: models.TextField[str, str] = models.TextField()
    at: models.PositiveBigIntegerField[int, int] = models.PositiveBigIntegerField()
    number: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    signers: RelatedManager[Signer]
    application: Application


class Signer(models.Model):
    """A member who is asked to sign a draft; `value` is empty until they did."""

    draft: models.ForeignKey[Draft, Draft] = models.ForeignKey(
        Draft, on_delete=models.CASCADE, related_name="signers"
    )
    member: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    key: models.CharField[str, str] = models.CharField(max_length=16, default="")
    value: models.CharField[str, str] = models.CharField(max_length=88, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "member"], name="signer")]


class Application(models.Model):
    """What an application from outside has beside its draft: the personal record, encrypted with
    the key of the register. It comes into the register when a member takes the application up, and
    is gone with it when nobody does. Empty where a program sent only the commitment."""

    draft: models.OneToOneField[Draft, Draft] = models.OneToOneField(
        Draft, on_delete=models.CASCADE, related_name="application"
    )
    commitment: models.CharField[str, str] = models.CharField(max_length=64)
    sealed: models.BinaryField[bytes, bytes] = models.BinaryField(default=b"")
