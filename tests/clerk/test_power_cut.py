"""After a power cut: what was acknowledged is there, what was signed is there."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from comuna.book import checkpoint, store, tree
from comuna.book.database import PRAGMAS, Database
from comuna.clerk import Clerk, Recorded
from comuna.rules.state import DAY
from tests.clerk.little_body import BOOK_KEY, TREASURER, LittleBody, little_body
from tests.clerk.power_cut import Disk, PowerCut, Vfs

SEEDS = 300
CONNECTING = 15  # writes before the first sale: a cut there has nothing to lose


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book past its first assembly, at rest."""
    path = tmp_path_factory.mktemp("grown") / "comuna.db"
    body = little_body(path)
    body.clerk.close()
    return path


class CutDatabase(Database):
    """A database on a disk that will lose power; every pragma as in the house, or with one changed
    to show that the test can fail."""

    def __init__(self, path: Path, vfs: str, synchronous: str = "FULL") -> None:
        self.place = str(path)
        self.postgresql = False
        self.connection = apsw.Connection(str(path), vfs=vfs)
        for pragma in PRAGMAS:
            self.connection.execute(pragma.replace("=FULL", f"={synchronous}"))


def live_until_the_cut(
    grown: Path, folder: Path, seed: int, synchronous: str = "FULL"
) -> tuple[dict[int, int], list[bytes], Path]:
    """Sell until the lights go out. Gives acknowledged numbers with amounts, checkpoints that were
    given out, and the file that is left."""
    before, after = folder / "before", folder / "after"
    before.mkdir()
    after.mkdir()
    path = Path(shutil.copy(grown, before / "comuna.db"))
    disk = Disk(seed, writes_until_cut=CONNECTING + (seed * 7919) % 90)
    vfs = Vfs(f"{folder}-{synchronous}", disk)
    acknowledged: dict[int, int] = {}
    given_out: list[bytes] = []
    database = CutDatabase(path, f"{folder}-{synchronous}", synchronous)
    with suppress(PowerCut, apsw.Error):
        sell(LittleBody(database), acknowledged, given_out)
    disk.remains(after)
    disk.over = True
    database.close()
    vfs.unregister()
    return acknowledged, given_out, after / "comuna.db"


def sell(body: LittleBody, acknowledged: dict[int, int], given_out: list[bytes]) -> None:
    body.now += 20 * DAY
    for n in range(1, 40):
        sale = body.submission(TREASURER, body.sale(100 + n, f"sale {n}"), nonce=f"sale {n}")
        result = body.clerk.submit(sale)
        assert isinstance(result, Recorded)
        acknowledged[result.number] = 100 + n
        if n % 3 == 0:
            given_out.append(body.clerk.checkpoint(body.body))


def losses(acknowledged: dict[int, int], given_out: list[bytes], path: Path) -> list[str]:
    """What the file that is left no longer holds though it was promised."""
    database = Database(path)
    clerk = Clerk(database, BOOK_KEY)
    body = store.bodies(database)[0]
    desk = clerk.refresh(body)
    found = [desk.finding] if desk.finding else []
    rows = {number: data for number, data, _ in store.entries(database, body)}
    found += [f"act {n} was acknowledged" for n in acknowledged if n not in rows]
    leaves = store.leaves(database, body, 2**60)
    for signed in given_out:
        head = checkpoint.parse(signed)[0]
        if len(leaves) < head.size or tree.root(leaves[: head.size]) != head.root:
            found.append(f"the checkpoint of {head.size} was given out")
    if sum(desk.state.balances.values()):
        found.append("the books do not balance")
    sales = set(acknowledged.values())
    posted = {m.lines[0][1] for m in desk.state.movements.values()}
    if not sales <= posted:
        found.append("an acknowledged sale is not in the accounts")
    database.close()
    return found


def test_a_power_cut_loses_nothing_that_was_acknowledged_or_signed(
    grown: Path, tmp_path: Path
) -> None:
    promised = 0
    for seed in range(SEEDS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        acknowledged, given_out, path = live_until_the_cut(grown, folder, seed)
        assert losses(acknowledged, given_out, path) == [], f"seed {seed}"
        promised += len(acknowledged)
        shutil.rmtree(folder)
    assert promised > SEEDS  # the cuts came late enough to have something to lose


def test_the_same_cuts_without_full_synchronisation_do_lose(grown: Path, tmp_path: Path) -> None:
    lost = 0
    for seed in range(40):
        folder = tmp_path / str(seed)
        folder.mkdir()
        lost += bool(losses(*live_until_the_cut(grown, folder, seed, "NORMAL")))
    assert lost > 10
