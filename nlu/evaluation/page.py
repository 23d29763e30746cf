"""The report as one HTML page with pictures, which needs nothing but a browser; written by `nlu/report.py`."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from nlu.evaluation.measures import BINS, Measures

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 100rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: 0 .35rem; text-align: right; font-weight: 400; }
.heat { overflow-x: auto; } .heat td { color: #111; font-size: .75rem; min-width: 1.6rem; }
.heat thead th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; height: 11rem; }
.heat tbody th { position: sticky; left: 0; background: Canvas; }
svg { max-width: 100%; } text { fill: CanvasText; font-size: 12px; }
"""
_BAR, _WIDTH, _SIZE = 18, 600, 320


def write_page(measures: Measures, file: Path) -> None:
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>What Alley understands</title><style>{_STYLE}</style><h1>What Alley understands</h1>",
        f"<p>{measures.sentences:,} held-out sentences. Mean over languages: <b>{measures.mean:.1%}</b>. Out of scope: "
        f"recall {measures.out_of_scope.recall:.1%}, precision {measures.out_of_scope.precision:.1%}. Danger to life: "
        f"recall {measures.urgency.recall:.1%}, precision {measures.urgency.precision:.1%}. Category of problems: "
        f"{measures.category:.1%}.</p>",
        "<h2>Accuracy by language</h2>", _bars(measures.languages),
        "<h2>By language and label</h2>", _heat_map(measures),
        "<h2>Confidence and how often it is right</h2>", _calibration(measures),
        "<h2>What is taken for what</h2>", _confusions(measures),
        f"<h2>Language identified</h2><p>{measures.identified:.1%} of the sentences of three words or more.</p>",
        _bars(measures.identified_by_language),
    ]  # fmt: skip
    file.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _bars(shares: dict[str, float]) -> str:
    """From 50% to 100%: nothing here lies lower, and what differs shows."""
    rows = []
    for number, (name, share) in enumerate(sorted(shares.items(), key=lambda each: -each[1])):
        y, length = number * _BAR, max(share - 0.5, 0) * 2 * _WIDTH
        rows.append(
            f"<text x=70 y={y + 13} text-anchor=end>{escape(name)}</text>"
            f"<rect x=78 y={y + 2} width={length:.0f} height={_BAR - 4} fill='{_colour(share)}'/>"
            f"<text x={84 + length:.0f} y={y + 13}>{share:.1%}</text>"
        )
    return _picture("bars", _WIDTH + 160, len(shares) * _BAR, rows)


def _heat_map(measures: Measures) -> str:
    languages, labels = list(measures.languages), list(measures.labels)
    head = "".join(f"<th scope=col>{escape(label)}" for label in labels)
    rows = []
    for language in languages:
        cells = [measures.cells.get((language, label)) for label in labels]
        shown = "".join("<td>" if c is None else f"<td style='background:{_colour(c)}'>{c:.0%}" for c in cells)
        rows.append(f"<tr><th scope=row>{escape(language)}{shown}")
    return f"<div class=heat><table><thead><tr><td>{head}</thead><tbody>{''.join(rows)}</table></div>"


def _calibration(measures: Measures) -> str:
    """A point a tenth of the scale, as large as it has sentences; on the line, confidence is what it says."""
    largest = max(each.count for each in measures.bins)
    points = [
        f"<circle cx={40 + each.confidence * _SIZE:.0f} cy={20 + (1 - each.right) * _SIZE:.0f} "
        f"r={3 + 9 * (each.count / largest) ** 0.5:.1f} fill='#2a6f97'><title>{each.count} sentences: confidence "
        f"{each.confidence:.0%}, right {each.right:.0%}</title></circle>"
        for each in measures.bins
        if each.count
    ]
    line = f"<line x1=40 y1={20 + _SIZE} x2={40 + _SIZE} y2=20 stroke='#999'/>"
    scale = [
        f"<text x={40 + _SIZE * i / BINS:.0f} y={_SIZE + 38} text-anchor=middle>{i * 10}</text>"
        for i in range(0, 11, 2)
    ]
    error = f"<p>Expected calibration error {measures.calibration_error:.3f}; across: confidence, up: share right.</p>"
    return _picture("calibration", _SIZE + 80, _SIZE + 50, [line, *points, *scale]) + error


def _confusions(measures: Measures) -> str:
    rows = "".join(
        f"<tr><td>{escape(meant)}<td>{escape(answered)}<td>{times}"
        for meant, answered, times in measures.confusions[:40]
    )
    return f"<table><thead><tr><th>meant<th>answered<th>times</thead><tbody>{rows}</table>"


def _picture(name: str, width: int, height: int, parts: Iterable[str]) -> str:
    box = f"width={width} height={height} viewBox='0 0 {width} {height}'"
    return f"<svg role=img aria-label={name} {box}>{''.join(parts)}</svg>"


def _colour(share: float) -> str:
    """From red at a half, or less, to green at the whole."""
    return f"hsl({max(share - 0.5, 0) * 240:.0f} 60% 62%)"
