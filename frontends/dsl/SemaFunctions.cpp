//===- SemaFunctions.cpp - Functions of the language ----------------------------===//
//
// Three sorts, looked for in this order: those whose arguments are types, sizes or static values
// and that no op can be (here and in SemaMoves.cpp), those written in the language (std/prelude.tenon), and graph ops
// (EmitOps.cpp).
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Sema.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

const StringMap<Sema::Structural> &Sema::structuralFunctions() {
  static const StringMap<Structural> functions = {
      {"zeros", &Sema::callZeros}, {"ones", &Sema::callOnes},   {"full", &Sema::callFull},
      {"iota", &Sema::callIota},   {"count", &Sema::callCount}, {"len", &Sema::callLen},
      {"given", &Sema::callGiven}, {"div", &Sema::callDiv},     {"mod", &Sema::callMod},
      {"gaussian", &Sema::callGaussian}, {"bernoulli", &Sema::callBernoulli},
      {"take", &Sema::callTake},   {"pad", &Sema::callPad},     {"flip", &Sema::callFlip},
      {"stack", &Sema::callStack}, {"split", &Sema::callSplit}, {"concat", &Sema::callConcat},
      {"gather", &Sema::callGather},
  };
  return functions;
}

static const StringMap<Initializer::Kind> &initializers() {
  static const StringMap<Initializer::Kind> kinds = {
      {"constant", Initializer::Kind::Constant}, {"uniform", Initializer::Kind::Uniform},
      {"normal", Initializer::Kind::Normal},     {"xavier", Initializer::Kind::Xavier},
      {"kaiming", Initializer::Kind::Kaiming},
  };
  return kinds;
}

bool Sema::isLanguageFunction(StringRef name) const {
  return structuralFunctions().contains(name) || initializers().contains(name) ||
         prelude.names.contains(name) || primitives.contains(name);
}

std::vector<std::string> Sema::languageFunctions() const {
  std::vector<std::string> names;
  auto add = [&](const auto &map) {
    for (const auto &entry : map)
      if (!entry.getKey().starts_with("operator"))
        names.push_back(entry.getKey().str());
  };
  add(structuralFunctions());
  add(initializers());
  add(prelude.names);
  add(primitives);
  return names;
}

Value Sema::callLanguage(StringRef name, std::vector<Argument> arguments, SourceRange range,
                         SourceRange callee) {
  if (any_of(arguments, [](const Argument &a) { return a.value.isPoison(); }))
    return Poison();
  if (auto it = structuralFunctions().find(name); it != structuralFunctions().end())
    return (this->*it->second)(arguments, range);
  if (initializers().contains(name))
    return callInitializer(name, arguments, range);
  if (auto *decl = dyn_cast_or_null<FnDecl>(prelude.names.lookup(name)))
    return inlineFn(Function{name.str(), decl, nullptr, &prelude}, std::move(arguments), range,
                    callee);
  return callPrimitive(name, arguments, range, callee);
}

bool Sema::expectCount(ArrayRef<Argument> arguments, size_t count, SourceRange range,
                       StringRef name) {
  if (arguments.size() == count)
    return true;
  report(diag::ArgumentCount, range, name,
         formatv("{0} argument{1}", count, count == 1 ? "" : "s").str(), arguments.size());
  return false;
}

//===----------------------------------------------------------------------===//
// Initialisers
//===----------------------------------------------------------------------===//

Value Sema::callInitializer(StringRef name, ArrayRef<Argument> arguments, SourceRange range) {
  Initializer init{initializers().lookup(name)};
  if (!arguments.empty() && arguments.front().value.is<TypeRef>())
    return name == "uniform" ? callUniformOf(arguments, range)
                             : notSupported(range, "'" + name + "' of a type");
  static const StringRef none[] = {{}, {}}, value[] = {"value", {}}, bounds[] = {"low", "high"},
                         moments[] = {"mean", "std"};
  const StringRef *parameters = none;
  if (init.kind == Initializer::Kind::Constant)
    parameters = value;
  if (init.kind == Initializer::Kind::Uniform)
    parameters = bounds;
  if (init.kind == Initializer::Kind::Normal) {
    parameters = moments;
    init.b = 1;
  }
  size_t next = 0;
  bool given[2] = {false, false};
  for (const Argument &argument : arguments) {
    size_t at = argument.name.empty() ? next++ : argument.name == parameters[0] ? 0 : 1;
    if (at > 1 || parameters[at].empty() ||
        (!argument.name.empty() && argument.name != parameters[at])) {
      report(diag::WrongArguments, argument.range, name)
          .note(formatv("{0}({1}{2}{3})", name, parameters[0], parameters[1].empty() ? "" : ", ",
                        parameters[1])
                    .str());
      return Poison();
    }
    std::optional<double> number = argument.value.asFloat();
    if (!number && symbolic && argument.value.isNumber())
      number = 1;
    if (!number) {
      wrongKind(argument.range, ("'" + parameters[at] + "' of '" + name + "'").str(), "a number",
                argument.value);
      return Poison();
    }
    (at == 0 ? init.a : init.b) = *number;
    given[at] = true;
  }
  bool needsFirst =
      init.kind == Initializer::Kind::Constant || init.kind == Initializer::Kind::Uniform;
  for (size_t at : {0, 1})
    if (needsFirst && !parameters[at].empty() && !given[at]) {
      report(diag::MissingArgument, range, name, parameters[at]);
      return Poison();
    }
  if (init.kind == Initializer::Kind::Uniform && !symbolic && init.a > init.b) {
    report(diag::EmptyInterval, range, init.a, init.b);
    return Poison();
  }
  if (init.kind == Initializer::Kind::Normal && init.b < 0) {
    report(diag::WrongKind, range, "'std' of 'normal'", "at least 0", std::to_string(init.b));
    return Poison();
  }
  return init;
}

//===----------------------------------------------------------------------===//
// Tensors out of nothing
//===----------------------------------------------------------------------===//

Value Sema::callZeros(ArrayRef<Argument> arguments, SourceRange range) {
  return fill(arguments, range, "zeros", 0);
}
Value Sema::callOnes(ArrayRef<Argument> arguments, SourceRange range) {
  return fill(arguments, range, "ones", 1);
}
Value Sema::callFull(ArrayRef<Argument> arguments, SourceRange range) {
  return fill(arguments, range, "full", std::nullopt);
}

Value Sema::fill(ArrayRef<Argument> arguments, SourceRange range, StringRef name,
                 std::optional<double> number) {
  if (number && arguments.empty())
    return Initializer{Initializer::Kind::Constant, *number};
  if (!expectCount(arguments, number ? 1 : 2, range, name))
    return Poison();
  auto *written = arguments.front().value.as<TypeRef>();
  if (!written) {
    wrongKind(arguments.front().range, ("the argument of '" + name + "'").str(),
              "a type such as f32[batch, 10]", arguments.front().value);
    return Poison();
  }
  Axes axes;
  graph::SizedTensorType type = resolveType(written->type, &axes);
  if (!type)
    return Poison();
  Value value = number ? Value(int64_t(*number)) : arguments.back().value;
  if (number && type.getElementType().isInteger(1))
    value = *number != 0;
  auto *scalar = value.as<Tensor>();
  if (scalar && (scalar->rank() != 0 || scalar->elementType() != type.getElementType())) {
    wrongKind(arguments.back().range, "the value of 'full'",
              "a scalar " + describe(type.getElementType()), value);
    return Poison();
  }
  if (scalar)
    return Tensor{broadcast(scalar->value, type), axes};
  Value made = materialize(value, type, arguments.back().range);
  if (auto *tensor = made.as<Tensor>())
    return Tensor{tensor->value, axes};
  return made;
}

Value Sema::callIota(ArrayRef<Argument> arguments, SourceRange range) {
  if (!expectCount(arguments, 1, range, "iota"))
    return Poison();
  const Argument &argument = arguments.front();
  graph::SizeAttr size = argument.value.asSize(&context);
  if (!size || (size.getConstant() && *size.getConstant() < 0)) {
    wrongKind(argument.range, "the argument of 'iota'", "a size", argument.value);
    return Poison();
  }
  Axis axis;
  if (auto *name = dyn_cast_or_null<NameExpr>(argument.expr))
    axis.name = name->name.text;
  ++operations;
  auto type = graph::SizedTensorType::get(builder.getI32Type(), size);
  return Tensor{graph::GraphBuilder(builder, loc()).iota(type, 0), {axis}};
}

//===----------------------------------------------------------------------===//
// Sizes and static values
//===----------------------------------------------------------------------===//

Value Sema::callCount(ArrayRef<Argument> arguments, SourceRange range) {
  bool hasOver = arguments.size() == 2 && arguments.back().name == "over";
  if (!hasOver && !expectCount(arguments, 1, range, "count"))
    return Poison();
  auto *tensor = arguments.front().value.as<Tensor>();
  if (!tensor) {
    wrongKind(arguments.front().range, "the argument of 'count'", "a tensor",
              arguments.front().value);
    return Poison();
  }
  std::optional<SmallVector<int64_t>> axes =
      axesOf(hasOver ? arguments.back().value : Value(Absent()), *tensor, range);
  if (!axes)
    return Poison();
  SmallVector<graph::SizeAttr> sizes;
  for (int64_t axis : *axes)
    sizes.push_back(tensor->sizes()[axis]);
  graph::SizeAttr product = graph::SizeAttr::product(&context, sizes);
  if (!product)
    report(diag::Overflow, range);
  return Value::ofSize(product);
}

Value Sema::callLen(ArrayRef<Argument> arguments, SourceRange range) {
  if (!expectCount(arguments, 1, range, "len"))
    return Poison();
  if (auto *list = arguments.front().value.as<List>())
    return int64_t(list->elements.size());
  wrongKind(arguments.front().range, "the argument of 'len'", "a list", arguments.front().value);
  return Poison();
}

Value Sema::callGiven(ArrayRef<Argument> arguments, SourceRange range) {
  if (!expectCount(arguments, 1, range, "given"))
    return Poison();
  return !arguments.front().value.isAbsent();
}

/// The two sizes of `div` and `mod`; reports what is none.
std::optional<std::pair<graph::SizeAttr, graph::SizeAttr>>
Sema::divisionSizes(ArrayRef<Argument> arguments, SourceRange range, StringRef name) {
  if (!expectCount(arguments, 2, range, name))
    return std::nullopt;
  for (const Argument &argument : arguments) {
    if (argument.value.is<Tensor>()) {
      notSupported(range, "'" + name + "' of tensors");
      return std::nullopt;
    }
    if (!argument.value.asSize(&context)) {
      wrongKind(argument.range, ("an argument of '" + name + "'").str(), "an int or a size",
                argument.value);
      return std::nullopt;
    }
  }
  graph::SizeAttr b = arguments[1].value.asSize(&context);
  if (std::optional<int64_t> divisor = b.getConstant(); divisor && *divisor < 1) {
    report(diag::DivisionByZero, arguments[1].range);
    return std::nullopt;
  }
  return std::make_pair(arguments[0].value.asSize(&context), b);
}

Value Sema::callDiv(ArrayRef<Argument> arguments, SourceRange range) {
  auto sizes = divisionSizes(arguments, range, "div");
  return sizes ? Value::ofSize(sizes->first.divFloor(sizes->second)) : Value(Poison());
}

Value Sema::callMod(ArrayRef<Argument> arguments, SourceRange range) {
  auto sizes = divisionSizes(arguments, range, "mod");
  if (!sizes)
    return Poison();
  auto [a, b] = *sizes;
  return Value::ofSize(a.sub(a.divFloor(b).mul(b)));
}

} // namespace tenon::dsl::sema
