"""The verbs at a terminal: what they print, what they leave behind, how they end."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comuna.book import store
from comuna.cli import main
from comuna.home import Home
from comuna.rules.names import day
from comuna.rules.state import DAY
from tests.clerk.little_body import TREASURER, LittleBody, little_home

DESCRIPTION = """
name = "Cooperativa La Esperanza"
unit = "USD"
statute = "simple"
[[founders]]
name = "Ana Rojas"
document = "V-1"
born = "1971-05-03"
offices = ["secretary"]
[[founders]]
name = "Luis Pérez"
offices = ["coordination"]
[[founders]]
name = "Marta Gil"
offices = ["treasurer"]
[[founders]]
name = "José Díaz"
offices = ["oversight"]
[[founders]]
name = "Rosa Mora"
offices = ["tellers"]
"""


@pytest.fixture
def grown(tmp_path: Path) -> tuple[Path, LittleBody]:
    home, body = little_home(tmp_path / "home")
    body.clerk.checkpoint(body.body)
    return home.folder, body


def lines(printed: str) -> list[Any]:
    return [json.loads(line) for line in printed.splitlines()]


def test_founding_makes_a_home_a_book_and_a_recovery_sheet_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    description = tmp_path / "body.toml"
    description.write_text(DESCRIPTION, "utf-8")
    home = tmp_path / "home"
    assert main(["found", "--home", str(home), str(description)]) == 0
    founded = lines(capsys.readouterr().out)[0]
    assert founded["number"] == 1
    assert len(list((home / "sheets").iterdir())) == 5
    database = Home(home).database()
    assert store.bodies(database) == [founded["body"]]
    assert b"Ana" not in (store.entry(database, founded["body"], 1) or b"")
    assert main(["verify", str(home)]) == 0


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (('statute = "simple"', 'statute = "nowhere"'), 2, "there is no statute"),
        (('born = "1971-05-03"', 'born = "3/5/71"'), 2, "born is a day"),
        (('name = "Ana Rojas"', 'name = ""'), 2, "has no name"),
        (('unit = "USD"', 'units = "USD"'), 2, "is not known"),
        (('offices = ["tellers"]', 'offices = ["treasurer"]'), 1, "more_than_the_seats"),
    ],
)
def test_a_founding_that_is_unclear_or_unlawful_leaves_nothing_behind(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, str],
    status: int,
    words: str,
) -> None:
    description = tmp_path / "body.toml"
    description.write_text(DESCRIPTION.replace(*change), "utf-8")
    assert main(["found", "--home", str(tmp_path / "home"), str(description)]) == status
    printed = capsys.readouterr()
    assert words in printed.out + printed.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["body.toml"]


def record(monkeypatch: pytest.MonkeyPatch, home: Path, content: bytes, *options: str) -> int:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    return main(["record", "--home", str(home), *options])


def test_recording_answers_each_line_and_goes_on_after_a_refusal(
    grown: tuple[Path, LittleBody],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, body = grown
    size = store.size(body.clerk.database, body.body)
    sales = [
        msgspec.json.encode(body.submission(n, body.sale(100, f"sale {k}"), nonce=f"sale {k}"))
        for k, n in enumerate((TREASURER, 1, TREASURER))
    ]
    content = b"\n".join([sales[0], b"not an act", sales[1], sales[2]])
    assert record(monkeypatch, home, content) == 1
    answers = lines(capsys.readouterr().out)
    assert [a.get("number") for a in answers] == [size + 1, None, None, size + 2]
    assert [a["refusal"]["rule"] for a in answers if "refusal" in a] == [
        "line_malformed",
        "no_mandate",
    ]
    assert all(set(a["refusal"]) >= {"rule", "message", "remedy"} for a in answers[1:3])


def test_recording_the_same_lines_again_gives_the_same_numbers(
    grown: tuple[Path, LittleBody],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, body = grown
    content = msgspec.json.encode(body.submission(TREASURER, body.sale(100, "one"), nonce="one"))
    assert record(monkeypatch, home, content) == 0
    first = capsys.readouterr().out
    assert record(monkeypatch, home, content) == 0
    assert capsys.readouterr().out == first


def test_a_dry_run_judges_and_writes_nothing(
    grown: tuple[Path, LittleBody],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, body = grown
    size = store.size(body.clerk.database, body.body)
    content = b"\n".join(
        msgspec.json.encode(body.submission(TREASURER, body.sale(100, f"s{n}"), nonce=f"s{n}"))
        for n in range(2)
    )
    assert record(monkeypatch, home, content, "--dry-run") == 0
    assert lines(capsys.readouterr().out) == [{"number": size + 1}, {"number": size + 2}]
    assert store.size(body.clerk.database, body.body) == size


def test_a_receipt_checks_with_nothing_but_the_file(
    grown: tuple[Path, LittleBody], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    home, body = grown
    assert main(["receipt", "--home", str(home), "3"]) == 0
    file = tmp_path / "receipt"
    file.write_bytes(capfdbinary.readouterr().out)
    assert main(["check-receipt", str(file)]) == 0
    checked = json.loads(capfdbinary.readouterr().out)
    assert (checked["valid"], checked["number"], checked["body"]) == (True, 3, body.body)
    file.write_bytes(file.read_bytes().replace(b"Casa", b"Cama"))
    assert main(["check-receipt", str(file)]) == 1
    assert json.loads(capfdbinary.readouterr().out)["valid"] is False


def test_an_exported_book_and_a_kept_checkpoint_verify(
    grown: tuple[Path, LittleBody], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, body = grown
    assert main(["checkpoint", "--home", str(home)]) == 0
    kept = tmp_path / "kept"
    kept.write_text(capsys.readouterr().out, "utf-8")
    body.do(TREASURER, body.sale(100, "after the checkpoint"))
    assert main(["export", "--home", str(home), "--to", "tiles", "--out", str(tmp_path / "t")]) == 0
    for place in (home, tmp_path / "t"):
        assert main(["verify", str(place), "--against", str(kept)]) == 0


def test_readings_that_somebody_changed_are_found_and_made_again(
    grown: tuple[Path, LittleBody], capsys: pytest.CaptureFixture[str]
) -> None:
    home, body = grown
    body.do(TREASURER, body.sale(100, "a sale"))
    body.clerk.database.execute("UPDATE reading_balance SET amount = amount + 1")
    assert main(["verify", str(home), "--json"]) == 1
    assert "reading_differs" in capsys.readouterr().out
    assert main(["rebuild", "--home", str(home)]) == 0
    assert main(["verify", str(home)]) == 0


@pytest.mark.parametrize("name", ["balance", "funds", "payments", "decisions", "offices", "flow"])
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_reports_come_as_text_json_and_csv(
    grown: tuple[Path, LittleBody], name: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home, _ = grown
    assert main(["report", "--home", str(home), name, "--format", form]) == 0
    printed = capsys.readouterr().out
    assert printed.strip()
    if form == "json":
        json.loads(printed)


@pytest.mark.parametrize(
    "command",
    [
        ["record", "--home", "nowhere"],
        ["show", "--home", "nowhere"],
        ["verify", "nowhere"],
        ["found", "--home", "somewhere", "nothing.toml"],
        ["check-receipt", "nothing"],
    ],
)
def test_a_wrong_question_ends_with_two_and_says_why(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    assert capsys.readouterr().err.strip()
    assert list(tmp_path.iterdir()) == []


def test_show_and_log_tell_what_stands_here(
    grown: tuple[Path, LittleBody], capsys: pytest.CaptureFixture[str]
) -> None:
    home, body = grown
    assert main(["show", "--home", str(home), "--json"]) == 0
    (shown,) = json.loads(capsys.readouterr().out)
    desk = body.clerk.desk(body.body)
    assert (shown["body"], shown["size"]) == (body.body, desk.tree.size)
    assert shown["root"] == desk.tree.root().hex()
    assert main(["log", "--home", str(home), "--json"]) == 0
    assert [e["number"] for e in lines(capsys.readouterr().out)] == list(
        range(1, shown["size"] + 1)
    )
    for lang in ("es", "en"):
        assert main(["show", "--home", str(home), "--lang", lang]) == 0
        assert main(["log", "--home", str(home), "--lang", lang]) == 0
    assert "La Pequeña" in capsys.readouterr().out


def test_a_pin_is_for_a_member_of_the_body(
    grown: tuple[Path, LittleBody], capsys: pytest.CaptureFixture[str]
) -> None:
    home, body = grown
    for stranger in (0, len(body.clerk.state(body.body).people) + 1):
        assert main(["pin", "--home", str(home), str(stranger)]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert "there is no member" in told.err


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    told = capsys.readouterr().out
    assert "verify" in told
    assert "check-receipt" in told


@pytest.mark.parametrize("option", ["--count", "--after"])
def test_the_log_has_no_negative_part(
    option: str, grown: tuple[Path, LittleBody], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["log", "--home", str(grown[0]), option, "-1"])
    assert ended.value.code == 2
    assert "a whole number from 0" in capsys.readouterr().err


def test_a_jump_of_the_clock_is_refused_until_somebody_at_the_machine_confirms_the_date(
    grown: tuple[Path, LittleBody], capsys: pytest.CaptureFixture[str]
) -> None:
    home, body = grown
    watch = Home(home).watch()
    watch.believe(watch.wall() - 90 * DAY, watch.running())
    act = {"kind": "complain", "about": "", "text": "The well is dry."}
    line = json.dumps({"act": act, "by": {"member": 3, "form": "attested"}, "nonce": "well"})
    (home / "acts").write_text(line, "utf-8")

    def answer(*words: str) -> Any:
        status = main([*words[:1], "--home", str(home), *words[1:]])
        said = json.loads(capsys.readouterr().out)
        assert (status == 1) == ("refusal" in said)
        return said.get("refusal", {}).get("rule") or said

    assert answer("record", str(home / "acts")) == "clock_jumped"
    assert answer("clock") == "clock_jumped"
    for wrong in ("2035-01-01", "today", "05-03-2026"):
        assert answer("clock", "--confirm", wrong) == "clock_differs"
    said = answer("clock", "--confirm", day(watch.wall()))
    assert said["books"] == {body.body: body.clerk.state(body.body).now}
    assert abs(said["clock"] - watch.wall()) < DAY
    assert answer("record", str(home / "acts")) != "clock_jumped"
