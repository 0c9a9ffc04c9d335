"""Facts into the tables that people look up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def fold(database: Any, body: str, judged: Sequence[tuple[Any, Sequence[Any]]]) -> None:
    """Fold the facts of judged entries into the readings of a body."""
