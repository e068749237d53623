"""The run as JSON and as a page."""
import gates
from rounds import ratio


def duration(seconds):
    for unit, scale in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 1 or unit == "us":
            value = seconds * scale
            return f"{value:.3g} {unit}" if value < 1000 else f"{value:.0f} {unit}"


def row_of(group, result, results):
    """What is said about one participant, as numbers."""
    row = {
        "label": result.participant.label,
        "median_s": result.median,
        "low_s": result.quantile(0.1),
        "high_s": result.quantile(0.9),
        "minimum_s": min(result.samples),
        "samples": len(result.samples),
    }
    peer, limit = gates.peer(results), gates.limit(results)
    if peer and not result.participant.is_limit:
        row["ratio_to_best_peer"] = ratio(result, peer)
    if group.flop:
        row["gflop_per_s"] = group.flop / result.median / 1e9
    if result.participant.is_limit:
        row.pop("gflop_per_s", None)
        if group.read_bytes:
            row["gbyte_per_s"] = group.read_bytes / result.median / 1e9
        else:
            row["gflop_per_s"] = gates.FMA_OPERATIONS * group.threads / result.median / 1e9
    elif limit and group.read_bytes:
        row["fraction_of_limit"] = ratio(limit, result)
    elif limit:
        row["fraction_of_limit"] = gates.fraction_of_peak(group, result, limit)
    return row


def as_json(head, measured, notes):
    """Everything of a run, ready for json.dump."""
    return {
        **head,
        "notes": notes,
        "groups": [
            {"name": group.name, "title": group.title, "threads": group.threads, "flop": group.flop,
             "read_bytes": group.read_bytes,
             "participants": [row_of(group, result, results) for result in results]}
            for group, results in measured.values()],
        "gates": [
            {"what": gate.what, "group": gate.group, "bound": gate.bound(), "value": value,
             "value_of_minima": shortest, "verdict": gates.verdict(gate, value)}
            for gate, value, shortest in gates.judge(measured)],
    }


def gate_lines(run, groups=None):
    """The table of the gates, or of those that look at one of these groups."""
    yield "| gate | bound | figure | | from the minima |"
    yield "|---|---|---|---|---|"
    for gate in run["gates"]:
        if groups is not None and gate["group"] not in groups:
            continue
        value, shortest = ("" if number is None else f"{number:.3g}"
                           for number in (gate["value"], gate["value_of_minima"]))
        yield f"| {gate['what']} | {gate['bound']} | {value} | {gate['verdict']} | {shortest} |"


def group_lines(group):
    threads = f"{group['threads']} thread" + ("s" if group["threads"] > 1 else "")
    yield f"### {group['title']}, {threads}"
    yield ""
    yield "| | median | p10 to p90 | minimum | to the best peer | GFLOP/s | of the limit |"
    yield "|---|---|---|---|---|---|---|"
    for row in group["participants"]:
        speed = f"{row['gflop_per_s']:.3g}" if "gflop_per_s" in row else ""
        if "gbyte_per_s" in row:
            speed = f"({row['gbyte_per_s']:.3g} GB/s)"
        relative = f"{row['ratio_to_best_peer']:.2f}" if "ratio_to_best_peer" in row else ""
        part = f"{row['fraction_of_limit']:.2f}" if "fraction_of_limit" in row else ""
        spread = f"{duration(row['low_s'])} to {duration(row['high_s'])}"
        yield (f"| {row['label']} | {duration(row['median_s'])} | {spread} | {duration(row['minimum_s'])} | "
               f"{relative} | {speed} | {part} |")
    yield ""


def as_markdown(run, chart):
    """The page; `chart` is the name of the picture beside it."""
    lines = ["# Results", "", "Written by `run.sh`; what the columns mean: [README.md](README.md).", ""]
    lines += [f"* {name}: {value}" for name, value in run["facts"].items()]
    lines += [f"* {program}: {version}" for program, version in run["versions"].items()]
    lines += [f"* by `{run['command']}` on {run['date']}: {run['rounds']} rounds, "
              f"bursts of {run['burst_ms']:g} ms", "", f"![time and speed]({chart})", "", "## Gates", ""]
    lines += [*gate_lines(run), "", "## Figures", ""]
    for group in run["groups"]:
        lines += group_lines(group)
    if run["notes"]:
        lines += ["## Not measured", "", *[f"* {note}" for note in run["notes"]], ""]
    return "\n".join(lines)
