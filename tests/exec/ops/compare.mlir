// graph.compare: compiled code against the interpreter.
// RUN: tenon-check-ops %s --values plain,extreme

graph.func @f32(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<i1[n]> {graph.name = "eq"}, !graph.tensor<i1[n]> {graph.name = "ne"}, !graph.tensor<i1[n]> {graph.name = "lt"}, !graph.tensor<i1[n]> {graph.name = "le"}, !graph.tensor<i1[n]> {graph.name = "gt"}, !graph.tensor<i1[n]> {graph.name = "ge"}) attributes {graph.sizes = ["n"]} {
  %eq = graph.compare eq %a, %b : !graph.tensor<f32[n]>
  %ne = graph.compare ne %a, %b : !graph.tensor<f32[n]>
  %lt = graph.compare lt %a, %b : !graph.tensor<f32[n]>
  %le = graph.compare le %a, %b : !graph.tensor<f32[n]>
  %gt = graph.compare gt %a, %b : !graph.tensor<f32[n]>
  %ge = graph.compare ge %a, %b : !graph.tensor<f32[n]>
  graph.return %eq, %ne, %lt, %le, %gt, %ge : !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>
}

graph.func @f64(%a: !graph.tensor<f64[n]> {graph.name = "a"}, %b: !graph.tensor<f64[n]> {graph.name = "b"})
    -> (!graph.tensor<i1[n]> {graph.name = "eq"}, !graph.tensor<i1[n]> {graph.name = "ne"}, !graph.tensor<i1[n]> {graph.name = "lt"}, !graph.tensor<i1[n]> {graph.name = "le"}, !graph.tensor<i1[n]> {graph.name = "gt"}, !graph.tensor<i1[n]> {graph.name = "ge"}) attributes {graph.sizes = ["n"]} {
  %eq = graph.compare eq %a, %b : !graph.tensor<f64[n]>
  %ne = graph.compare ne %a, %b : !graph.tensor<f64[n]>
  %lt = graph.compare lt %a, %b : !graph.tensor<f64[n]>
  %le = graph.compare le %a, %b : !graph.tensor<f64[n]>
  %gt = graph.compare gt %a, %b : !graph.tensor<f64[n]>
  %ge = graph.compare ge %a, %b : !graph.tensor<f64[n]>
  graph.return %eq, %ne, %lt, %le, %gt, %ge : !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>
}

graph.func @i32(%a: !graph.tensor<i32[n]> {graph.name = "a"}, %b: !graph.tensor<i32[n]> {graph.name = "b"})
    -> (!graph.tensor<i1[n]> {graph.name = "eq"}, !graph.tensor<i1[n]> {graph.name = "ne"}, !graph.tensor<i1[n]> {graph.name = "lt"}, !graph.tensor<i1[n]> {graph.name = "le"}, !graph.tensor<i1[n]> {graph.name = "gt"}, !graph.tensor<i1[n]> {graph.name = "ge"}) attributes {graph.sizes = ["n"]} {
  %eq = graph.compare eq %a, %b : !graph.tensor<i32[n]>
  %ne = graph.compare ne %a, %b : !graph.tensor<i32[n]>
  %lt = graph.compare lt %a, %b : !graph.tensor<i32[n]>
  %le = graph.compare le %a, %b : !graph.tensor<i32[n]>
  %gt = graph.compare gt %a, %b : !graph.tensor<i32[n]>
  %ge = graph.compare ge %a, %b : !graph.tensor<i32[n]>
  graph.return %eq, %ne, %lt, %le, %gt, %ge : !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>
}

graph.func @i64(%a: !graph.tensor<i64[n]> {graph.name = "a"}, %b: !graph.tensor<i64[n]> {graph.name = "b"})
    -> (!graph.tensor<i1[n]> {graph.name = "eq"}, !graph.tensor<i1[n]> {graph.name = "ne"}, !graph.tensor<i1[n]> {graph.name = "lt"}, !graph.tensor<i1[n]> {graph.name = "le"}, !graph.tensor<i1[n]> {graph.name = "gt"}, !graph.tensor<i1[n]> {graph.name = "ge"}) attributes {graph.sizes = ["n"]} {
  %eq = graph.compare eq %a, %b : !graph.tensor<i64[n]>
  %ne = graph.compare ne %a, %b : !graph.tensor<i64[n]>
  %lt = graph.compare lt %a, %b : !graph.tensor<i64[n]>
  %le = graph.compare le %a, %b : !graph.tensor<i64[n]>
  %gt = graph.compare gt %a, %b : !graph.tensor<i64[n]>
  %ge = graph.compare ge %a, %b : !graph.tensor<i64[n]>
  graph.return %eq, %ne, %lt, %le, %gt, %ge : !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>
}

graph.func @i1(%a: !graph.tensor<i1[n]> {graph.name = "a"}, %b: !graph.tensor<i1[n]> {graph.name = "b"})
    -> (!graph.tensor<i1[n]> {graph.name = "eq"}, !graph.tensor<i1[n]> {graph.name = "ne"}) attributes {graph.sizes = ["n"]} {
  %eq = graph.compare eq %a, %b : !graph.tensor<i1[n]>
  %ne = graph.compare ne %a, %b : !graph.tensor<i1[n]>
  graph.return %eq, %ne : !graph.tensor<i1[n]>, !graph.tensor<i1[n]>
}
