"""Checks a profile of a step that accumulates over parts of 2, 2 and 1 rows."""

import json
import sys

with open(sys.argv[1]) as file:
    (entry,) = json.load(file)["entries"]
with open(sys.argv[2]) as file:
    launches = [event for event in json.load(file)["traceEvents"] if event["ph"] == "X"]

assert entry["entry"] == "small.step" and entry["sizes"] == {"batch": 5}, entry
thrice = [kernel for kernel in entry["kernels"] if kernel["calls"] == 3]
assert any("contract" in kernel["label"] for kernel in thrice), entry
assert any(kernel["calls"] == 1 for kernel in entry["kernels"]), entry # the update

# In order, the flops of one such kernel are those of 2, 2 and 1 rows.
for kernel in thrice:
    flops = [event["args"]["flops"] for event in launches
             if (event["args"]["kernel"], event["args"]["line"]) == (kernel["kernel"], kernel["line"])
             and event["tid"] == 0]
    assert len(flops) == 3 * 51 and flops[0] == flops[1] and flops[:3] * 51 == flops, flops
    assert sum(flops[:3]) == kernel["flops"], (flops[:3], kernel)
    if "contract" in kernel["label"]:
        assert flops[2] < flops[1], flops
