"""The side of a worker written in Python: the requests of Serve.h."""
import sys
import time


def timed(count, body):
    """Calls `body` `count` times and gives the seconds."""
    start = time.perf_counter()
    for _ in range(count):
        body()
    return time.perf_counter() - start


def serve(about, open_workload):
    """Serves until the input ends. `open_workload(words)` gives a function from a count to seconds.

    Libraries that print do so on the error output: the answers go to a copy of the first output.
    """
    answers, sys.stdout = sys.stdout, sys.stderr
    workloads = {}
    for line in sys.stdin:
        verb, *words = line.split()
        try:
            if verb == "open":
                workloads[words[0]] = open_workload(words[1:])
                answer = "ok"
            elif verb == "run":
                answer = f"seconds {workloads[words[0]](int(words[1]))!r}"
            elif verb == "close":
                workloads.pop(words[0], None)
                answer = "ok"
            elif verb == "about":
                answer = f"about {about}"
            else:
                answer = f"error unknown request '{verb}'"
        except Exception as error:  # whatever a peer raises is an answer
            answer = "error " + " ".join(f"{type(error).__name__}: {error}".split())
        answers.write(answer + "\n")
        answers.flush()
