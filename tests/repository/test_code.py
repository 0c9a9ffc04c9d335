"""How the deciding code is written: exact, without clock or chance, in small functions."""

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "comuna"
# A linear solver works in floating point and only proposes: what it proposes for a panel or a plan
# is checked in integers before it counts (tests/count, tests/plan).
PROPOSING = {SOURCE / "count" / "panel_solver.py"}
DECIDING = sorted(
    path
    for room in ("rules", "count")
    for path in (SOURCE / room).rglob("*.py")
    if path not in PROPOSING
)
RULES = sorted((SOURCE / "rules").rglob("*.py"))
LONGEST_FUNCTION = 70
EXACT_MATH = {"ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm", "prod"}
CLOCKS = {"now", "today", "utcnow"}


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def inexact(tree: ast.AST) -> list[str]:
    """Where a float, a clock or chance could come into a judgement."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex()):
                found.append((node.lineno, "a float"))
            case ast.Call(func=ast.Name(id="float" | "complex" as function)):
                found.append((node.lineno, f"{function}()"))
            case ast.Attribute(value=ast.Name(id="math"), attr=attr) if attr not in EXACT_MATH:
                found.append((node.lineno, f"math.{attr}"))
            case ast.ImportFrom(module="math", names=names):
                inexact = [n.name for n in names if n.name not in EXACT_MATH]
                found += [(node.lineno, f"math.{attr}") for attr in inexact]
            case ast.Attribute(value=ast.Name(id="datetime" | "date"), attr=attr) if attr in CLOCKS:
                found.append((node.lineno, f"a clock: {attr}"))
            case ast.Call(func=ast.Attribute(attr="fromtimestamp"), args=[_], keywords=[]):
                found.append((node.lineno, "the machine's time zone"))
            case ast.Import(names=names):
                modules = {n.name.split(".")[0] for n in names} & {"time", "random", "secrets"}
                found += [(node.lineno, f"import {module}") for module in sorted(modules)]
            case ast.ImportFrom(module="time" | "random" | "secrets" as module):
                found.append((node.lineno, f"import {module}"))
    return [f"line {line}: {what}" for line, what in found]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, its docstring apart."""
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


@pytest.mark.parametrize("path", DECIDING, ids=name)
def test_deciding_code_is_exact_and_knows_no_clock_and_no_chance(path):
    assert inexact(ast.parse(path.read_text())) == []


@pytest.mark.parametrize(
    "code",
    [
        "x = 0.5",
        "float(x)",
        "math.sqrt(2)",
        "from math import log",
        "datetime.now()",
        "import time",
    ],
)
def test_the_search_for_inexact_code_finds(code):
    assert inexact(ast.parse(code))


@pytest.mark.parametrize("path", RULES, ids=name)
def test_functions_of_the_rules_fit_on_a_screen(path):
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = {f.name: length(f) for f in functions if length(f) > LONGEST_FUNCTION}
    assert long == {}


@pytest.mark.parametrize("path", RULES, ids=name)
def test_the_rules_speak_the_glossary(path):
    # surplus, roll, spokesperson: the words that members and statutes use
    other_words = re.compile(r"\b(profit|earnings|census|representative|superuser)s?\b", re.I)
    assert other_words.findall(path.read_text()) == []
