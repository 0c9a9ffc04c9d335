from pathlib import Path

from comuna.count.rule import METHODS

PAGES = Path(__file__).resolve().parents[2] / "docs" / "count"


def test_every_method_has_its_page_with_an_example_and_a_source() -> None:
    for method in METHODS:
        page = (PAGES / f"{method}.md").read_text()
        for heading in ("When to use it", "An example by hand", "What it promises", "Source"):
            assert f"## {heading}" in page, (method, heading)


def test_every_option_of_a_method_is_named_in_the_pages() -> None:
    text = "".join(path.read_text() for path in PAGES.glob("*.md"))
    for takes, _ in METHODS.values():
        for option in takes - {"seats", "budget"}:
            assert f"`{option}" in text, option
