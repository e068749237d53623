"""Usage: inner_loop.py < assembly

For each function the loop that does nothing with vectors but load, shuffle and multiply-add and has the most
multiply-adds, or of several the one that touches the stack most. What is in it: multiply-adds, vector
loads and broadcasts, stores, accesses to the stack (spilled registers), calls, all instructions.
"""
import re
import sys


def loops(lines):
    """Straight pieces of code that end with a jump to their own beginning."""
    start, label = 0, None
    for number, line in enumerate(lines):
        found = re.match(r"(\.LBB\w+):", line)
        if found:
            start, label = number, found.group(1)
        elif re.search(r"\tj\w+\t" + re.escape(label or "?") + "$", line):
            yield [text for text in lines[start + 1 : number + 1] if text.startswith("\t") and not text.startswith("\t.")]


def count(body, pattern):
    return sum(bool(re.search(pattern, line)) for line in body)


def only_multiplies_and_adds(body):
    return count(body, r"\tv(?!fmadd|movup|movap|broadcast|pshuf|shufp|permil|pxor|xorp)") == 0


def stack_accesses(body):
    return count(body, "%r[bs]p")


assembly = sys.stdin.read().splitlines()
starts = [n for n, line in enumerate(assembly) if re.match(r"\w[\w.]*:$", line)]
for start, end in zip(starts, starts[1:] + [len(assembly)]):
    candidates = filter(only_multiplies_and_adds, loops(assembly[start:end]))
    body = max(candidates, key=lambda loop: (count(loop, "vfmadd"), stack_accesses(loop)), default=[])
    print(
        f"{assembly[start]} fma {count(body, 'vfmadd')} loads {count(body, 'vmovups.*[(].*, %|vmovaps.*[(].*, %|vbroadcastss')}"
        f" stores {count(body, 'vmov.*%[xyz]mm[0-9]+, .*[(]')} stack {stack_accesses(body)}"
        f" calls {count(body, 'call')} instructions {len(body)}"
    )
