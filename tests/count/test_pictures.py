from fractions import Fraction
from xml.etree import ElementTree

from comuna.count.methods import count
from comuna.count.pictures import money_picture, represented_picture, rounds_picture
from comuna.count.rule import Rule

from .helpers import projects, rankings

SVG = "{http://www.w3.org/2000/svg}"


def bars(picture: str) -> list[tuple[int, str]]:
    tree = ElementTree.fromstring(picture)
    return [(int(each.attrib["width"]), each[0].text or "") for each in tree.iter(f"{SVG}rect")]


def test_the_rounds_of_a_count_are_drawn_with_a_title_for_every_mark() -> None:
    result = count(Rule(method="irv"), rankings({"A": 4, "B>C": 3, "C>B": 2}, "ABC"))
    for language in ("es", "en"):
        drawn = bars(rounds_picture(result, language))
        assert len(drawn) >= 3 * len(result.rounds)
        assert all(title for _, title in drawn)
    second = [width for width, title in bars(rounds_picture(result)) if title.startswith("B, 2: 5")]
    first = [width for width, title in bars(rounds_picture(result)) if title.startswith("B, 1: 3")]
    assert len(second) == 2  # what it had, and what it received
    assert sum(second) > sum(first)


def test_money_is_drawn_funded_or_as_far_as_it_went() -> None:
    ballots = projects({"a<b": 60, "c": 40, "d": 40}, [(6, ["a<b", "c"]), (4, ["d"])])
    result = count(Rule(method="equal-shares", budget=Fraction(100), ties=("id",)), ballots)
    drawn = bars(money_picture(result, "es"))
    funded = [width for width, title in drawn if title.startswith("a<b se financia")]
    unfunded = [width for width, title in drawn if title.startswith("c cuesta")]
    assert funded[0] == funded[1] > 0
    assert unfunded[0] > 0 == unfunded[1]


def test_who_is_represented_is_drawn_in_proportion() -> None:
    (whole, _), (part, title) = bars(represented_picture(30, 120))
    assert part * 4 == whole
    assert title == "30 / 120"
