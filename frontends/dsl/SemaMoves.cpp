//===- SemaMoves.cpp - concat, split, stack, pad, flip, take, gather --------------===//
//
// Functions that move elements of tensors. They take any number of tensors, or give several, or cut
// sizes up: what an op's interface cannot say.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;
using tenon::graph::SizeAttr;

namespace tenon::dsl::sema {

std::optional<SmallVector<const Argument *, 4>> Sema::placeArguments(StringRef name,
                                                                     ArrayRef<StringRef> parameters,
                                                                     ArrayRef<Argument> arguments,
                                                                     SourceRange range) {
  SmallVector<const Argument *, 4> places(parameters.size());
  size_t next = 0;
  bool fits = true;
  for (const Argument &argument : arguments) {
    size_t at = next;
    if (argument.name.empty())
      ++next;
    else
      at = find_if(parameters, [&](StringRef p) { return p.trim('?') == argument.name; }) -
           parameters.begin();
    fits = fits && at < places.size() && !places[at];
    if (fits)
      places[at] = &argument;
  }
  for (auto [parameter, place] : zip(parameters, places))
    fits &= place || parameter.ends_with("?");
  if (fits)
    return places;
  std::string signature;
  ListSeparator comma;
  for (StringRef parameter : parameters)
    signature += std::string(StringRef(comma)) + parameter.str();
  report(diag::WrongArguments, range, name)
      .note(formatv("{0}({1}); what has a ? may be left out", name, signature).str());
  return std::nullopt;
}

const Tensor *Sema::tensorArgument(const Argument &argument, const Twine &what) {
  auto *tensor = argument.value.as<Tensor>();
  if (!tensor)
    wrongKind(argument.range, what.str(), "a tensor", argument.value);
  return tensor;
}

std::optional<int64_t> Sema::oneAxis(StringRef name, const Argument &over, const Tensor &of) {
  std::optional<SmallVector<int64_t>> axes = axesOf(over.value, of, over.range);
  if (axes && axes->size() == 1)
    return axes->front();
  if (axes)
    wrongKind(over.range, ("'over' of '" + name + "'").str(), "one axis", over.value);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Together
//===----------------------------------------------------------------------===//

/// The tensors that concat or stack joins: arguments, or one list of them.
std::optional<std::vector<Argument>> Sema::joined(StringRef name, ArrayRef<Argument> arguments,
                                                  SourceRange range) {
  std::vector<Argument> parts;
  for (const Argument &argument : arguments) {
    auto *list = argument.value.as<List>();
    if (!list) {
      parts.push_back(argument);
      continue;
    }
    for (const Value &element : list->elements) {
      parts.push_back(argument);
      parts.back().value = element;
    }
  }
  if (parts.empty()) {
    expectCount(arguments, 1, range, name);
    return std::nullopt;
  }
  for (const Argument &part : parts)
    if (!tensorArgument(part, "what '" + name + "' joins"))
      return std::nullopt;
  if (!commonElementType(parts, SmallVector<bool>(parts.size()), range))
    return std::nullopt;
  return parts;
}

/// Reports sizes of `part` that differ from those of `first` on axes other than `except`. In a
/// symbolic check it makes them equal where they cannot be told apart.
bool Sema::fitJoined(const Tensor &first, Argument &part, int64_t except) {
  const Tensor &tensor = *part.value.as<Tensor>();
  if (tensor.rank() != first.rank()) {
    report(diag::JoinedShapes, part.range, describe(first.type()), describe(tensor.type()));
    return false;
  }
  SmallVector<SizeAttr> sizes(tensor.sizes());
  for (auto [axis, size] : enumerate(sizes)) {
    SizeAttr wanted = first.sizes()[axis];
    if (int64_t(axis) == except || size == wanted)
      continue;
    if (!sameSize(size, wanted)) {
      bool atRunTime = !size.getConstant() && !wanted.getConstant();
      if (atRunTime)
        report(diag::SizesMayDiffer, part.range, wanted.str(), size.str());
      else
        report(diag::JoinedShapes, part.range, describe(first.type()), describe(tensor.type()));
      return false;
    }
    size = wanted;
  }
  if (ArrayRef(sizes) != tensor.sizes())
    part.value =
        Tensor{graph::GraphBuilder(builder, loc()).constant(0, tensor.type().withSizes(sizes)),
               tensor.axes};
  return true;
}

Value Sema::callConcat(ArrayRef<Argument> arguments, SourceRange range) {
  auto *over = find_if(arguments, [](const Argument &a) { return a.name == "over"; });
  if (over == arguments.end() || over + 1 != arguments.end() ||
      any_of(arguments.drop_back(), [](const Argument &a) { return !a.name.empty(); })) {
    report(diag::WrongArguments, range, "concat").note("concat(a, b, …, over: axis)");
    return Poison();
  }
  std::optional<std::vector<Argument>> parts = joined("concat", arguments.drop_back(), range);
  if (!parts)
    return Poison();
  Tensor first = *parts->front().value.as<Tensor>();
  std::optional<int64_t> axis = oneAxis("concat", *over, first);
  if (!axis)
    return Poison();
  SmallVector<mlir::Value> values;
  for (Argument &part : *parts) {
    if (!fitJoined(first, part, *axis))
      return Poison();
    values.push_back(part.value.as<Tensor>()->value);
  }
  ++operations;
  Axes axes = first.axes;
  axes[*axis].origin = nullptr;
  mlir::Value result = graph::GraphBuilder(builder, loc()).concat(values, *axis);
  return checkBytes(graph::tensorType(result), range) ? Value(Tensor{result, axes})
                                                      : Value(Poison());
}

Value Sema::callStack(ArrayRef<Argument> arguments, SourceRange range) {
  if (any_of(arguments, [](const Argument &a) { return !a.name.empty(); })) {
    report(diag::WrongArguments, range, "stack")
        .note("stack(a, b, …); the new axis is the first, rearrange moves it");
    return Poison();
  }
  std::optional<std::vector<Argument>> parts = joined("stack", arguments, range);
  if (!parts)
    return Poison();
  graph::GraphBuilder b(builder, loc());
  Tensor first = *parts->front().value.as<Tensor>();
  SmallVector<SizeAttr> sizes{SizeAttr::constant(&context, 1)};
  append_range(sizes, first.sizes());
  SmallVector<mlir::Value> values;
  for (Argument &part : *parts) {
    if (!fitJoined(first, part, /*except=*/-1))
      return Poison();
    values.push_back(b.reshape(part.value.as<Tensor>()->value, sizes));
  }
  operations += 1 + values.size();
  Axes axes = first.axes;
  axes.insert(axes.begin(), Axis());
  return Tensor{b.concat(values, 0), axes};
}

//===----------------------------------------------------------------------===//
// Apart, around, backwards
//===----------------------------------------------------------------------===//

/// The sizes of the parts that `split` makes of an axis; nothing after an error.
std::optional<SmallVector<SizeAttr>> Sema::splitSizes(const Argument &parts, SizeAttr whole) {
  SmallVector<SizeAttr> sizes;
  if (auto *count = parts.value.as<int64_t>()) {
    if (*count < 1 || *count > limits::iterations) {
      report(diag::WrongKind, parts.range, "the number of parts",
             formatv("from 1 to {0}", limits::iterations).str(), *count);
      return std::nullopt;
    }
    SizeAttr number = SizeAttr::constant(&context, *count), part = whole.divExact(number);
    if (!part && isUnsure(whole))
      part = whole.divFloor(number);
    if (!part) {
      report(diag::NotDivisible, parts.range, whole.str(), *count);
      return std::nullopt;
    }
    sizes.assign(*count, part);
    return sizes;
  }
  auto *list = parts.value.as<List>();
  if (!list || list->elements.empty()) {
    wrongKind(parts.range, "the parts of 'split'", "an int or a list of sizes", parts.value);
    return std::nullopt;
  }
  SizeAttr total = SizeAttr::constant(&context, 0);
  for (const Value &element : list->elements) {
    SizeAttr size = element.asSize(&context);
    if (!size || size.getConstant().value_or(0) < 0) {
      wrongKind(parts.range, "the parts of 'split'", "an int or a list of sizes", element);
      return std::nullopt;
    }
    sizes.push_back(size);
    total = total.add(size);
  }
  if (!total || !sameSize(total, whole)) {
    report(diag::SplitSum, parts.range, total ? total.str() : "too much", whole.str());
    return std::nullopt;
  }
  return sizes;
}

Value Sema::callSplit(ArrayRef<Argument> arguments, SourceRange range) {
  auto places = placeArguments("split", {"x", "parts", "over"}, arguments, range);
  const Tensor *x = places ? tensorArgument(*(*places)[0], "what 'split' cuts") : nullptr;
  std::optional<int64_t> axis = x ? oneAxis("split", *(*places)[2], *x) : std::nullopt;
  if (!axis)
    return Poison();
  std::optional<SmallVector<SizeAttr>> parts = splitSizes(*(*places)[1], x->sizes()[*axis]);
  if (!parts)
    return Poison();
  graph::GraphBuilder b(builder, loc());
  Axes axes = x->axes;
  axes[*axis].origin = nullptr;
  SmallVector<SizeAttr> sizes(x->sizes()), starts(x->rank(), SizeAttr::constant(&context, 0));
  List list;
  for (SizeAttr part : *parts) {
    sizes[*axis] = part;
    ++operations;
    list.elements.push_back(Tensor{b.slice(x->value, sizes, starts), axes});
    starts[*axis] = starts[*axis].add(part);
  }
  return list;
}

Value Sema::callPad(ArrayRef<Argument> arguments, SourceRange range) {
  auto places = placeArguments("pad", {"x", "before?", "after?", "over"}, arguments, range);
  const Tensor *x = places ? tensorArgument(*(*places)[0], "what 'pad' takes") : nullptr;
  if (!x)
    return Poison();
  std::optional<SmallVector<int64_t>> axes = axesOf((*places)[3]->value, *x, (*places)[3]->range);
  if (!axes)
    return Poison();
  SizeAttr zero = SizeAttr::constant(&context, 0), more[] = {zero, zero};
  for (unsigned i : {0, 1}) {
    const Argument *given = (*places)[1 + i];
    if (!given)
      continue;
    more[i] = given->value.asSize(&context);
    StringRef what = i ? "'after' of 'pad'" : "'before' of 'pad'";
    if (!more[i]) {
      wrongKind(given->range, what, "an int or a size", given->value);
      return Poison();
    }
    if (more[i].getConstant().value_or(0) < 0) {
      report(diag::WrongKind, given->range, what, "at least 0", given->value.written());
      return Poison();
    }
  }
  SmallVector<SizeAttr> sizes(x->sizes()), low(x->rank(), zero);
  Axes names = x->axes;
  for (int64_t axis : *axes) {
    low[axis] = more[0];
    sizes[axis] = sizes[axis].add(more[0]).add(more[1]);
    names[axis].origin = nullptr;
    if (!sizes[axis]) {
      report(diag::Overflow, range);
      return Poison();
    }
  }
  ++operations;
  mlir::Value result = graph::GraphBuilder(builder, loc()).pad(x->value, sizes, low);
  return checkBytes(graph::tensorType(result), range) ? Value(Tensor{result, names})
                                                      : Value(Poison());
}

Value Sema::callFlip(ArrayRef<Argument> arguments, SourceRange range) {
  auto places = placeArguments("flip", {"x", "over"}, arguments, range);
  const Tensor *x = places ? tensorArgument(*(*places)[0], "what 'flip' takes") : nullptr;
  if (!x)
    return Poison();
  std::optional<SmallVector<int64_t>> axes = axesOf((*places)[1]->value, *x, (*places)[1]->range);
  if (!axes || axes->empty())
    return axes ? Value(*x) : Value(Poison());
  ++operations;
  return Tensor{graph::ReverseOp::create(builder, loc(), x->value, *axes), x->axes};
}

//===----------------------------------------------------------------------===//
// By index
//===----------------------------------------------------------------------===//

Value Sema::callTake(ArrayRef<Argument> arguments, SourceRange range) {
  auto places = placeArguments("take", {"table", "ids"}, arguments, range);
  const Tensor *table = places ? tensorArgument(*(*places)[0], "the table of 'take'") : nullptr;
  if (!table)
    return Poison();
  std::optional<int64_t> axis = checkAxis(0, *table, (*places)[0]->range);
  return axis ? gatherAlong("take", *table, *(*places)[1], *axis) : Value(Poison());
}

Value Sema::callGather(ArrayRef<Argument> arguments, SourceRange range) {
  auto places = placeArguments("gather", {"x", "ids", "over"}, arguments, range);
  const Tensor *x = places ? tensorArgument(*(*places)[0], "what 'gather' reads") : nullptr;
  std::optional<int64_t> axis = x ? oneAxis("gather", *(*places)[2], *x) : std::nullopt;
  return axis ? gatherAlong("gather", *x, *(*places)[1], *axis) : Value(Poison());
}

Value Sema::gatherAlong(StringRef name, const Tensor &x, const Argument &argument, int64_t axis) {
  const Tensor *ids = tensorArgument(argument, "'ids' of '" + name + "'");
  if (!ids)
    return Poison();
  if (!ids->elementType().isInteger() || ids->elementType().isInteger(1)) {
    report(diag::ElementTypeRefused, argument.range, name, describe(ids->type()))
        .note("indices are i32 or i64");
    return Poison();
  }
  graph::GraphBuilder b(builder, loc());
  mlir::Value indices = ids->value;
  bool fits = ids->rank() >= axis;
  SmallVector<SizeAttr> sizes(ids->sizes());
  for (int64_t i = 0; fits && i < axis; ++i) {
    fits = sameSize(sizes[i], x.sizes()[i]);
    sizes[i] = x.sizes()[i];
  }
  if (!fits) {
    report(diag::GatherAxes, argument.range, describe(x.type()), axis, describe(ids->type()))
        .note("ids has the axes before the one that is indexed, then any new ones");
    return Poison();
  }
  if (ArrayRef(sizes) != ids->sizes()) // sizes that a symbolic check cannot tell apart
    indices = b.constant(0, ids->type().withSizes(sizes));
  ++operations;
  mlir::Value result = b.gather(x.value, indices, axis);
  Axes axes = ids->axes;
  append_range(axes, ArrayRef(x.axes).drop_front(axis + 1));
  return checkBytes(graph::tensorType(result), argument.range) ? Value(Tensor{result, axes})
                                                               : Value(Poison());
}

} // namespace tenon::dsl::sema
