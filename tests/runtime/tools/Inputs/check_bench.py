"""Checks what `tenon bench --profile --json --trace` wrote: the numbers hang together, and the timeline
is in the trace event format (complete and metadata events of the JSON object form)."""

import json
import sys

with open(sys.argv[1]) as file:
    bench = json.load(file)
with open(sys.argv[2]) as file:
    trace = json.load(file)

assert bench["threads"] == 2 and len(bench["limits"]) == 2, bench
for limits in bench["limits"]:
    assert limits["flops_per_s"] > 1e8
    footprints = [bandwidth["footprint"] for bandwidth in limits["bytes_per_s"]]
    assert footprints == [16384 << i for i in range(14)], footprints
    rates = [bandwidth["rate"] for bandwidth in limits["bytes_per_s"]]
    assert rates[-1] > 1e8 and rates == sorted(rates, reverse=True), rates

(entry,) = bench["entries"]
assert entry["entry"] == "small.step" and entry["sizes"] == {"batch": 4}
assert 0 < entry["min_s"] <= entry["median_s"] <= entry["p99_s"] and entry["calls"] >= 20
assert abs(entry["examples_per_s"] * entry["median_s"] - 4) < 1e-6
kernels = entry["kernels"]
assert abs(sum(kernel["share"] for kernel in kernels) - 1) < 1e-6
assert [k["seconds"] for k in kernels] == sorted((k["seconds"] for k in kernels), reverse=True)
contractions = [kernel for kernel in kernels if "contract" in kernel["label"]]
# x [4, 2] by weight [1, 2]: 16 operations, and whatever the kernel does besides.
assert contractions and all(kernel["flops"] >= 16 for kernel in contractions)
assert all(kernel["bytes"] > 0 and kernel["line"] > 0 for kernel in contractions)
assert any(0 < kernel.get("fraction_of_limit", 0) < 2 for kernel in kernels)

events = trace["traceEvents"]
names = {event["name"] for event in events if event["ph"] == "M"}
assert names == {"process_name", "thread_name"}, names
launches = [event for event in events if event["ph"] == "X"]
assert len(launches) + sum(event["ph"] == "M" for event in events) == len(events)
for event in launches:
    assert isinstance(event["name"], str) and event["name"]
    assert isinstance(event["ts"], (int, float)) and event["ts"] >= 0
    assert isinstance(event["dur"], (int, float)) and event["dur"] >= 0
    assert isinstance(event["pid"], int) and isinstance(event["tid"], int)
    assert set(event["args"]) == {"kernel", "line", "flops", "bytes"}
assert len(launches) >= 51 * sum(kernel["calls"] for kernel in kernels)

# A kernel's time is that of its longest part, not of the wait for a thread that began late.
for kernel in kernels:
    parts = [event["dur"] for event in launches if event["args"]["kernel"] == kernel["kernel"]]
    assert kernel["seconds"] <= kernel["calls"] * (max(parts) + 0.001) * 1e-6, kernel

# On one thread nothing overlaps.
for thread in {event["tid"] for event in launches}:
    end = 0
    for event in (event for event in launches if event["tid"] == thread):
        assert event["ts"] >= end - 0.002, event
        end = event["ts"] + event["dur"]
