"""Every schedule around the borders of its register tiles, panels, blocks and tiles.

usage: borders.py [--all] [--mcpu NAME]     a few functions at a few borders, or all of them at all

Functions of the graph dialect whose sizes are names are compiled once and run at sizes just below, at
and just above each border, one size at a time while the others are 1, 5 or 17. Functions whose sizes
are numbers are compiled for each: schedules are chosen by what is known. All by tenon-check-ops:
-O0 and -O3 against the interpreter, 1 and 2 threads, forward and backward.
"""
import argparse
import concurrent.futures
import itertools
import os
import subprocess
import sys
import tempfile

# Rows and columns of register tiles, panels of layouts, groups of one row.
TILES = (4, 6, 8, 16, 24, 32, 48, 64)
# Of compiler/targets/cpu/Blocking.cpp, with the caches of TargetInfo. Steps of the sum per block: three quarters of
# the first cache, 24 KiB, for panels of 64, 48, 32, 24, 16 and 8 columns. Rows per tile where nothing is known of
# them: half of the second cache, 256 KiB, for blocks of 384 steps and 6 rows (x86-64-v3), and 216 at most (v4).
# Columns per tile: a few panels.
STEPS, ROWS, COLUMNS = (96, 128, 192, 256, 384, 768), (168, 216), (144,)
FEW, BORDERS = (6, 16), tuple(sorted({*TILES, *STEPS, *ROWS, *COLUMNS}))


def tensor(sizes, element="f32"):
    return f"!graph.tensor<{element}[{', '.join(map(str, sizes))}]>" if sizes else f"!graph.tensor<{element}>"


class Function:
    """Text of one function under construction; values are (name, sizes) pairs."""

    def __init__(self, name, hints=""):
        self.name, self.hints = name, hints
        self.arguments, self.parameters, self.lines = [], [], []

    def argument(self, sizes, element="f32"):
        value = (f"%a{len(self.arguments)}", tuple(sizes))
        self.arguments.append(f'{value[0]}: {tensor(sizes, element)} {{graph.name = "a{len(self.arguments)}"}}')
        return value

    def parameter(self, sizes, layout):
        path = f"{self.name}.p{len(self.parameters)}"
        attribute = f" {{fuse.layout = #fuse.layout<{layout}>}}" if layout else ""
        self.parameters.append(f"graph.param @{path} : {tensor(sizes)} = <uniform(-0.5, 0.5)>{attribute}")
        return self.add(f"read @{path} : {tensor(sizes)}", sizes)

    def add(self, text, sizes):
        value = (f"%v{len(self.lines)}", tuple(sizes))
        self.lines.append(f"  {value[0]} = graph.{text}")
        return value

    def elementwise(self, op, *values, element="f32"):
        sizes = values[0][1]
        return self.add(f"{op} {', '.join(name for name, _ in values)} : {tensor(sizes, element)}", sizes)

    def constant(self, value, sizes, element="f32"):
        return self.add(f"constant {value} : {element} -> {tensor(sizes, element)}", sizes)

    def broadcast(self, value, sizes, axes):
        return self.add(f"broadcast {value[0]} {list(axes)} : {tensor(value[1])} -> {tensor(sizes)}", sizes)

    def reduce(self, op, value, axes):
        kept = [size for axis, size in enumerate(value[1]) if axis not in axes]
        return self.add(f"{op} {value[0]} {list(axes)} : {tensor(value[1])}", kept)

    def contract(self, a, b, labels, element="f32"):
        lhs, rhs, out = labels
        letters = sorted(set(lhs + rhs))
        numbers = lambda word: [letters.index(letter) for letter in word]
        size = dict(zip(lhs + rhs, a[1] + b[1]))
        return self.add(f"contract {a[0]} {numbers(lhs)}, {b[0]} {numbers(rhs)} -> {numbers(out)} : "
                        f"{tensor(a[1], element)}, {tensor(b[1], element)}", [size[letter] for letter in out])

    def text(self, *results, element="f32"):
        names = sorted({size for line in self.arguments for size in "nkmb" if f"{size}," in line or f"{size}]" in line})
        outputs = ", ".join(f'{tensor(sizes, element)} {{graph.name = "y{i}"}}' for i, (_, sizes) in enumerate(results))
        return "\n".join(self.parameters + [
            f"graph.func @{self.name}({', '.join(self.arguments)})",
            f"    -> ({outputs})",
            "    attributes {graph.sizes = [" + ", ".join(f'"{name}"' for name in names) + "]" + self.hints + "} {",
            *self.lines,
            f"  graph.return {', '.join(name for name, _ in results)} : {', '.join(tensor(s, element) for _, s in results)}",
            "}", ""])


# ---- Contractions ------------------------------------------------------------------------------------

FORMS = {"plain": ("nk", "km", "nm"), "right": ("nk", "mk", "nm"), "left": ("kn", "km", "nm"),
         "both": ("kn", "mk", "nm"), "result": ("nk", "km", "mn")}


def epilogue(f, y, kind):
    """What is done to each element of a contraction: nothing, little, or more than registers hold."""
    if kind == "bare" or not y[1]:
        return y
    bias = f.broadcast(f.argument(y[1][-1:]), y[1], [len(y[1]) - 1])
    y = f.elementwise("add", y, bias)
    if kind == "light":
        return f.elementwise("mul", y, f.argument(y[1]))
    scaled = f.elementwise("mul", y, f.constant(0.125, y[1]))
    return f.elementwise("add", f.elementwise("tanh", scaled), f.argument(y[1]))


def contraction(name, labels, kind, known={}, hints="", computed=None):
    f = Function(name, hints)
    sizes = lambda word: [known.get(letter, letter) for letter in word]
    a, b = f.argument(sizes(labels[0])), f.argument(sizes(labels[1]))
    if computed == "left":
        a = f.elementwise("mul", a, f.argument(a[1]))
    if computed == "right":
        b = f.elementwise("mul", b, f.argument(b[1]))
    return f.text(epilogue(f, f.contract(a, b, labels), kind))


def packed(name, labels, rows, columns, layout, kind):
    """A value times a matrix of parameters [m, k] that lies in panels."""
    f = Function(name)
    weight = f.parameter([rows, columns], layout)
    size = {"m": rows, "k": columns, "n": "n"}
    value = f.argument([size[letter] for letter in labels[0]])
    return f.text(epilogue(f, f.contract(value, weight, labels), kind))


def unknown_contractions():
    for form, kind in itertools.product(FORMS, ("bare", "light", "heavy")):
        yield contraction(f"{form}_{kind}", FORMS[form], kind)
    for side in ("left", "right"):
        yield contraction(f"computed_{side}", FORMS["right"], "light", computed=side)
    for form, hint in itertools.product(("plain", "right"), ("n = 1", "n = 5", "n = 32", "m = 10", "m = 1", "k = 10")):
        yield contraction(f"{form}_hint_{hint.replace(' = ', '_')}", FORMS[form], "heavy",
                          hints=f", graph.size_hints = {{{hint}}}")
    yield contraction("vector_matrix", ("k", "km", "m"), "heavy")
    yield contraction("matrix_vector", ("nk", "k", "n"), "light")
    yield contraction("dot", ("k", "k", ""), "bare")
    yield contraction("rows", ("nk", "nk", "n"), "light")
    yield contraction("outer", ("n", "m", "nm"), "light")
    for batch in (1, 3):
        yield contraction(f"batched_{batch}", ("bnk", "bkm", "bnm"), "light", {"b": batch})
        yield contraction(f"two_summed_{batch}", ("bnk", "bmk", "nm"), "heavy", {"b": batch})


def narrow_contractions(widths):
    """Few known columns or rows, in a result that is often narrower than a register tile."""
    for width, form, kind in itertools.product(widths, ("plain", "right", "left"), ("light", "heavy")):
        yield contraction(f"narrow_{width}_{form}_{kind}", FORMS[form], kind, {"m": width})
        yield contraction(f"flat_{width}_{form}_{kind}", FORMS[form], kind, {"n": width})


def known_contractions(rows, columns, depths):
    for n, m, k in itertools.product(rows, columns, depths):
        form = ("plain", "right", "left")[(n + m + k) % 3]
        yield contraction(f"known_{n}_{m}_{k}_{form}", FORMS[form], ("light", "heavy", "bare")[(n + m) % 3],
                          {"n": n, "m": m, "k": k})


def packed_contractions(sizes, lanes):
    for rows, columns, width, layout in itertools.product(sizes, sizes, lanes, ("packed", "packed_transposed")):
        for labels in (("nk", "mk", "nm"), ("nm", "mk", "nk")):
            yield packed(f"{layout}_{width}_{rows}_{columns}_{''.join(labels)}", labels, rows, columns,
                         f"{layout} {width}", ("light", "heavy")[(rows + columns) % 2])


def doubles():
    f = Function("doubles")
    a, b = f.argument("nk", "f64"), f.argument("km", "f64")
    return f.text(f.contract(a, b, FORMS["plain"], "f64"), element="f64")


# ---- Reductions, sums over places, kernels that share a launch ---------------------------------------


def softmax(name, axes):
    f = Function(name)
    x = f.argument("nm")
    kept = [axis for axis in (0, 1) if axis not in axes]
    wide = lambda value: f.broadcast(value, "nm", kept)
    e = f.elementwise("exp", f.elementwise("sub", x, wide(f.reduce("reduce_max", x, axes))))
    total = f.reduce("sum", e, axes)
    return f.text(f.elementwise("div", e, wide(total)), f.elementwise("log", total))


def sums(name, axes, sizes="nm"):
    f = Function(name)
    x = f.argument(sizes)
    product = f.elementwise("mul", x, f.argument(sizes))
    return f.text(f.reduce("sum", product, axes), f.reduce("reduce_min", x, axes))


def places():
    f = Function("places")
    x = f.argument("nm")
    numbers = f.add(f"iota 0 : {tensor('n', 'i32')}", "n")
    ids = f.elementwise("min", numbers, f.constant(12, "n", "i32"), element="i32")
    types = f"{tensor('nm')}, {tensor('n', 'i32')} -> {tensor((13, 'm'))}"
    return f.text(f.add(f"scatter_add {x[0]}, {ids[0]} axis 0 : {types}", (13, "m")))


def shared():
    f = Function("shared")
    a, b, c = f.argument("nm"), f.argument("mn"), f.argument("n")
    return f.text(f.reduce("sum", f.elementwise("exp", a), [1]), f.reduce("sum", b, [0]),
                  f.elementwise("tanh", c), f.elementwise("tanh", a), f.contract(a, b, ("nm", "mk", "nk")))


def reductions():
    for name, axes in (("rows", [1]), ("columns", [0]), ("all", [0, 1])):
        yield softmax(f"softmax_{name}", axes)
        yield sums(f"sums_{name}", axes)
    for axes in ([0, 2], [1], [1, 2]):
        yield sums("sums_of_three_" + "_".join(map(str, axes)), axes, "nkm")
    yield places()
    yield shared()


# ---- Running -----------------------------------------------------------------------------------------


# What one process checks, so that all cores have work and what passed is seen early.
GROUP = 16


def check_group(functions, borders, gradients, cpu):
    with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
        file.write("\n".join(functions))
        file.flush()
        command = ["tenon-check-ops", file.name, "--tolerance", "tensor", "--mcpu", cpu,
                   "--borders", ",".join(map(str, borders))]
        return subprocess.run(command + (["--gradients", "plain"] if gradients else [])).returncode == 0


def check(functions, borders, gradients=True, cpu="x86-64-v3"):
    functions = list(functions)
    groups = [functions[i:i + GROUP] for i in range(0, len(functions), GROUP)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda group: check_group(group, borders, gradients, cpu), groups)
        passed = 0
        for group, result in zip(groups, results):
            passed += len(group) * result
            print(f"{passed} of {len(functions)} functions passed", flush=True)
    return passed == len(functions)


def main(everything, cpu):
    if not everything:
        few = [contraction("plain_heavy", FORMS["plain"], "heavy"), contraction("left_light", FORMS["left"], "light"),
               *narrow_contractions([5]), *packed_contractions([17], [16]), softmax("softmax", [1])]
        known = known_contractions([1, 7, 32], [9, 24], [8])
        return check(few, FEW, gradients=False, cpu=cpu) and check(known, FEW, cpu=cpu)
    near = lambda *borders: sorted({b + d for b in borders for d in (-1, 0, 1)})
    groups = [unknown_contractions(), [doubles()], narrow_contractions([1, 3, 5, 7, 9, 10, 12, 15, 20]),
              packed_contractions(near(16, 32), [4, 8, 16, 32, 64]), reductions()]
    results = [check(group, BORDERS, cpu=cpu) for group in groups]
    # Compiled for each.
    known = known_contractions([1, *near(4, 6, 8, 12, 32)], [1, *near(8, 16, 24, 32, 48)], [1, 9, 33])
    return all(results + [check(known, FEW, cpu=cpu)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--mcpu", default="x86-64-v3")
    arguments = parser.parse_args()
    sys.exit(0 if main(arguments.all, arguments.mcpu) else 1)
