"""`comuna statutes`, `comuna surplus` and `comuna quorum`: the law, asked from a terminal.

The output of `--json` is described in docs/statutes.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, TextIO

import msgspec

from comuna import given
from comuna.rules.quorum import required
from comuna.rules.statute import Rule, Statute
from comuna.rules.surplus_case import InvalidCase, read_case
from comuna.rules.waterfall import Waterfall, share_out
from comuna.statutes import UnknownPack, collusion, load, names

BAD_INPUT = 2

WORDS = {
    "is_draft": {
        "en": "DRAFT: nobody has read every article of this pack at its source",
        "es": "BORRADOR: nadie ha leído en su fuente todos los artículos de este paquete",
    },
    "article": {"en": "art. {}", "es": "art. {}"},
    "draft": {"en": "draft", "es": "borrador"},
    "verified": {"en": "verified", "es": "verificado"},
    "seen": {"en": "seen", "es": "visto"},
    "until": {"en": "{} to {}", "es": "del {} al {}"},
    "since": {"en": "since {}", "es": "desde {}"},
    "quorum": {
        "en": "Call {} needs {} present of {} {}",
        "es": "La convocatoria {} necesita {} presentes de {} ({})",
    },
    "unmeetable": {
        "en": "It cannot be met: there are fewer than that.",
        "es": "No se puede alcanzar: hay menos que eso.",
    },
    "tax": {"en": "tax", "es": "impuestos"},
    "distributable": {"en": "may reach people", "es": "puede llegar a las personas"},
    "undecided": {"en": "undecided", "es": "sin decidir"},
    "allocations": {"en": "Allocated (not yet paid):", "es": "Asignado (aún no pagado):"},
    "interest": {"en": "Interest on contributions:", "es": "Intereses de las aportaciones:"},
    "cash": {"en": "Of it in money, at least:", "es": "De ello en dinero, al menos:"},
    "contribution": {"en": "Contribution on joining:", "es": "Aportación de ingreso:"},
    "open": {
        "en": "Open, for the assembly to decide:",
        "es": "Abierto, a decidir por la asamblea:",
    },
    "up_to": {"en": "up to {}: {}", "es": "hasta {}: {}"},
    "smallest": {
        "en": "Amounts are in the smallest unit{}.",
        "es": "Los importes están en la unidad más pequeña{}.",
    },
    "not_json": {
        "en": "The case cannot be read as JSON: {}. Write it as docs/statutes.md shows.",
        "es": "El caso no se puede leer como JSON: {}. Escríbalo como muestra docs/statutes.md.",
    },
    "no_pack": {
        "en": 'There is no pack "{}". There are: {}.',
        "es": "No hay paquete «{}». Hay: {}.",
    },
    "collusion_of_what": {
        "en": "Say under which pack: comuna statutes PACK --collusion. There are: {}.",
        "es": "Diga con qué paquete: comuna statutes PAQUETE --collusion. Hay: {}.",
    },
    "of_form": {
        "en": '--of is written BASE=COUNT, as "members=120", not "{}".',
        "es": "--of se escribe BASE=NÚMERO, como «members=120», no «{}».",
    },
    "no_call": {
        "en": "This statute knows calls {}, not {}.",
        "es": "Este estatuto conoce las convocatorias {}, no la {}.",
    },
    "other_base": {
        "en": 'Call {} is counted over "{}", not "{}" (art. {}). Write --of {}=COUNT.',
        "es": "La convocatoria {} se cuenta sobre «{}», no «{}» (art. {}). Escriba --of {}=NÚMERO.",
    },
    "empty_base": {
        "en": "A quorum is counted over at least one, not {}.",
        "es": "Un quórum se cuenta sobre al menos uno, no {}.",
    },
}


class BadInput(Exception):  # noqa: N818 - it is what the person gave, not a failure of ours
    """What was given cannot be used; the text says what would be right."""


def add_commands(subparsers: Any) -> None:
    """Add `statutes`, `surplus` and `quorum` to an argparse sub-parser action."""
    statutes = _command(
        subparsers, "statutes", "the packs there are, or every rule of one", _statutes
    )
    statutes.add_argument("pack", nargs="?", help="a pack: its rules, each with its article")
    statutes.add_argument(
        "--collusion", action="store_true", help="the fewest people who together could cheat"
    )
    surplus = _command(
        subparsers, "surplus", "share out a year's surplus (case on stdin)", _surplus
    )
    surplus.add_argument("--statute", required=True, metavar="PACK")
    quorum = _command(subparsers, "quorum", "how many must be present", _quorum)
    quorum.add_argument("--statute", required=True, metavar="PACK")
    quorum.add_argument("--call", required=True, type=int, metavar="N")
    quorum.add_argument("--of", required=True, metavar="BASE=COUNT")


def _command(
    subparsers: Any, name: str, help_text: str, run: Callable[[argparse.Namespace], None]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=help_text)
    parser.add_argument("--json", action="store_true", help="stable output for programs")
    parser.add_argument("--lang", choices=("es", "en"), default=_language())

    def guarded(args: argparse.Namespace) -> int:
        try:
            run(args)
        except BadInput as error:
            print(error, file=sys.stderr)
            return BAD_INPUT
        return 0

    parser.set_defaults(run=guarded)
    return parser


def _language() -> str:
    """Spanish where the environment speaks Spanish, else English."""
    setting = (
        os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    )
    return "es" if setting.startswith("es") else "en"


def say(word: str, lang: str, *values: object) -> str:
    return WORDS[word][lang].format(*values)


def statute_named(pack: str, lang: str) -> Statute:
    try:
        return load(pack)
    except UnknownPack:
        raise BadInput(say("no_pack", lang, pack, ", ".join(names()))) from None


def _print_json(value: object) -> None:
    print(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2))


# --- statutes ---------------------------------------------------------------------------------


def _statutes(args: argparse.Namespace) -> None:
    if args.collusion and not args.pack:
        raise BadInput(say("collusion_of_what", args.lang, ", ".join(names())))
    if args.pack:
        statute = statute_named(args.pack, args.lang)
        if args.collusion and args.json:
            _print_json(collusion.as_json(statute, args.lang))
        elif args.collusion:
            print("\n".join(collusion.in_words(statute, args.lang)))
        elif args.json:
            _print_json({**msgspec.to_builtins(statute), "draft": statute.draft})
        else:
            print("\n".join(_rules_in_words(statute, args.lang)))
        return
    statutes = [load(name) for name in names()]
    if args.json:
        _print_json([summary(statute) for statute in statutes])
        return
    for statute in statutes:
        mark = " *" if statute.draft else ""
        print(
            f"{statute.id:<20}{_validity(statute, args.lang):<28}{statute.title[args.lang]}{mark}"
        )
    print(f"\n* {say('is_draft', args.lang)}")


def summary(statute: Statute) -> dict[str, Any]:
    """What `statutes --json` says of a pack."""
    return {
        "id": statute.id,
        "version": statute.version,
        "title": statute.title,
        "law": statute.law,
        "place": statute.place,
        "valid_from": statute.valid_from,
        "valid_until": statute.valid_until,
        "draft": statute.draft,
    }


def _validity(statute: Statute, lang: str) -> str:
    if statute.valid_until:
        return say("until", lang, statute.valid_from, statute.valid_until)
    return say("since", lang, statute.valid_from)


def _rules_in_words(statute: Statute, lang: str) -> Iterable[str]:
    yield f"{statute.title[lang]} — {statute.law}, {_validity(statute, lang)}"
    if statute.draft:
        yield say("is_draft", lang)
    for place, rule in statute.rules():
        law = rule.law or statute.law
        source = f"{say('article', lang, rule.article)}, {law} [{say(rule.status, lang)}]"
        yield f"{place:<40} {source}{substance(rule)}"


_OF_EVERY_RULE = ("id", "title", *Rule.__struct_fields__)


def substance(rule: Rule) -> str:
    """What a rule says, in its own words: "share = 1/5, rate = at_least"; a field from another
    article names it."""
    said = []
    for name in rule.__struct_fields__:
        value = told(getattr(rule, name))
        if name in _OF_EVERY_RULE or not value or not isinstance(value, (str, int)):
            continue
        article = f" ({rule.articles[name]})" if name in rule.articles else ""
        said.append(f"{name} = {str(value).lower() if value is True else value}{article}")
    return f" · {', '.join(said)}" if said else ""


def told(value: object) -> object:
    """Lists of words and settings on one line; everything else as it is."""
    if isinstance(value, tuple) and all(isinstance(word, str) for word in value):
        return " ".join(value)
    if isinstance(value, dict) and all(isinstance(word, str) for word in value.values()):
        return " ".join(f"{name}={word}" for name, word in value.items())
    return value


# --- quorum -----------------------------------------------------------------------------------


def _quorum(args: argparse.Namespace) -> None:
    statute = statute_named(args.statute, args.lang)
    base, _, said = args.of.partition("=")
    count = given.whole(said)
    if not base or count is None:
        raise BadInput(say("of_form", args.lang, args.of))
    rule = statute.call(args.call)
    if rule is None:
        known = ", ".join(str(call.call) for call in statute.assembly.calls)
        raise BadInput(say("no_call", args.lang, known, args.call))
    if rule.of != base:
        words = (args.call, rule.of, base, rule.article, rule.of)
        raise BadInput(say("other_base", args.lang, *words))
    if count < 1:
        raise BadInput(say("empty_base", args.lang, count))
    needed = required(rule, count)
    if args.json:
        _print_json(
            {
                "statute": statute.id,
                "call": rule.call,
                "of": base,
                "count": count,
                "required": needed,
                "article": rule.article,
                "law": rule.law or statute.law,
                "status": rule.status,
                "draft": rule.status == "draft",
            }
        )
        return
    law = rule.law or statute.law
    sentence = say("quorum", args.lang, rule.call, needed, count, base)
    print(f"{sentence} ({say('article', args.lang, rule.article)}, {law}).")
    if needed > count:
        print(say("unmeetable", args.lang))
    if rule.status == "draft":
        print(say("is_draft", args.lang))


# --- surplus ----------------------------------------------------------------------------------


def _surplus(args: argparse.Namespace) -> None:
    statute = statute_named(args.statute, args.lang)
    try:
        waterfall = share_out(
            statute.surplus, read_case(read_json(sys.stdin, args.lang)), statute.members.kinds
        )
    except InvalidCase as error:
        faults = "\n".join(fault.in_words(args.lang) for fault in error.faults)
        raise BadInput(faults) from None
    draft = statute_is_draft(statute, waterfall)
    if args.json:
        data = msgspec.to_builtins(waterfall)
        _print_json({"statute": statute.id, "draft": draft, **data})
        return
    print("\n".join(_waterfall_in_words(statute, waterfall, args.lang)))
    if draft:
        print(say("is_draft", args.lang))


def read_json(source: TextIO, lang: str) -> object:
    """JSON whose decimals stay exact text ("0.15"): a float never enters a calculation."""
    try:
        return given.read_json(source.read(), str)
    except given.Unreadable as error:
        raise BadInput(say("not_json", lang, error.es if lang == "es" else error.en)) from None
    except ValueError as error:  # bytes that are no text
        raise BadInput(say("not_json", lang, error)) from None


def statute_is_draft(statute: Statute, waterfall: Waterfall) -> bool:
    """Whether a step of this waterfall, or the rule around it, is a draft."""
    return statute.surplus.status == "draft" or any(s.status == "draft" for s in waterfall.steps)


def _waterfall_in_words(statute: Statute, waterfall: Waterfall, lang: str) -> Iterable[str]:
    yield f"{statute.title[lang]} — {statute.law}"
    yield say("smallest", lang, f" ({waterfall.unit})" if waterfall.unit else "")
    if waterfall.tax:
        yield _line(say("tax", lang), waterfall.tax)
    for share in waterfall.steps:
        law = f", {share.law}" if share.law else ""
        basis = f"{share.base} {share.base_amount:,}"
        yield _line(
            share.fund, share.amount, f"{say('article', lang, share.article)}{law} · {basis}"
        )
    yield _line(say("distributable", lang), waterfall.distributable)
    if waterfall.undecided:
        yield _line(say("undecided", lang), waterfall.undecided)
    for name in ("allocations", "interest", "cash", "contribution"):
        table = getattr(waterfall, name)
        if table:
            yield say(name, lang)
            yield from (_line(member, amount) for member, amount in table.items())
    if waterfall.open:
        yield say("open", lang)
    for item in waterfall.open:
        reason = say("up_to", lang, f"{item.amount:,}", item.reason[lang])
        name = item.step or say("undecided", lang)
        yield f"  {name:<28} {reason} ({say('article', lang, item.article)})"
    yield from (note[lang] for note in waterfall.notes)


def _line(name: str, amount: int, basis: str = "") -> str:
    return f"  {name:<28}{amount:>18,}  {basis}".rstrip()
