"""A model whose names are those of the macros in a file of `#define` lines, of keywords, of types."""
import re
import sys

KEYWORDS = """alignas and asm auto bitand case class co_await concept const_cast constexpr decltype
delete double enum extern float goto int long mutable namespace new noexcept nullptr operator
private register requires short signed sizeof static static_assert struct switch template this
thread_local throw typedef typename typeof union unsigned using virtual void volatile while xor
int64_t size_t uint8_t wchar_t tenon_call tenon_status_t session call inputs sizes""".split()
RESERVED = """import module model fn if else for in scan yield return require bool true false and or
not einsum rearrange f16 bf16 f32 f64 i8 i32 i64 training""".split()

with open(sys.argv[1]) as lines:
    macros = re.findall(r"^#define ([A-Za-z_]\w*)", lines.read(), re.M)
names = [name for name in dict.fromkeys(macros + KEYWORDS) if name not in RESERVED]
sizes = ["linux", "unix", "NULL_", "int32_t", "INT8_MAX"]
arguments = [name for name in names if name not in sizes]
print(f"""model m {{
  fc = nn.Linear(2, 1)
  fn forward({", ".join(arguments)}, BMI: f32[linux, unix]) -> f32[linux, unix] = BMI
  fn forward_args(x: f32[INT8_MAX]) -> (requires: f32[INT8_MAX], NULL: f32[INT8_MAX]) = (x, 2 * x)
  fn evaluate(u: f32[int32_t]) -> f32[int32_t] = u
  fn limits(u: f32[batch]) -> f32[batch] = u
  fn step(u: f32[batch]) -> f32[batch] = u
}}
data d {{
  source = csv("d.csv")
  INT8_MIN: f32[2] = columns("NULL", "unix")
  y: f32[1] = standardize(column("register"))
}}
train m on d {{
  loss = mse(fc(INT8_MIN), y)
  optimizer = sgd(lr: 0.1)
  batch = 4
  run = 1 epoch
  metric EOF = mae(fc(INT8_MIN), y)
  metric NULL = mae(fc(INT8_MIN), y)
  predict unix = fc(INT8_MIN) like y
}}
train tenon: m on d {{
  loss = mse(fc(INT8_MIN), y)
  optimizer = sgd(lr: 0.1)
  batch = 4
  run = 1 epoch
}}""")
