#include "engine/query/execute/operator.h"

#include "engine/network/encoding.h"
#include "engine/network/slice.h"

namespace dlv::query {
namespace {

/// Names of the tensors of a network's parameters, from those of the network that it was made of.
Result<std::map<std::string, std::string>> TakeTensors(Execution& execution, const Network& network,
                                                       const Value& subject) {
  std::map<std::string, std::string> all, taken;
  if (const auto* version = subject.As<VersionRef>()) {
    DLV_ASSIGN(const auto bindings,
               execution.context().ReadBindings(execution.snapshot().versions.id[version->index]));
    for (const ParameterBinding& binding : bindings) all[binding.parameter] = binding.tensor;
  } else if (const auto* made = subject.As<std::shared_ptr<const MadeNetwork>>()) {
    all = (*made)->tensors;
  }
  for (const NetworkParameter& parameter : network.parameters) {
    const auto found = all.find(parameter.name);
    if (found != all.end() && !found->second.empty()) taken.insert(*found);
  }
  return taken;
}

class SliceOperator final : public Operator {
 public:
  SliceOperator(Execution& execution, OperatorPtr rows, const BoundSlice& slice,
                std::vector<EvaluatorPtr> inputs, std::vector<EvaluatorPtr> outputs)
      : Operator(execution),
        slice_(slice),
        inputs_(std::move(inputs)),
        outputs_(std::move(outputs)) {
    AddChild(std::move(rows));
  }

 private:
  Status DoOpen(Frame& frame) override { return child().Open(frame); }

  Result<bool> DoNext(Frame& frame, List& row) override {
    DLV_ASSIGN(const bool more, child().Next(frame, row));
    row.clear();
    if (!more) return false;
    const Value subject = frame[slice_.subject];
    DLV_ASSIGN(GraphView* const graph, SubjectGraph(execution(), subject, slice_.inputs[0].place));
    network::SliceRequest request;
    request.name = slice_.result;
    request.with_closure = slice_.closure;
    DLV_TRY(AddEnds(frame, request));
    DLV_ASSIGN(const Network* whole, graph->Decoded());
    auto cut = network::Slice(*whole, request);
    if (!cut.ok()) {
      return execution().Failed(slice_.outputs[0].place,
                                InSubject(execution(), subject, std::move(cut).error()));
    }
    DLV_ASSIGN(Value made, MakeNetworkValue(execution(), slice_.result, subject,
                                            std::move(cut->network), std::move(cut->notes)));
    row.push_back(std::move(made));
    return true;
  }

  Status AddEnds(Frame& frame, network::SliceRequest& request) {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      DLV_ASSIGN(const auto nodes, NodesOf(frame, *inputs_[i], slice_.inputs[i]));
      request.inputs.insert(request.inputs.end(), nodes.begin(), nodes.end());
    }
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      DLV_ASSIGN(const auto nodes, NodesOf(frame, *outputs_[i], slice_.outputs[i]));
      const bool has_port = slice_.outputs[i].kind == ExpressionKind::kPort;
      for (const network::NodeIndex node : nodes) {
        network::NodePort end{node, std::nullopt};
        if (has_port) end.port = slice_.outputs[i].index;
        request.outputs.push_back(end);
      }
    }
    return Ok();
  }

  /// Errors: kInvalidArgument (the set is empty).
  Result<std::vector<network::NodeIndex>> NodesOf(Frame& frame, Evaluator& end,
                                                  const BoundExpression& expression) {
    DLV_ASSIGN(const Value set, end.Evaluate(frame));
    std::vector<network::NodeIndex> nodes;
    if (const List* list = set.AsList()) {
      for (const Value& node : *list) nodes.push_back(node.As<NodeRef>()->node);
    } else if (const auto* node = set.As<NodeRef>()) {
      nodes.push_back(node->node);
    }
    if (!nodes.empty()) return nodes;
    Error error{ErrorCode::kInvalidArgument, "no node fits",
                "dlv network REF lists the nodes of a version"};
    return execution().Failed(expression.place,
                              InSubject(execution(), frame[slice_.subject], std::move(error)));
  }

  const BoundSlice& slice_;
  std::vector<EvaluatorPtr> inputs_, outputs_;
};

}  // namespace

Error InSubject(const Execution& execution, const Value& subject, Error error) {
  std::string name = "the network";
  if (const auto* version = subject.As<VersionRef>()) {
    name = execution.snapshot().ReferenceOf(version->index);
  } else if (const auto* made = subject.As<std::shared_ptr<const MadeNetwork>>()) {
    name = (*made)->name + " of " + execution.snapshot().ReferenceOf((*made)->source);
  }
  error.message = name + ": " + error.message;
  return error;
}

Result<GraphView*> SubjectGraph(Execution& execution, const Value& subject, Place place) {
  GraphView* graph = nullptr;
  if (const auto* made = subject.As<std::shared_ptr<const MadeNetwork>>()) {
    graph = (*made)->graph.get();
  } else if (const auto* version = subject.As<VersionRef>()) {
    DLV_ASSIGN(graph, execution.GraphOf(version->index));
  }
  if (graph != nullptr) return graph;
  Error error{ErrorCode::kInvalidArgument, "has no network",
              "add a condition that leaves such versions out: m.node_count is not null"};
  return execution.Failed(place, InSubject(execution, subject, std::move(error)));
}

Result<Value> MakeNetworkValue(Execution& execution, const std::string& name, const Value& subject,
                               Network network, std::vector<std::string> notes) {
  auto made = std::make_shared<MadeNetwork>();
  made->name = name;
  if (const auto* version = subject.As<VersionRef>()) made->source = version->index;
  if (const auto* from = subject.As<std::shared_ptr<const MadeNetwork>>()) {
    made->source = (*from)->source;
  }
  DLV_ASSIGN(made->tensors, TakeTensors(execution, network, subject));
  made->notes = std::move(notes);
  made->graph = std::make_shared<GraphView>();
  DLV_TRY(made->graph->Read(network::Encode(network)));
  made->network = std::make_shared<const Network>(std::move(network));
  execution.Keep(made);
  return Value(std::shared_ptr<const MadeNetwork>(std::move(made)));
}

OperatorPtr MakeSlice(Execution& execution, OperatorPtr child, const BoundSlice& slice,
                      std::vector<EvaluatorPtr> inputs, std::vector<EvaluatorPtr> outputs) {
  return std::make_unique<SliceOperator>(execution, std::move(child), slice, std::move(inputs),
                                         std::move(outputs));
}

}  // namespace dlv::query
