//===- EmitEntry.cpp - Entries --------------------------------------------------===//

#include "frontends/dsl/Sema.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

RegionScope::RegionScope(Sema &sema, mlir::Block *block)
    : sema(sema), saved(sema.builder.saveInsertionPoint()), savedReads(std::move(sema.reads)) {
  sema.builder.setInsertionPointToEnd(block);
  sema.reads.clear();
}

RegionScope::~RegionScope() {
  sema.builder.restoreInsertionPoint(saved);
  sema.reads = std::move(savedReads);
}

bool Sema::isEntry(const FnDecl *fn) { return !findAttr(fn->attrs, "internal"); }

void Sema::emitEntries(Instance *model, bool several) {
  // Names of functions that NAME.h declares for every model.
  static const StringSet<> reserved = {"load",       "save",           "fit",
                                       "predict",    "train_step",     "train_create",
                                       "release",    "train_snapshot", "session_create",
                                       "session_use"};
  for (const FnDecl *fn : model->functionsInOrder()) {
    if (!isEntry(fn))
      continue;
    if (reserved.contains(fn->name.text)) {
      report(diag::ReservedFunction, fn->name.range, fn->name.text);
      continue;
    }
    std::string name = (several ? model->name + "." : std::string()) + fn->name.text.str();
    entryNames.push_back(name);
    bool wanted = options.entries.empty() || is_contained(options.entries, name);
    if (wanted && claimSymbol(name, fn->name.range, "function"))
      emitFunction(model, fn, model->file, name, /*isScratch=*/false);
  }
}

void Sema::checkEntryNames() {
  for (const std::string &name : options.entries)
    if (!is_contained(entryNames, name)) {
      Diagnostic &d = report(diag::NoEntry, SourceRange{&source, 0, 0}, name);
      if (!entryNames.empty())
        d.note("the entries are " + llvm::join(entryNames, ", "));
    }
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// Binds the static parameters and size names of an entry; false after an error.
bool Sema::declareEntryNames(const FnDecl *fn, bool isScratch) {
  bool ok = true;
  for (const Param &param : fn->params) {
    for (const Name &name : param.names) {
      ok &= checkHiding(name, "parameter");
      if (param.isDim) {
        if (!isScratch) {
          notSupported(param.range, "a 'dim' parameter of an entry");
          ok = false;
        }
        frame->sizes[name.text] = {graph::SizeAttr::symbol(&context, name.text), Axis{name.text},
                                   name.range};
      }
      if (param.staticType) {
        Value value = param.defaultValue ? evaluate(param.defaultValue)
                                         : symbolicHyper({name, param.staticType, nullptr, {}});
        if (!param.defaultValue && !isScratch) {
          report(diag::EntryStatic, param.range, name.text, fn->name.text)
              .fixIt(fn->range.before(), "@internal ");
          ok = false;
        }
        ok &= fitsStatic(param.staticType, value) || isScratch;
        frame->scopes.back()[name.text] = value;
      }
    }
    if (!param.type)
      continue;
    if (param.type->leadingAxes) {
      if (!isScratch) {
        report(diag::EntryLeading, param.type->leadingRange, fn->name.text)
            .fixIt(fn->range.before(), "@internal ");
        ok = false;
      }
      frame->leading = LeadingAxes{{graph::SizeAttr::symbol(&context, "...")}, {Axis()}};
    }
    for (const Dim &dim : param.type->dims)
      if (const Name *name = unboundName(dim)) {
        frame->sizes[name->text] = {graph::SizeAttr::symbol(&context, name->text), Axis{name->text},
                                    name->range};
        sizeNames.push_back(builder.getStringAttr(name->text));
      }
  }
  if (!frame->leading)
    frame->leading = LeadingAxes();
  return ok;
}

bool Sema::declareEntryTensors(const FnDecl *fn, mlir::Block *block,
                               SmallVectorImpl<mlir::Attribute> &attributes) {
  bool ok = true;
  for (const Param &param : fn->params) {
    if (!param.type)
      continue;
    Axes axes;
    graph::SizedTensorType type = resolveType(param.type, &axes);
    ok &= bool(type);
    for (const Name &name : param.names) {
      if (!type) {
        frame->scopes.back()[name.text] = Poison();
        continue;
      }
      mlir::Value argument = block->addArgument(type, loc(name.range));
      frame->scopes.back()[name.text] = Tensor{argument, axes};
      attributes.push_back(builder.getDictionaryAttr(
          builder.getNamedAttr("graph.name", builder.getStringAttr(name.text))));
    }
  }
  return ok;
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

void Sema::emitFunction(Instance *self, const FnDecl *fn, const FileScope *file, StringRef name,
                        bool isScratch) {
  SourceRange outerRange = std::exchange(userRange, fn->name.range);
  auto block = std::make_unique<mlir::Block>();
  Function function{fn->name.text.str(), fn, self, file};
  Frame entry;
  entry.file = file;
  entry.self = self;
  entry.function = fn;
  sizeNames.clear();
  draws.clear();
  SmallVector<mlir::Attribute> argumentNames;
  Value result;
  {
    FrameScope scope(*this, entry);
    RegionScope region(*this, block.get());
    bool ok = declareEntryNames(fn, isScratch);
    ok &= declareEntryTensors(fn, block.get(), argumentNames);
    ok &= checkResultNames(fn);
    if (ok)
      result = checkResults(function, runBody(function), fn->range);
    else
      checkedFns.insert(fn); // its signature is wrong: nothing more to say
  }
  if (!isScratch && !result.isPoison())
    finishFunction(fn, name, std::move(block), argumentNames, result);
  else
    block->dropAllDefinedValueUses();
  userRange = outerRange;
}

void Sema::finishFunction(const FnDecl *fn, StringRef name, std::unique_ptr<mlir::Block> block,
                          ArrayRef<mlir::Attribute> argumentNames, const Value &result) {
  SmallVector<mlir::Value> values;
  SmallVector<mlir::Attribute> resultNames;
  auto add = [&](const Value &value, StringRef resultName) {
    auto *tensor = value.as<Tensor>();
    if (!tensor)
      return;
    values.push_back(tensor->value);
    resultNames.push_back(builder.getDictionaryAttr(builder.getNamedAttr(
        "graph.name", builder.getStringAttr(resultName.empty() ? "result" : resultName))));
  };
  if (auto *tuple = result.as<Tuple>()) {
    for (auto [element, resultName] : zip(tuple->elements, tuple->names))
      add(element, resultName);
  } else {
    const std::optional<Name> &resultName = fn->results.front().name;
    add(result, resultName ? resultName->text : StringRef());
  }
  if (values.size() != fn->results.size())
    return; // one of them was in error
  mlir::Location place = loc(fn->name.range);
  builder.setInsertionPointToEnd(block.get());
  graph::ReturnOp::create(builder, place, values);

  builder.setInsertionPointToEnd(module->getBody());
  auto type =
      builder.getFunctionType(block->getArgumentTypes(), mlir::ValueRange(values).getTypes());
  auto op =
      graph::FuncOp::create(builder, place, name, type, /*sym_visibility=*/mlir::StringAttr(),
                            builder.getStringAttr("function"), builder.getArrayAttr(argumentNames),
                            builder.getArrayAttr(resultNames));
  op.getBody().push_back(block.release());
  op->setAttr(graph::sizesAttrName, builder.getArrayAttr(sizeNames));
  if (!fn->doc.empty())
    op->setAttr("graph.doc", builder.getStringAttr(fn->doc));
  builder.setInsertionPointToEnd(&scratch);
}

} // namespace tenon::dsl::sema
