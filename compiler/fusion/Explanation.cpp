#include "compiler/fusion/Explanation.h"
#include "compiler/fusion/Grouping.h"
#include "dialects/graph/SizeHints.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;

// ---- Words --------------------------------------------------------------------------------------

/// "mlp.tenon:4", or nothing for an op that no line of the model stands for.
static std::string placeOf(Location loc) {
  std::string place;
  loc->walk([&](Location inner) {
    auto file = dyn_cast<FileLineColLoc>(inner);
    if (!file)
      return WalkResult::advance();
    StringRef name = file.getFilename().getValue();
    place = llvm::formatv("{0}:{1}", name.substr(name.rfind('/') + 1), file.getLine());
    return WalkResult::interrupt();
  });
  return place;
}

static std::string nameOf(Operation *op) {
  StringRef name = op->getName().stripDialect();
  return isa<graph::ContractOp>(op) ? "contraction" : name.str();
}

/// "add (mlp.tenon:4)"
static std::string opInWords(Operation *op) {
  std::string place = placeOf(op->getLoc());
  return nameOf(op) + (place.empty() ? "" : " (" + place + ")");
}

/// "contraction, add, max": what is computed, in order, repetitions as "2 mul".
static std::string listOf(ArrayRef<Operation *> ops) {
  llvm::MapVector<StringRef, unsigned> counts;
  SmallVector<std::string> words;
  llvm::StringMap<std::string> names;
  for (Operation *op : ops) {
    auto kind = cast<graph::FusionInterface>(op).getFusionKind();
    if (kind == graph::FusionKind::Source || kind == graph::FusionKind::IndexMap)
      continue;
    StringRef name = op->getName().stripDialect();
    names[name] = nameOf(op);
    ++counts[name];
  }
  for (auto [name, count] : counts)
    words.push_back((count > 1 ? llvm::utostr(count) + " " : "") + names[name]);
  return llvm::join(words, ", ");
}

/// The ops of a kernel; apart, those that a contraction computes while it packs its operands:
/// "contraction, add, max (operands packed with sub, mul)".
static std::string opsOf(Block &body) {
  SetVector<Operation *> packed;
  for (Operation &op : llvm::reverse(body.without_terminator()))
    if (isa<graph::ContractOp>(op) || packed.contains(&op))
      for (Value operand : op.getOperands())
        if (Operation *def = operand.getDefiningOp())
          packed.insert(def);
  SmallVector<Operation *> first, rest;
  for (Operation &op : body.without_terminator())
    (packed.contains(&op) ? first : rest).push_back(&op);
  std::string operands = listOf(first), words = listOf(rest);
  if (!operands.empty())
    words += " (operands packed with " + operands + ")";
  return words.empty() ? "constants" : words;
}

/// "lines 4, 13 of mlp.tenon"
static std::string linesOf(Block &body, Location otherwise) {
  llvm::MapVector<StringRef, SmallVector<unsigned>> lines;
  auto add = [&](Location loc) {
    loc->walk([&](Location inner) {
      if (auto file = dyn_cast<FileLineColLoc>(inner)) {
        lines[file.getFilename().getValue()].push_back(file.getLine());
        return WalkResult::interrupt();
      }
      return WalkResult::advance();
    });
  };
  for (Operation &op : body.without_terminator())
    add(op.getLoc());
  if (lines.empty())
    add(otherwise);
  SmallVector<std::string> parts;
  for (auto &[file, numbers] : lines) {
    llvm::sort(numbers);
    numbers.erase(llvm::unique(numbers), numbers.end());
    SmallVector<std::string> texts;
    for (unsigned number : numbers)
      texts.push_back(llvm::utostr(number));
    parts.push_back((texts.size() > 1 ? "lines " : "line ") + llvm::join(texts, ", ") + " of " +
                    file.substr(file.rfind('/') + 1).str());
  }
  return llvm::join(parts, "; ");
}

static std::string quantity(double amount, StringRef unit) {
  static constexpr StringLiteral prefixes[] = {"", "k", "M", "G", "T"};
  unsigned step = 0;
  while (amount >= 1000 && step < 4)
    amount /= 1000, ++step;
  return llvm::formatv(step ? "{0:F1} {1}{2}" : "{0:F0} {1}{2}", amount, prefixes[step], unit);
}

static std::string duration(double ns) {
  return llvm::formatv("{0:F2} us", ns / 1000).str();
}

static std::string costInWords(const Cost &cost) {
  StringRef bound = cost.bound() == Bound::Launch        ? "the launch"
                    : cost.bound() == Bound::Computation ? "computation"
                                                         : "bandwidth";
  return llvm::formatv("{0} ({1} {2}, {3} {4} from {5}; bound by {6})", duration(cost.totalNs()),
                       quantity(cost.operations, "op"), duration(cost.computeNs),
                       quantity(cost.bytes, "B"), duration(cost.memoryNs), cost.level, bound);
}

static std::string savingInWords(const Saving &saving) {
  std::string words = "saves " + duration(saving.ns);
  return saving.bytes > 0 ? words + " and " + quantity(saving.bytes, "B") + " written and read" : words;
}

/// What a kernel of several ops saves beside one for each; nothing to say of a kernel of one op.
static std::string fusionInWords(fuse::KernelOp kernel, const CostModel &costs) {
  unsigned count = 0;
  Cost whole = costs.costOf(kernel);
  Saving saving{-whole.totalNs(), -whole.bytes};
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (!isCloned(&op)) {
      ++count;
      Cost alone = costs.costAlone(&op);
      saving.ns += alone.totalNs();
      saving.bytes += alone.bytes;
    }
  if (count < 2)
    return "";
  return llvm::formatv("one kernel instead of {0} {1}", count, savingInWords(saving));
}

static std::string anchorInWords(fuse::KernelOp kernel) {
  return fuse::stringifyAnchor(kernel.getAnchor()).str();
}

static std::string describeKernel(fuse::KernelOp kernel, const Cost &cost, const CostModel &costs) {
  if (kernel.getAnchor() != fuse::Anchor::multi_tensor) {
    Block &body = kernel.getBody().front();
    std::string text = llvm::formatv("{0}: {1}; {2}\n      {3}\n", anchorInWords(kernel), opsOf(body),
                                     linesOf(body, kernel.getLoc()), costInWords(cost));
    std::string saved = fusionInWords(kernel, costs);
    return saved.empty() ? text : text + "      " + saved + "\n";
  }
  auto members = llvm::to_vector(kernel.getBody().getOps<fuse::KernelOp>());
  Saving saving{(members.size() - 1) * cost.launchNs, 0};
  std::string text =
      llvm::formatv("{0}: {1} independent kernels in one launch, which {2}\n      {3}\n",
                    anchorInWords(kernel), members.size(), savingInWords(saving), costInWords(cost));
  for (fuse::KernelOp member : members) {
    Block &body = member.getBody().front();
    std::string saved = fusionInWords(member, costs);
    text += llvm::formatv("      - {0}: {1}; {2}; {3}{4}{5}\n", anchorInWords(member), opsOf(body),
                          linesOf(body, member.getLoc()), duration(costs.costOf(member).workNs()),
                          saved.empty() ? "" : "; ", saved);
  }
  return text;
}

// ---- Collecting ---------------------------------------------------------------------------------

Explanation::Entry &Explanation::entryOf(graph::FuncOp function) {
  for (Entry &entry : entries)
    if (entry.name == function.getSymName())
      return entry;
  Entry entry;
  entry.name = function.getSymName().str();
  SmallVector<std::string> sizes;
  if (auto names = function->getAttrOfType<ArrayAttr>(graph::sizesAttrName))
    for (StringRef name : names.getAsValueRange<StringAttr>()) {
      std::optional<int64_t> hint = graph::sizeHint(function, name);
      sizes.push_back(llvm::formatv("{0}={1}{2}", name, hint.value_or(CostModel::kUnknownSize),
                                    hint ? "" : " assumed"));
    }
  entry.sizes = llvm::join(sizes, ", ");
  entries.push_back(std::move(entry));
  return entries.back();
}

void Explanation::refuse(graph::FuncOp function, Operation *producer, Operation *reader,
                         StringRef reason) {
  addLine(entryOf(function).refusals, opInWords(producer) + " with " + opInWords(reader), reason.str());
}

void Explanation::refuse(graph::FuncOp function, const Twine &sentence) {
  addLine(entryOf(function).refusals, "", sentence.str());
}

void Explanation::inlined(graph::FuncOp function, Operation *producer,
                          ArrayRef<fuse::KernelOp> readers, const Saving &saving) {
  Entry &entry = entryOf(function);
  SmallVector<std::string> names;
  for (fuse::KernelOp reader : readers) {
    Block &body = reader.getBody().front();
    names.push_back(opInWords(body.getTerminator()->getOperand(0).getDefiningOp()));
    for (Operation &op : body.without_terminator())
      llvm::erase_if(entry.refusals, [&](const auto &line) {
        return line.first == opInWords(producer) + " with " + opInWords(&op);
      });
  }
  addLine(entry.inlined, opInWords(producer) + " in the kernel of " + llvm::join(names, ", in that of "),
          savingInWords(saving));
}

/// Layers of one loop say the same of one line; once is enough.
void Explanation::addLine(Entry::Lines &lines, std::string what, std::string why) {
  std::pair<std::string, std::string> line(std::move(what), std::move(why));
  if (!llvm::is_contained(lines, line))
    lines.push_back(std::move(line));
}

void Explanation::describe(graph::FuncOp function, const CostModel &costs) {
  Entry &entry = entryOf(function);
  for (auto kernel : function.getBody().front().getOps<fuse::KernelOp>()) {
    Cost cost = costs.costOf(kernel);
    entry.totalNs += cost.totalNs();
    entry.kernels.push_back(describeKernel(kernel, cost, costs));
  }
}

void Explanation::print(ModuleOp module, raw_ostream &os) const {
  bool isFirst = true;
  for (const Entry &entry : entries) {
    os << (isFirst ? "" : "\n") << entry.name;
    isFirst = false;
    if (!entry.sizes.empty())
      os << " (" << entry.sizes << ")";
    os << ": " << entry.kernels.size() << (entry.kernels.size() == 1 ? " kernel, " : " kernels, ")
       << duration(entry.totalNs) << " predicted on one thread\n";
    auto function = module.lookupSymbol<graph::FuncOp>(entry.name);
    auto launches = llvm::to_vector(function.getBody().front().getOps<fuse::LaunchOp>());
    for (auto [launch, text] : llvm::zip_equal(launches, entry.kernels))
      os << "  " << launch.getKernel() << " " << text;
    auto print = [&](StringRef title, const Entry::Lines &lines) {
      if (!lines.empty())
        os << "  " << title << ":\n";
      for (const auto &[what, why] : lines)
        os << "  - " << what << (what.empty() ? "" : ": ") << why << "\n";
    };
    print("computed again where it is read", entry.inlined);
    print("not fused", entry.refusals);
  }
}
