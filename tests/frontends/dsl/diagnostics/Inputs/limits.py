"""Writes deep.tenon, work.tenon and statement.tenon into the folder it is given."""
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])

functions = ["fn call0(x: f32[...]) -> f32[...] = x"]
functions += [f"fn call{i}(x: f32[...]) -> f32[...] = call{i - 1}(x)" for i in range(1, 300)]
(folder / "deep.tenon").write_text(
    "\n".join(functions) + "\nmodel m { fn forward(x: f32[n]) -> f32[n] = call299(x) }\n")

(folder / "work.tenon").write_text("""fn inner(x: f32[...]) -> f32[...] {
  for i in 0..1000 { x = x + 1 }
  return x
}
fn outer(x: f32[...]) -> f32[...] {
  for i in 0..1000 { x = inner(x) }
  return x
}
model m { fn forward(x: f32[n]) -> f32[n] = outer(x) }
""")

(folder / "statement.tenon").write_text("""fn f(x: f32[n]) -> f32[n] {
  ]
  return x
}
""")
