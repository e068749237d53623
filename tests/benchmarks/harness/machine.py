"""Facts about the machine and the build, for the head of a report."""
import os
import pathlib
import platform
import subprocess


def field_of(path, name):
    for line in pathlib.Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def system():
    for line in pathlib.Path("/etc/os-release").read_text().splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.removeprefix("PRETTY_NAME=").strip('"')
    return platform.system()


def facts(source):
    """Text by name; `source` is the root of the repository."""
    features = set(field_of("/proc/cpuinfo", "flags").split())
    vectors = [name for name in ("avx2", "fma", "avx512f") if name in features]
    family, model = field_of("/proc/cpuinfo", "cpu family"), field_of("/proc/cpuinfo", "model")
    return {
        "processor": f"{field_of('/proc/cpuinfo', 'model name')}, family {family} model {model}, "
                     f"{os.cpu_count()} processors, {' '.join(vectors)}",
        "memory": field_of("/proc/meminfo", "MemTotal"),
        "system": f"{system()}, Linux {platform.release()}",
        "compiler": output_of("c++", "--version").splitlines()[0],
        "commit": output_of("git", "-C", str(source), "describe", "--always", "--dirty"),
        "load before the run": "%.2f" % os.getloadavg()[0],
    }
