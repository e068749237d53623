"""Measures Tenon and its peers side by side. run.sh prepares what this needs and calls it.

usage: main.py --build DIR --out DIR [--scratch DIR] [--peers DIR] [--only REGEX] [--quick]
               [--self-test] [--rounds N] [--burst MS] [--command TEXT]
"""
import argparse
import datetime
import json
import pathlib
import re
import subprocess
import sys

import chart
import machine
import report
import rounds
import workers
import workloads

BENCHMARKS = pathlib.Path(__file__).resolve().parent.parent
SOURCE = BENCHMARKS.parent.parent


def arguments():
    parser = argparse.ArgumentParser(prog="run.sh", description="Measures Tenon and its peers side by side.")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build folder")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where the report goes")
    parser.add_argument("--scratch", type=pathlib.Path, help="artifacts and logs (default BUILD/benchmarks)")
    parser.add_argument("--peers", type=pathlib.Path, help="the folder of the installed peers")
    parser.add_argument("--only", default="", help="only groups whose name this expression finds")
    parser.add_argument("--quick", action="store_true", help="few short rounds")
    parser.add_argument("--self-test", action="store_true", help="the smallest groups, twice: does it all work?")
    parser.add_argument("--rounds", type=int, help="samples of each figure (default 31, quick 7)")
    parser.add_argument("--burst", type=float, help="milliseconds of one sample (default 50, quick 10)")
    parser.add_argument("--command", default="run.sh", help="what the report says it was made by")
    options = parser.parse_args()
    if options.self_test:
        options.only, options.rounds, options.burst = "mlp10", 2, 1
    options.rounds = options.rounds or (7 if options.quick else 31)
    options.burst = options.burst or (10 if options.quick else 50)
    return options


def onnxruntime_library(peers):
    return str(next(peers.glob("lib/python3*/site-packages/onnxruntime/capi/libonnxruntime.so*")))


def commands(build, peers):
    """Program of a worker -> (command, environment)."""
    scripts = BENCHMARKS / "workers"
    found = {
        "tenon": ([build / "bin/tenon-bench-worker"], {}),
        "limits": ([build / "bin/tenon-bench-limits"], {}),
        "command": ([sys.executable, scripts / "command_worker.py"], {}),
    }
    if peers:
        python = peers / "bin/python"
        found |= {
            "openblas": ([peers / "openblas"], {}),
            "openblas-skylakex": ([peers / "openblas"], {"OPENBLAS_CORETYPE": "SkylakeX"}),
            "torch": ([python, scripts / "torch_worker.py"], {"OMP_PROC_BIND": "true"}),
            "jax": ([python, scripts / "jax_worker.py"], {}),
            "onnxruntime": ([peers / "onnxruntime"], {"ONNXRUNTIME": onnxruntime_library(peers)}),
        }
    return {program: ([str(word) for word in command], environment)
            for program, (command, environment) in found.items()}


def compile_models(tenonc, folder):
    """(artifact name, processor) -> file."""
    artifacts = {}
    for name, (model, settings) in workloads.ARTIFACTS.items():
        for processor in workloads.PROCESSORS:
            file = folder / f"{name}.{processor}.tnm"
            defines = [word for key, value in settings.items() for word in ("-D", f"{key}={value}")]
            subprocess.run([tenonc, workloads.MODELS / f"{model}.tenon", f"--mcpu={processor}", "-o", file,
                            *defines], check=True)
            artifacts[name, processor] = file
    return artifacts


def write_onnx_models(peers, folder):
    """Name of an MLP -> file, for batch 1."""
    files = {}
    for model, (sizes, _) in workloads.MLPS.items():
        files[model] = folder / f"{model}.onnx"
        subprocess.run([peers / "bin/python", BENCHMARKS / "workers/onnx_model.py", ",".join(map(str, sizes)),
                        "1", files[model]], check=True)
    return files


def kernels_of(tenon, tenonc, folder):
    """How many kernels the model of thirty has: the gate means nothing if fusion changes that."""
    file = folder / "kernels30.tnm"
    subprocess.run([tenonc, workloads.MODELS / "kernels30.tenon", "-o", file], check=True)
    words = subprocess.run([tenon, "inspect", file], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"(\d+) kernels", words)[1])


def stripped_size(library, folder):
    """Bytes of the runtime library as a package would install it."""
    file = folder / "stripped.so"
    subprocess.run(["strip", "-o", file, library], check=True)
    return file.stat().st_size


def write(run, out):
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n")
    (out / "results.svg").write_text(chart.draw(run))
    (out / "RESULTS.md").write_text(report.as_markdown(run, "results.svg"))


def main():
    options = arguments()
    scratch = options.scratch or options.build / "benchmarks"
    scratch.mkdir(parents=True, exist_ok=True)
    facts = machine.facts(SOURCE)
    facts["libtenon_rt.so, stripped"] = f"{stripped_size(options.build / 'lib/libtenon_rt.so', scratch)} bytes"
    tenonc = options.build / "bin/tenonc"
    notes, measured = [], {}
    kernels = kernels_of(options.build / "bin/tenon", tenonc, scratch)
    if kernels < 30:
        notes.append(f"kernels30.tenon has become {kernels} kernels")
    artifacts = compile_models(tenonc, scratch)
    onnx_models = write_onnx_models(options.peers, scratch) if options.peers else {}
    groups = [group for group in workloads.all_groups(artifacts, onnx_models, tenonc)
              if re.search(options.only, group.name)]
    with workers.Workers(commands(options.build, options.peers), scratch) as running:
        for group in groups:
            print(f"{group.name} ...", file=sys.stderr, flush=True)
            results = rounds.measure(group, running, options.rounds, options.burst / 1e3, notes.append)
            measured[group.name] = (group, results)
            rows = [report.row_of(group, result, results) for result in results]
            print("\n".join(report.group_lines({"title": group.title, "threads": group.threads,
                                                "participants": rows})), flush=True)
        versions = running.versions()
    run = report.as_json({
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "command": options.command, "rounds": options.rounds, "burst_ms": options.burst,
        "facts": facts, "versions": versions,
    }, measured, notes)
    write(run, options.out)
    print("\n".join([*report.gate_lines(run, set(measured)), *[f"note: {note}" for note in notes],
                     f"written to {options.out}"]))


if __name__ == "__main__":
    main()
