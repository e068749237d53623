# The suite: one lit run over tests/ and the GoogleTest programs (tests/unit).
import os
import sys

import lit.formats

config.name = "Tenon"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".tenon", ".test"]
config.excludes = ["Inputs", "golden", "lit.cfg.py"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.tenon_build, "tests")

# Scripts and tests find the tools of this build, then LLVM's, by name.
bin_folder = os.path.join(config.tenon_build, "bin")
path = [bin_folder, config.llvm_tools, os.environ.get("PATH", "")]
config.environment["PATH"] = os.pathsep.join(path)
config.environment["TENON_SOURCE"] = config.tenon_source
config.environment["TENON_BUILD"] = config.tenon_build

# Substitutions are applied in order, so a longer name comes before its prefix.
for tool in [
    "tenon-check-ops",
    "tenon-check-passes",
    "tenon-check-training",
    "tenon-graph",
    "tenon-opt",
    "tenon-oracle",
    "tenon-random-graphs",
    "tenon-sweep",
    "tenon-syntax",
    "tenonc",
    "tenon",
]:
    config.substitutions.append((f"%{tool}\\b", os.path.join(bin_folder, tool)))
config.substitutions += [
    ("%python", sys.executable),
    # `%exits CODE COMMAND...` passes if the command ends with that code; its output goes through.
    ("%exits", os.path.join(config.tenon_source, "tests/exits.sh")),
    ("%cxx", config.cxx),
    ("%cc", config.cc),
    ("%source", config.tenon_source),
    ("%build", config.tenon_build),
]


def processor_flags():
    """What the first processor of this machine can do, in Linux's words."""
    try:
        with open("/proc/cpuinfo") as file:
            return next((set(line.split()) for line in file if line.startswith("flags")), set())
    except OSError:
        return set()


# x86-64-v4 is compiled everywhere; tests that run it need this.
if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= processor_flags():
    config.available_features.add("avx512")

for emulator in ["qemu-x86_64"]:
    if lit.util.which(emulator, config.environment["PATH"]):
        config.available_features.add(emulator)
