"""Measures the participants of a group in turns and says what came out.

One sample is a short burst of iterations of one participant. A round takes one sample of each, in an
order that shifts from round to round, so that a slow minute of the machine hits everybody alike.
Comparisons are medians of the ratios within a round.
"""
import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Participant:
    label: str     # "PyTorch eager"; unique in its group
    program: str   # of the worker
    request: str   # how the worker opens it
    is_ours: bool = False
    is_limit: bool = False  # a limit of the machine, not a competitor


@dataclasses.dataclass(frozen=True)
class Group:
    name: str       # "sgemm-128"
    title: str
    threads: int
    participants: tuple
    flop: int = 0        # of one iteration, 0 if it makes no sense
    read_bytes: int = 0  # of one iteration


@dataclasses.dataclass
class Result:
    """Seconds of one iteration, a sample a round; `flop` and `bytes` are those of one iteration."""
    participant: Participant
    samples: list

    @property
    def median(self):
        return statistics.median(self.samples)

    def quantile(self, part):
        ordered = sorted(self.samples)
        return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def ratio(one, other):
    """The median over the rounds of how long `one` takes relative to `other`."""
    return statistics.median(a / b for a, b in zip(one.samples, other.samples))


def calibrate(worker, name, burst):
    """The count of iterations that takes about `burst` seconds; also warms the workload."""
    worker.run(name, 1)
    count = 1
    while True:
        seconds = worker.run(name, count)
        if seconds >= burst / 2 or count >= 1 << 30:
            return max(1, round(count * burst / max(seconds, 1e-9)))
        count *= 2 if seconds > burst / 20 else 8


def measure(group, workers, rounds, burst, note):
    """The results of a group in the order of its participants, those that could not run left out:
    `note(text)` hears why."""
    opened = []
    for index, participant in enumerate(group.participants):
        try:
            worker = workers.get(participant.program, group.threads)
            worker.ask(f"open {index} {participant.request}")
            count = calibrate(worker, str(index), burst)
            if group.threads > 1 and not participant.is_limit:
                worker.bind_threads(str(index), count)
        except Exception as error:
            note(f"{group.name}: {participant.label}: {error}")
            continue
        opened.append((worker, str(index), count, Result(participant, [])))
    for turn in range(rounds):
        shift = turn % len(opened) if opened else 0
        for worker, name, count, result in opened[shift:] + opened[:shift]:
            result.samples.append(worker.run(name, count) / count)
    for worker, name, _, _ in opened:
        worker.ask(f"close {name}")
    return [result for _, _, _, result in opened]
