"""The demo: a body's year, lived in a moment, then its pages with some members ready to sign in."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from comuna import words
from comuna.home import Home
from comuna.words import Lang
from comuna.world.year import live_a_year

SHEETS = "demo-members.json"
TEXTS = {
    "living": {"en": "Living a year", "es": "Viviendo un año"},
    "there": {
        "en": "A demo is here already; it is shown again. Another folder: --home DIR",
        "es": "Aquí ya hay una demostración; se muestra de nuevo. Otra carpeta: --home DIR",
    },
    "lived": {
        "en": "{acts} acts of {name} in {seconds} s. Refused along the way and not written:",
        "es": "{acts} actos de {name} en {seconds} s. Rechazado en el camino y no escrito:",
    },
    "sign_in": {
        "en": "Sign in with a member number and PIN:",
        "es": "Entre con un número de persona socia y su PIN:",
    },
    "open": {
        "en": "Open {address} in a browser. End with Ctrl-C.",
        "es": "Abra {address} en un navegador. Termine con Ctrl-C.",
    },
    "key": {
        "en": "The recovery text of their keys, to sign acts with: {path}",
        "es": "El texto para recuperar sus claves y firmar actos: {path}",
    },
}


def run(
    folder: Path,
    seed: int,
    lang: Lang,
    progress: Callable[[str], Callable[[int, int], None]],
    serve: bool,
    port: int,
) -> int:
    """Live a year in a new folder (or find the one lived there), and show it. Gives the exit
    status."""
    if (folder / "settings.toml").exists():
        say(lang, "there")
    else:
        # Lived beside and then moved, so that an interrupted demo leaves nothing half lived.
        beside = folder.with_name(folder.name + ".part")
        shutil.rmtree(beside, ignore_errors=True)
        live(Home.create(beside), seed, lang, progress(TEXTS["living"][lang]))
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(folder)
        give_pins(Home(folder))
    home = Home(folder)
    members(home, lang)
    if serve:
        from comuna.web.server import serve as serve_pages

        say(lang, "open", address=f"http://127.0.0.1:{port}/")
        serve_pages(home, port)
    return 0


def live(home: Home, seed: int, lang: Lang, bar: Callable[[int, int], None]) -> None:
    """Live the year, tell what was refused in it, and write down who can sign in."""
    start = time.monotonic()
    year = live_a_year(home, seed, lang=lang, progress=bar)
    seconds = f"{time.monotonic() - start:.1f}"
    state = home.clerk().state(year.body)
    say(lang, "lived", acts=state.head, name=state.name, seconds=seconds)
    for misuse in year.refused:
        print(f"  – {words.refusal(misuse.refusal, lang, state).message}")
    sheets = [
        {
            "body": year.body,
            "member": s.member,
            "name": s.name,
            "offices": list(s.offices),
            "pin": s.pin,
            "recovery": s.recovery,
        }
        for s in year.sheets
    ]
    text = json.dumps(sheets, ensure_ascii=False, indent=1)
    (home.folder / SHEETS).write_text(text + "\n", "utf-8")


def give_pins(home: Home) -> None:
    """What the sheets say, where the home stays: Django is settled on one place in a process."""
    from comuna.web.acting.pin import set_pin

    for sheet in sheets_of(home):
        set_pin(home, sheet["body"], sheet["member"], sheet["pin"])


def sheets_of(home: Home) -> list[dict[str, Any]]:
    """Who can sign in; none in a home that is no demo."""
    path = home.folder / SHEETS
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


def members(home: Home, lang: Lang) -> None:
    """Who can sign in, on the terminal."""
    sheets = sheets_of(home)
    if not sheets:
        return
    say(lang, "sign_in")
    for sheet in sheets:
        offices = ", ".join(sheet["offices"])
        print(f"  {sheet['member']:>4}  PIN {sheet['pin']:<8}  {sheet['name']}  {offices}")
    say(lang, "key", path=home.folder / SHEETS)


def say(lang: Lang, text: str, **params: object) -> None:
    print(TEXTS[text][lang].format(**params))
    sys.stdout.flush()
