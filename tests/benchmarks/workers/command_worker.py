"""Whole processes as the harness measures them.

usage: python command_worker.py THREADS      (requests: Serve.h)

    open NAME WORD...      one iteration runs that command and waits for it
"""
import subprocess

from serve import serve, timed


def open_workload(words):
    return lambda count: timed(count, lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL))


if __name__ == "__main__":
    serve("processes", open_workload)
