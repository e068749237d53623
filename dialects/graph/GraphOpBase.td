// The base classes of ops: each says how fusion sees the op and which interfaces it answers.
#ifndef TENON_GRAPH_OP_BASE
#define TENON_GRAPH_OP_BASE

include "dialects/graph/GraphBase.td"
include "dialects/graph/GraphInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Graph_Op<string mnemonic, string kind, list<Trait> traits = []>
    : Op<Graph_Dialect, mnemonic, !listconcat([DeclareOpInterfaceMethods<Graph_FusionInterface>], traits)> {
  string fusionKind = kind;
  // Name and parameters of the op as a function of the language; empty: it is none.
  string functionName = "";
  list<string> functionParameters = [];
  code fusionDefinition = [{
    ::tenon::graph::FusionKind $cppClass::getFusionKind() { return ::tenon::graph::FusionKind::}] # kind # [{; }
  }];
  let extraClassDefinition = fusionDefinition;
}

// A pure function of its operands that autodiff can pass through.
class Graph_PureOp<string mnemonic, string kind, list<Trait> traits = []>
    : Graph_Op<mnemonic, kind, !listconcat([Pure, DeclareOpInterfaceMethods<Graph_GradientInterface>], traits)>;

// Makes an op a function of the language.
class Graph_Function<string name, list<string> parameters> {
  list<Trait> traits = [DeclareOpInterfaceMethods<Graph_FunctionInterface>];
  code definition = [{
    ::llvm::StringRef $cppClass::getFunctionName() { return "}] # name # [{"; }
    ::llvm::ArrayRef<::llvm::StringRef> $cppClass::getFunctionParameters() {
      static const ::llvm::StringRef parameters[] = {}] #
      !interleave(!foreach(p, parameters, "\"" # p # "\""), ", ") # [{};
      return parameters;
    }
  }];
}

#endif
