"""What the tests of this folder ask of tenonc, as Python values."""
import os
import re
import subprocess

SOURCE = os.environ["TENON_SOURCE"]


def run(*command, code=0):
    """The output of a command, which has to end with `code`; standard error with it."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == code, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def rows(report):
    """The table of --print-memory: of each line the numbers by the names of the columns."""
    lines = re.search(r"^bytes .*", report, re.MULTILINE | re.DOTALL)[0].splitlines() # behind notes
    columns = lines[0].split()[1:]
    table = {}
    for line in lines[1:]:
        match = re.match(r"([\w.]+).*?((?: +\d+){%d})$" % len(columns), line)
        if match:
            table[match[1]] = dict(zip(columns, map(int, match[2].split())))
    return table


def memory(file, *options):
    return rows(run("tenonc", file, *options if options else ["--print-memory"]))
