//===- LinkTable.cpp - What a program finds a linked model by -------------===//

#include "compiler/targets/cpu/MachineCode.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

using namespace mlir;

namespace tenon::cpu {

/// The constant `tenon_linked_model` and what it points to.
static std::unique_ptr<llvm::Module> buildLinkTable(llvm::LLVMContext &context,
                                                    const llvm::TargetMachine &machine,
                                                    const LinkTable &table) {
  auto module = std::make_unique<llvm::Module>("table", context);
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  module->setPICLevel(llvm::PICLevel::BigPIC);
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *i32 = llvm::Type::getInt32Ty(context), *i64 = llvm::Type::getInt64Ty(context);
  auto addConstant = [&](llvm::Constant *value, const llvm::Twine &name,
                         llvm::GlobalValue::LinkageTypes linkage) {
    return new llvm::GlobalVariable(*module, value->getType(), /*isConstant=*/true, linkage, value,
                                    name);
  };

  auto *kernelType =
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer, i64, i64}, false);
  SmallVector<llvm::Constant *> addresses;
  for (const std::string &kernel : table.kernels) {
    auto *function =
        llvm::Function::Create(kernelType, llvm::GlobalValue::ExternalLinkage, kernel, *module);
    function->setVisibility(llvm::GlobalValue::HiddenVisibility);
    addresses.push_back(function);
  }
  auto *kernels = addConstant(
      llvm::ConstantArray::get(llvm::ArrayType::get(pointer, addresses.size()), addresses),
      "kernels", llvm::GlobalValue::InternalLinkage);
  auto *artifact =
      addConstant(llvm::ConstantDataArray::getString(context, table.artifact, /*AddNull=*/false),
                  "artifact", llvm::GlobalValue::InternalLinkage);
  artifact->setAlignment(llvm::Align(64));
  addConstant(
      llvm::ConstantStruct::getAnon({llvm::ConstantInt::get(i32, table.abiVersion),
                                     llvm::ConstantInt::get(i32, addresses.size()), kernels,
                                     artifact, llvm::ConstantInt::get(i64, table.artifact.size())}),
      table.symbol, llvm::GlobalValue::ExternalLinkage);
  return module;
}

FailureOr<std::string> compileLinkTable(Location loc, const targets::TargetInfo &target,
                                        const LinkTable &table) {
  auto machine = createTargetMachine(target, /*optLevel=*/2);
  if (!machine)
    return emitError(loc, llvm::toString(machine.takeError())), failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module = buildLinkTable(context, **machine, table);
  auto object = generateCode(*module, **machine, llvm::CodeGenFileType::ObjectFile);
  if (!object)
    return emitError(loc, llvm::toString(object.takeError())), failure();
  return std::move(*object);
}

} // namespace tenon::cpu
