"""The files of the repository, and how a style test reports."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1]).resolve()


def files(*suffixes):
    """Every file that git knows (all files where there is no git), by path from the root."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True)
    if listed.returncode == 0:
        names = [pathlib.Path(name) for name in listed.stdout.splitlines()]
    else:
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        names = [name for name in names if not name.parts[0].startswith("build")]
    return sorted(name for name in names
                  if (ROOT / name).is_file() and (not suffixes or name.suffix in suffixes))


def read(name):
    return (ROOT / name).read_text(errors="replace")


def report(complaints):
    """Prints the complaints and ends the test: 1 if there are any."""
    found = list(complaints)
    print("\n".join(found))
    sys.exit(1 if found else 0)
