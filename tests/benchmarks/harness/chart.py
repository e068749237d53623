"""The picture of a run: for each group, the times of ours and of the peers as bars.

Bars are relative to the fastest peer of the group (1.0, a line); where there is none, to ours.
"""
from xml.sax.saxutils import escape

from report import duration

WIDTH, LABEL, BAR, ROW, HEAD = 860, 250, 440, 18, 26
LONGEST = 3.0  # times the fastest peer; longer bars are cut and marked
OURS, THEIRS = "#2563a8", "#b9bec6"


def is_ours(row):
    return row["label"].startswith(("Tenon", "tenonc"))


def bars_of(group):
    """(row, length relative to the fastest peer), limits left out."""
    rows = [row for row in group["participants"]
            if "ratio_to_best_peer" in row or is_ours(row)]
    return [(row, row.get("ratio_to_best_peer", 1.0)) for row in rows]


def text(x, y, words, extra=""):
    return f'<text x="{x}" y="{y}" {extra}>{escape(words)}</text>'


def bar(row, length, y):
    scale = BAR / LONGEST
    cut = min(length, LONGEST)
    colour = OURS if is_ours(row) else THEIRS
    yield text(LABEL - 8, y + 12, row["label"], 'text-anchor="end"')
    yield f'<rect x="{LABEL}" y="{y + 2}" width="{cut * scale:.1f}" height="{ROW - 5}" fill="{colour}"/>'
    words = duration(row["median_s"])
    if "ratio_to_best_peer" in row:
        words += f" ({length:.2f})"
    beyond_line = max(cut, 1.0)
    yield text(f"{LABEL + beyond_line * scale + 6:.1f}", y + 12, ("… " if length > LONGEST else "") + words)


def draw(run):
    """The picture as SVG."""
    caption = "Time of one iteration (in brackets: relative to the fastest peer, the dashed line). Shorter is better."
    body, y = [text(10, 20, caption)], 32
    for group in run["groups"]:
        bars = bars_of(group)
        if not bars:
            continue
        threads = "1 thread" if group["threads"] == 1 else f"{group['threads']} threads"
        body.append(text(10, y + 16, f"{group['title']}, {threads}", 'font-weight="bold"'))
        y += HEAD
        if any("ratio_to_best_peer" in row for row, _ in bars):
            x = f"{LABEL + BAR / LONGEST:.1f}"
            body.append(f'<line x1="{x}" x2="{x}" y1="{y}" y2="{y + ROW * len(bars)}" stroke="#888" '
                        'stroke-dasharray="3 3"/>')
        for row, length in bars:
            body += bar(row, length, y)
            y += ROW
        y += 8
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 10}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{y + 10}" fill="white"/>', *body, "</svg>", ""])
