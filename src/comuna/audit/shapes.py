"""The shape of every act: which fields it has and what stands in each. An act of another shape says
nothing that could be proven, and counts for nothing.

`?` may be left out; `*` is a list. Kinds of values: int, text, texts (a list), flag, map (any
object), marks ({option: whole number}), paper ({"sha256", "size"}), and the nested shapes named
below the acts.
"""

from __future__ import annotations

from typing import Any

from comuna.audit.canonical import Malformed


def _table(lines: str) -> dict[str, dict[str, str]]:
    words = [line.split() for line in lines.strip().splitlines()]
    return {name: dict(field.split(":") for field in fields) for name, *fields in words}


ACTS = _table(
    """
    adjourn assembly:int until:int
    announce-reversal movement:int reason:text
    answer complaint:int text:text paper?:paper
    answer-petition petition:int text:text
    apply commitment:text member_kind:text votes_from?:int household?:int body?:text key?:text\
 formerly?:int
    approve-payment payment:int
    ask-accounts about:text text:text
    ask-turn assembly:int
    call-assembly starts_at:int place:text agenda:item* extraordinary?:flag
    cast-ballot ballot:int marks:marks
    challenge decision:int reason:text
    charge member:int text:text
    check-in assembly:int members:int*
    check-out assembly:int members:int*
    close-assembly assembly:int
    close-period since:text until:text measures:text
    close-vote ballot:int casting?:text dice?:text unanswered?:int*
    complain about:text text:text
    confirm-kinship member:int kin:int
    correct-work about:int member:int right:int reason:text
    count-ballots ballot:int papers:papers* blank?:int dice?:text
    count-hands ballot:int yes:int no:int abstain?:int blank?:int casting?:text dice?:text
    count-money account:text date:text counted:int evidence?:paper
    cultural-opening assembly:int title:text evidence?:paper*
    declare kin?:kin* interests?:text*
    deliver date:text member:int product:text quantity:int measure:text
    enact decision:int
    enrol-key member:int public:text
    found name:text unit:text decimals?:int statute:map founders:founder* offices?:seat*
    give-notice assembly:int channel:text reached:int evidence?:paper
    give-turn assembly:int member:int
    hand-over-asset name:text deed:paper
    journal date:text lines:amount* text:text receipt?:paper
    leave
    log-work date:text production_unit:text task:text work:worked*
    move-household household:int
    move-money date:text source:text target:text amount:int receipt?:paper
    object-payment payment:int reason:text
    observe about:int text:text
    open-assembly assembly:int size:int root:text
    open-vote assembly:int proposal:int digest:text method:text count?:text closes_at?:int \
        dice?:text
    pay payment:int amount:int date:text receipt?:paper
    petition-recall office:text member:int text:text
    propose title:text text:text effects?:effect* amends?:int responsible?:text due?:text
    receive date:text money:text source:text amount:int payer:text text:text receipt?:paper
    record-dissent decision:int text:text
    record-no-quorum assembly:int
    register-asset name:text category:text title:paper in_name_of_body:flag movement?:int
    release-payment payment:int reason:text
    report-execution decision:int text:text evidence?:paper
    request-payment authorisation:text payee:text amount:int money:text text:text document?:paper
    resign office:text
    resume assembly:int
    reverse movement:int reason:text
    revoke-key key:text
    set-hour hour:int
    sign-minutes assembly:int paper:paper remarks?:text
    support-petition petition:int
    take-item assembly:int item:int
    undo ending:int
    vote ballot:int choice:text reason?:text
    withdraw proposal:int
    withdraw-vote ballot:int
    """
)

ACTS["propose"]["contest?"] = "contest"
ACTS["receive"] |= {"asset?": "text", "permission?": "text"}
ACTS["journal"]["permission?"] = "text"

EFFECTS = _table(
    """
    accept-execution decision:int accepted:flag
    accept-grant name:text grantor:text purpose:text amount:int since:text until:text
    admit member:int
    allow-entry purpose:text debit:text credit:text amount:int until:text payee?:text name?:text
    allocate-surplus period:int key:any choices?:map steps:destination* allocations?:map
    amend-statute changes:change*
    approve-accounts period:int
    approve-minutes assembly:int
    authorise purpose:text fund:text line:text limit:int since:text until:text payee?:text
    budget since:text until:text lines:budget-line*
    close-account account:text
    confirm decision:int
    dispose-asset name:text payee:text price:int
    elect office:text members?:int* alternates?:int* candidates?:int* seats?:int
    exclude member:int charge:int
    open-account account:text title:text in_name_of_body:flag
    recall petition:int
    repeal decision:int
    set-prices since:text prices:product*
    transfer source:text target:text amount:int
    """
)
EFFECTS["authorise"] |= {"each?": "int", "predecessor?": "int", "name?": "text"}

PARTS = _table(
    """
    amount account:text amount:int
    budget-line line:text amount:int
    change place:text value:any
    contest count:text options:option* seats?:int budget?:int exclusive?:texts*
    destination fund:text amount:int article:text
    founder commitment:text kind:text votes_from?:int household?:int body?:text key?:text
    item title:text purpose:text proposal?:int
    kin member:int degree:int
    option id:text title:text effects?:effect* groups?:text*
    paper sha256:text size:int
    papers marks:marks number:int
    product product:text measure:text price:int per:int most:int
    seat office:text member:int alternate?:flag
    worked member:int minutes:int
    """
)

_KINDS: dict[str, type] = {"int": int, "text": str, "flag": bool, "map": dict}


def check_act(act: dict[str, Any]) -> None:
    """Raise `Malformed`, naming the field, unless the act has its shape."""
    kind = act.get("kind")
    if not isinstance(kind, str) or kind not in ACTS:
        raise Malformed(f"{kind!r} is no kind of act")
    _check(kind, act, ACTS[kind], "kind")


def _check(where: str, value: dict[str, Any], fields: dict[str, str], tag: str) -> None:
    known = {name.removesuffix("?") for name in fields} | {tag}
    for name in value:
        if name not in known:
            raise Malformed(f"{where} has no field {name!r}")
    for name, kind in fields.items():
        bare = name.removesuffix("?")
        if bare in value:
            _check_value(f"{where}.{bare}", value[bare], kind)
        elif bare == name:
            raise Malformed(f"{where} lacks {name!r}")


def _check_value(where: str, value: Any, kind: str) -> None:
    if kind.endswith("*"):
        if not isinstance(value, list):
            raise Malformed(f"{where} is no list")
        for item in value:
            _check_value(where, item, kind[:-1])
    elif kind in _KINDS:
        if type(value) is not _KINDS[kind]:
            raise Malformed(f"{where} is {value!r:.40}, not {kind}")
    elif kind == "effect":
        _check_effect(where, value)
    elif kind == "texts":
        _check_value(where, value, "text*")
    elif kind == "marks":
        _check_marks(where, value)
    elif kind != "any":
        if not isinstance(value, dict):
            raise Malformed(f"{where} is no object")
        _check(where, value, PARTS[kind], "")
        if kind == "paper":
            _check_fingerprint(where, value)


def _check_fingerprint(where: str, paper: dict[str, Any]) -> None:
    """A document has one fingerprint, in one spelling, and there is something on it."""
    digits = set(paper["sha256"]) <= set("0123456789abcdef") and len(paper["sha256"]) == 64
    if not digits or paper["size"] < 1:
        raise Malformed(f"{where} is no fingerprint of a document")


def _check_marks(where: str, value: Any) -> None:
    if not isinstance(value, dict) or any(type(mark) is not int for mark in value.values()):
        raise Malformed(f"{where} is no table of options and whole numbers")


def _check_effect(where: str, value: Any) -> None:
    name = value.get("effect") if isinstance(value, dict) else None
    if not isinstance(name, str) or name not in EFFECTS:
        raise Malformed(f"{where}: {name!r} is no effect")
    _check(f"{where}.{name}", value, EFFECTS[name], "effect")
