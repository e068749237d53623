"""Made-up samples through gates and reports: the numbers that must come out are known."""
import chart
import gates
import report
from rounds import Group, Participant, Result

LIMIT = Participant("FMA peak", "limits", "fma", is_limit=True)
OURS = Participant("Tenon x86-64-v3", "tenon", "step", is_ours=True)
NATIVE = Participant("Tenon native", "tenon", "step", is_ours=True)
LOOP = Participant("JAX fori_loop", "jax", "step")
EAGER = Participant("PyTorch eager", "torch", "step")


def run_of(ours, native, loop, eager, peak):
    """A run with the group of one gate: its samples in milliseconds."""
    group = Group("train-mlp64-1t", "Training step", 1, (LIMIT, OURS, NATIVE, LOOP, EAGER),
                  flop=gates.FMA_OPERATIONS * 5)
    samples = {LIMIT: peak, OURS: ours, NATIVE: native, LOOP: loop, EAGER: eager}
    results = [Result(participant, [value / 1e3 for value in samples[participant]])
               for participant in group.participants if samples[participant]]
    return report.as_json({"date": "today", "command": "test", "rounds": 3, "burst_ms": 1, "facts": {},
                           "versions": {}}, {group.name: (group, results)}, [])


def gate_of(run):
    return next(gate for gate in run["gates"] if gate["group"] == "train-mlp64-1t")


def close(a, b):
    return abs(a - b) < 1e-9


# The last round is twice as slow for everybody: ratios do not see it. Ours is the default
# processor's, JAX the faster peer.
run = run_of([6, 7, 14], [5, 5, 10], [10, 10, 20], [50, 50, 100], [1, 1, 2])
assert close(gate_of(run)["value"], 0.7) and gate_of(run)["verdict"] == "pass", gate_of(run)
assert close(gate_of(run)["value_of_minima"], 0.6)
rows = {row["label"]: row for row in run["groups"][0]["participants"]}
assert close(rows["PyTorch eager"]["ratio_to_best_peer"], 5), rows
assert close(rows["Tenon x86-64-v3"]["fraction_of_limit"], 5 / 7), rows
assert close(rows["FMA peak"]["gflop_per_s"], gates.FMA_OPERATIONS / 1e6), rows
assert rows["Tenon x86-64-v3"]["minimum_s"] == 0.006

# The same figure above the bound misses; without the peer it is not measured.
assert gate_of(run_of([9, 9, 9], [8.5, 8.5, 8.5], [10, 10, 10], [], [1, 1, 1]))["verdict"] == "miss"
alone = run_of([9, 9, 9], [8, 8, 8], [], [], [1, 1, 1])
assert gate_of(alone)["verdict"] == "not measured" and gate_of(alone)["value"] is None
assert all(gate["verdict"] == "not measured" for gate in alone["gates"])

# Bounds from below are met by larger figures.
above = next(gate for gate in gates.GATES if gate.at_least == 1.0)
assert above.passes(1.0) and above.passes(1.2) and not above.passes(0.99)

# A bar ten times as long as the fastest peer's is cut and says so.
picture = chart.draw(run_of([100, 100, 100], [100, 100, 100], [10, 10, 10], [10, 10, 10], [1, 1, 1]))
assert "… 100 ms (10.00)" in picture and picture.count("<rect") == 5, picture
