"""A process's readings as a picture: the readings, the level that the filter sees, spikes and
alerts, each told in text too."""

from collections.abc import Callable, Sequence

from comuna.plan.drawing import INK, MARGIN, MUTED, RULE, SHORT, USED, picture, text
from comuna.plan.watching import Alert, Seen

WIDE, HIGH, LEFT, TOP = 330, 160, 54, 64
_WORDS = {
    "es": ("Lecturas, su nivel y los avisos", "lectura", "nivel", "pico", "aviso",
           {"step": "cambio de nivel", "slope": "cambio de ritmo"}),
    "en": ("Readings, their level and the alerts", "reading", "level", "spike", "alert",
           {"step": "step of the level", "slope": "change of the slope"}),
}  # fmt: skip


def watching_picture(
    times: Sequence[str],
    values: Sequence[float],
    seen: Sequence[Seen],
    told: Sequence[Alert],
    language: str,
) -> str:
    """The picture as SVG. A spike is a hollow diamond, an alert a flag with its word."""
    title, reading, level, spike, alert, kinds = _WORDS[language]
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = WIDE / max(1, len(values) - 1)

    def place(at: float, value: float) -> tuple[float, float]:
        return LEFT + step * at, TOP + HIGH * (1 - (value - low) / spread)

    body = [
        *(_mark(low + spread * k / 4, place) for k in range(5)),
        text(LEFT, TOP + HIGH + 18, times[0]),
        text(LEFT + WIDE, TOP + HIGH + 18, times[-1], "end"),
        _line([place(at, each.level) for at, each in enumerate(seen)], USED, 2.5),
        _line([place(at, value) for at, value in enumerate(values)], INK, 0.8),
    ]
    for at, (value, each) in enumerate(zip(values, seen, strict=True)):
        if each.spike:
            x, y = place(at, value)
            body.append(
                f'<path d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z" fill="none" class="{SHORT}-line" '
                f'stroke-width="1.5"><title>{spike} {times[at]}: {value:g}</title></path>'
            )
    for number, alarm in enumerate(told, 1):
        x, _ = place(alarm.since, values[alarm.since])
        body.append(f'<path d="M{x:.1f} {TOP}V{TOP + HIGH}" class="{SHORT}-line" '
                    'stroke-dasharray="3 3"/>')  # fmt: skip
        body.append(text(x + 3, TOP + 12, str(number)))
        words = f"{number} · {times[alarm.since]}: {kinds[alarm.kind]}, {alarm.moved:+.1f} σ"
        body.append(text(MARGIN, TOP + HIGH + 22 + 18 * number, words))
    body += [text(MARGIN, 46, f"— {reading}   ━ {level}   ◇ {spike}   ┆ {alert}", kind=MUTED)]
    height = TOP + HIGH + 34 + 18 * len(told)
    return picture(title, height, body)


def _mark(value: float, place: Callable[[float, float], tuple[float, float]]) -> str:
    x, y = place(0, value)
    return (f'<path d="M{x:.1f} {y:.1f}h{WIDE}" class="{RULE}-line" stroke-width="0.5"/>'
            + text(x - 6, y + 4, f"{value:.4g}", "end", kind=MUTED))  # fmt: skip


def _line(points: Sequence[tuple[float, float]], kind: str, width: float) -> str:
    where = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{where}" fill="none" class="{kind}-line" stroke-width="{width}"/>'
