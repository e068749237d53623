"""What the figures are held against. A gate looks at the results of one group and gives one number.

Of Tenon the artifact for tenonc's default processor counts, as everybody gets it; of the peers the fastest.
"""
import dataclasses
import typing

from rounds import Result, ratio
from workloads import FMA_OPERATIONS, PROCESSORS


def best(results):
    return min(results, key=lambda result: result.median, default=None)


def ours(results, label=""):
    """Without tenonc's flags: what another processor's code does is reported, not held against anything."""
    others = PROCESSORS[1:]
    return best([r for r in results if r.participant.is_ours and r.participant.label.startswith(label)
                 and not r.participant.label.endswith(others)])


def peer(results, *labels):
    """The fastest of the peers whose label begins with one of these; of all if none is given."""
    return best([r for r in results if not r.participant.is_ours and not r.participant.is_limit
                 and (not labels or r.participant.label.startswith(labels))])


def limit(results):
    return best([r for r in results if r.participant.is_limit])


def fraction_of_peak(group, result, peak):
    """Of the FMA peak of as many threads, measured in the same rounds."""
    return ratio(peak, result) * group.flop / (FMA_OPERATIONS * group.threads)


def speed_against(*labels, of=""):
    """How many times the peer's speed."""
    def figure(group, results):
        mine, theirs = ours(results, of), peer(results, *labels)
        return ratio(theirs, mine) if mine and theirs else None
    return figure


def time_against(*labels):
    """Our time divided by the peer's."""
    def figure(group, results):
        mine, theirs = ours(results), peer(results, *labels)
        return ratio(mine, theirs) if mine and theirs else None
    return figure


def of_peak(label=""):
    def figure(group, results):
        mine, peak = ours(results, label), limit(results)
        return fraction_of_peak(group, mine, peak) if mine and peak else None
    return figure


def of_bandwidth(group, results):
    mine, read = ours(results), limit(results)
    return ratio(read, mine) if mine and read else None


def seconds(group, results):
    mine = ours(results)
    return mine.median if mine else None


@dataclasses.dataclass(frozen=True)
class Gate:
    what: str
    group: str
    figure: typing.Callable
    at_least: float = None
    at_most: float = None
    goal: float = None  # beyond the gate

    def passes(self, value):
        return value >= self.at_least if self.at_least is not None else value <= self.at_most

    def bound(self):
        text = f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"
        return text + (f" (goal {self.goal:g})" if self.goal is not None else "")


PACKED = "Tenon, weights packed"
ANY_TRAINER = ("PyTorch", "torch.compile", "JAX")

GATES = (
    Gate("SGEMM 128x768x768, speed relative to OpenBLAS", "sgemm-128x768x768-1t",
         speed_against("OpenBLAS", of=PACKED), at_least=1.0),
    Gate("the same, fraction of the FMA peak", "sgemm-128x768x768-1t", of_peak(PACKED), at_least=0.88),
    Gate("SGEMM 512x768x768, speed relative to OpenBLAS", "sgemm-512x768x768-1t",
         speed_against("OpenBLAS", of=PACKED), at_least=1.0),
    Gate("the same, fraction of the FMA peak", "sgemm-512x768x768-1t", of_peak(PACKED), at_least=0.88),
    Gate("SGEMM 1024x3072x768, 2 threads, fraction of the FMA peak of both", "sgemm-1024x3072x768-2t",
         of_peak(PACKED), at_least=0.85),
    Gate("training 784-1024-1024-10, 1 thread, time relative to the best peer", "train-mlp784-1t",
         time_against(*ANY_TRAINER), at_most=0.95),
    Gate("the same, 2 threads", "train-mlp784-2t", time_against(*ANY_TRAINER), at_most=0.92, goal=0.85),
    Gate("training 64-256-128-10, time relative to JAX fori_loop", "train-mlp64-1t",
         time_against("JAX fori_loop"), at_most=0.8, goal=0.7),
    Gate("training 10-100-1, time relative to JAX fori_loop", "train-mlp10-1t",
         time_against("JAX fori_loop"), at_most=0.5),
    Gate("forward 64-256-128-10, batch 1, time relative to ONNX Runtime", "forward-mlp64-1t",
         time_against("ONNX Runtime"), at_most=0.5),
    Gate("forward 10-100-1, batch 1, time relative to ONNX Runtime", "forward-mlp10-1t",
         time_against("ONNX Runtime"), at_most=0.5),
    Gate("forward 784-1024-1024-10, batch 1, fraction of the read bandwidth", "forward-mlp784-1t",
         of_bandwidth, at_least=0.85),
    Gate("tenonc, 784-1024-1024-10, seconds", "tenonc-mlp784", seconds, at_most=0.5),
    Gate("tenonc, 30 distinct kernels, seconds", "tenonc-kernels30", seconds, at_most=0.5),
)


def judge(measured):
    """[(gate, value, value from the shortest samples)] for measured: group name -> (group, results).
    The second says on a busy machine what a quiet one may give; a gate goes by the first. None: not
    measured."""
    verdicts = []
    for gate in GATES:
        group, results = measured.get(gate.group, (None, []))
        shortest = [Result(result.participant, [min(result.samples)]) for result in results]
        verdicts.append((gate, gate.figure(group, results), gate.figure(group, shortest)))
    return verdicts


def verdict(gate, value):
    return "not measured" if value is None else "pass" if gate.passes(value) else "miss"
