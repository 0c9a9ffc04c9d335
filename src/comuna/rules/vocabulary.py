"""The words a statute may use: matters, powers, results and bases. One word for one thing.

A pack that uses another word is refused with its line, so that a spelling mistake never becomes a
rule that silently applies to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

MATTERS = (
    *("default", "general", "admit", "exclude", "elect", "recall", "amend-statute", "authorise"),
    *("budget", "transfer", "grant", "open-account", "accounts", "allocate-surplus"),
    *("dispose-asset", "acquire-asset", "close-period", "minutes", "dissolve", "use-reserve"),
    *("plan", "challenge", "prices"),
)
"""What a decision can be about; majorities, off-agenda lists and funds name these."""

POWERS = (
    *("call-assembly", "preside", "record-paper", "tell", "request-payment", "approve-payment"),
    *("keep-accounts", "oversee", "keep-register"),
)
"""What a mandate can allow its holder."""

ATTESTABLE = ("check-in", "check-out", "ask-turn", "give-turn", "give-notice")
"""Acts that decide nothing and move nothing: only these may rest on the word of the server."""

RESULTS = ("member_result", "non_member_result", "extraordinary_result")
"""The results of a year: from work with members, from dealings with others, from neither."""

APART = ("non_member_result", "extraordinary_result", "outside_result")
"""Results that may be kept apart from what members share; the last is the other two together."""

BASES = (
    "gross_operations",  # the product of all operations of the year, before costs
    "member_result_pre_tax",  # before prior losses and tax
    "member_result_after_losses",  # after prior losses, before tax
    "outside_result_after_losses",  # non-member and extraordinary result, likewise
    "available_after_tax",  # all that is not apart, after prior losses and tax
    "remaining",  # what the steps before have left of that
    "non_member_result",  # kept apart: after its own losses and tax, what steps have left
    "extraordinary_result",
    "outside_result",
    "capital",  # the share capital paid in
)
"""Of what a step takes its share."""

PEOPLE = ("members", "workers", "capital")
"""Destinations of a step that are people: members, all who work, and members by their capital."""

MARKS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("plurality", "two-round", "consulta"), ("one",)),
    **dict.fromkeys(("approval", "block", "limited"), ("several",)),
    "score": ("points",),
    **dict.fromkeys(("borda", "irv", "ranked-pairs", "schulze"), ("ranked",)),
    **dict.fromkeys(("stv-scottish", "stv-meek"), ("ranked",)),
    "phragmen": ("several", "one"),
    **dict.fromkeys(("equal-shares", "greedy"), ("several", "one", "points", "ranked")),
}
"""What may stand on a ballot of each method; the first unless the statute says otherwise."""

BY_TOTALS = frozenset({"plurality", "two-round", "consulta", "approval", "block", "greedy"})
"""Methods that need no more than how many support each option: raised hands are enough."""

STRICT = frozenset({"irv", "stv-scottish", "stv-meek"})
"""Methods in which no two options share a place."""
