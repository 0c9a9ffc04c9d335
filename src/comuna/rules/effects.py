"""All that a decision can do."""

from __future__ import annotations

from typing import TypeAlias

from comuna.rules.accounts import AcceptGrant, CloseAccount, OpenAccount, SetBudget, TransferFund
from comuna.rules.amendment import AmendStatute
from comuna.rules.assembly import ApproveMinutes
from comuna.rules.assets import DisposeAsset
from comuna.rules.decision import AcceptExecution, Confirm, Repeal
from comuna.rules.office import Elect, RecallHolder
from comuna.rules.period import ApproveAccounts
from comuna.rules.prices import SetPrices
from comuna.rules.result import AllowEntry
from comuna.rules.roll import Admit, Exclude
from comuna.rules.surplus import AllocateSurplus
from comuna.rules.treasury import Authorise

AnyEffect: TypeAlias = (
    AcceptExecution
    | AcceptGrant
    | Admit
    | AllocateSurplus
    | AllowEntry
    | AmendStatute
    | ApproveAccounts
    | ApproveMinutes
    | Authorise
    | CloseAccount
    | Confirm
    | DisposeAsset
    | Elect
    | Exclude
    | OpenAccount
    | RecallHolder
    | Repeal
    | SetBudget
    | SetPrices
    | TransferFund
)
