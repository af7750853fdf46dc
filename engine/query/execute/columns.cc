// The columns of relations: from a row or entity to a value.

#include <algorithm>

#include "engine/network/families.h"
#include "engine/query/execute/evaluator.h"
#include "engine/query/scalar.h"

namespace dlv::query {
namespace {

Value Count(std::uint64_t count) { return static_cast<std::int64_t>(count); }

Value TextOrNull(std::string_view text) { return text.empty() ? Value() : Value(text); }

Value StepOrNull(const std::optional<std::int64_t>& step) { return step ? Value(*step) : Value(); }

/// Entries of a list that is ascending by version.
template <class Entry>
std::span<const Entry> OfVersion(const std::vector<Entry>& entries, VersionIndex version) {
  // Not equal_range: its subrange is more than clang 14 can do with this library.
  const auto begin = std::ranges::lower_bound(entries, version, {}, &Entry::version);
  const auto end = std::ranges::upper_bound(entries, version, {}, &Entry::version);
  return {entries.data() + (begin - entries.begin()), static_cast<std::size_t>(end - begin)};
}

List NodeList(GraphView* graph, VersionIndex version, const std::vector<std::uint32_t>& nodes) {
  List list;
  list.reserve(nodes.size());
  for (const std::uint32_t node : nodes) list.emplace_back(NodeRef{graph, version, node});
  return list;
}

Value AliasesOf(const Snapshot& snapshot, VersionIndex version) {
  List names;
  for (const AliasEntry& alias : snapshot.aliases) {
    if (alias.version == version) names.emplace_back(alias.name);
  }
  return Value::OfList(std::move(names));
}

Result<Value> GraphColumn(Execution& execution, ColumnId column, VersionIndex version) {
  if (column == ColumnId::kVersionNetworkId) {
    const Snapshot& snapshot = execution.snapshot();
    const GraphIndex graph = snapshot.graph_of[version];
    return graph == kNoGraph ? Value() : Value(snapshot.graphs[graph].Hex());
  }
  DLV_ASSIGN(GraphView* const graph, execution.GraphOf(version));
  if (column == ColumnId::kVersionNodeCount) {
    return graph == nullptr ? Value() : Count(graph->node_count());
  }
  if (graph == nullptr) return Value::OfList({});
  const auto nodes = column == ColumnId::kVersionInput ? InputNodes(graph->outline())
                                                       : OutputNodes(graph->outline());
  return Value::OfList(NodeList(graph, version, nodes));
}

Result<Value> VersionColumn(Execution& execution, ColumnId column, VersionIndex version) {
  const Snapshot& snapshot = execution.snapshot();
  const VersionColumns& versions = snapshot.versions;
  switch (column) {
    case ColumnId::kVersionName:
      return Value(snapshot.models[versions.model[version]].name);
    case ColumnId::kVersionNumber:
      return Count(versions.number[version]);
    case ColumnId::kVersionReference:
      return Value(snapshot.ReferenceOf(version));
    case ColumnId::kVersionId:
      return Value(versions.id[version].Hex());
    case ColumnId::kVersionCreationTime:
      return Value(QueryTime{versions.created[version]});
    case ColumnId::kVersionAuthor:
      return Value(versions.author[version]);
    case ColumnId::kVersionMessage:
      return Value(versions.message[version]);
    case ColumnId::kVersionNote: {
      const auto notes = OfVersion(snapshot.notes, version);
      return notes.empty() ? Value() : TextOrNull(notes[0].value);
    }
    case ColumnId::kVersionAliases:
      return AliasesOf(snapshot, version);
    case ColumnId::kVersionParameterCount:
      return Count(versions.parameter_count[version]);
    case ColumnId::kVersionRawBytes:
      return Count(versions.raw_bytes[version]);
    case ColumnId::kVersionStoredBytes:
      return Count(versions.stored_bytes[version]);
    case ColumnId::kVersionSnapshotCount:
      return Count(versions.snapshot_count[version]);
    case ColumnId::kVersionFileCount:
      return Count(versions.file_count[version]);
    default:
      return GraphColumn(execution, column, version);
  }
}

Value ModelColumn(Execution& execution, ColumnId column, std::uint32_t model) {
  const ModelEntry& entry = execution.snapshot().models[model];
  if (column == ColumnId::kModelName) return entry.name;
  if (column == ColumnId::kModelLatest) {
    return entry.latest == kNoVersion ? Value() : Value(VersionRef{entry.latest});
  }
  const Execution::ModelSums& sums = execution.SumsOf(model);
  if (column == ColumnId::kModelVersionCount) return Count(sums.versions);
  return Count(column == ColumnId::kModelRawBytes ? sums.raw_bytes : sums.stored_bytes);
}

Value SnapshotColumn(const Snapshot& snapshot, ColumnId column, std::uint32_t row) {
  const SnapshotEntry& entry = snapshot.snapshots[row];
  switch (column) {
    case ColumnId::kSnapshotVersion:
      return VersionRef{entry.version};
    case ColumnId::kSnapshotStep:
      return StepOrNull(entry.info.step);
    case ColumnId::kSnapshotIsDefault:
      return row + 1 == snapshot.snapshots.size() ||
             snapshot.snapshots[row + 1].version != entry.version;
    case ColumnId::kSnapshotParameterCount:
      return Count(entry.info.parameter_count);
    case ColumnId::kSnapshotTensorCount:
      return Count(entry.info.tensor_count);
    default:
      return Count(entry.info.tensor_bytes);
  }
}

Value NodeColumn(ColumnId column, const NodeRef& ref) {
  const network::Outline& network = ref.graph->outline();
  const network::OutlineNode& node = network.nodes[ref.node];
  switch (column) {
    case ColumnId::kNodeVersion:
      return ref.version == kNoVersion ? Value() : Value(VersionRef{ref.version});
    case ColumnId::kNodeName:
      return node.name;
    case ColumnId::kNodeOp:
      return node.op;
    case ColumnId::kNodeFamily:
      return TextOrNull(network::FamilyOf(network, ref.node));
    case ColumnId::kNodeIndex:
      return Count(ref.node);
    case ColumnId::kNodeOriginalName:
      return TextOrNull(node.original_name);
    case ColumnId::kNodeDomain:
      return node.domain;
    case ColumnId::kNodeShape: {
      const auto shape = network::ShapeOf(node.outputs[0]);
      return shape ? Value::OfList(List(shape->begin(), shape->end())) : Value();
    }
    case ColumnId::kNodeOutputCount:
      return Count(node.outputs.size());
    default: {
      const auto elements = ParameterElements(network, ref.node);
      return elements ? Value(*elements) : Value();
    }
  }
}

Result<Value> EdgeColumn(Execution& execution, ColumnId column, const RowRef& row) {
  if (column == ColumnId::kEdgeVersion) return Value(VersionRef{row.version});
  DLV_ASSIGN(GraphView* const graph, execution.GraphOf(row.version));
  const GraphView::Edge& edge = graph->edges()[row.row];
  switch (column) {
    case ColumnId::kEdgeSource:
      return Value(NodeRef{graph, row.version, edge.source});
    case ColumnId::kEdgeTarget:
      return Value(NodeRef{graph, row.version, edge.target});
    case ColumnId::kEdgePort:
      return Count(edge.port);
    default:
      return Count(edge.operand);
  }
}

Value TensorColumn(Execution& execution, ColumnId column, const TensorRef& tensor) {
  const TensorEntry& entry = tensor.entry();
  const auto& snapshots = execution.snapshot().snapshots;
  const bool has_snapshot = tensor.snapshot != TensorRef::kDefaultSnapshot;
  switch (column) {
    case ColumnId::kTensorVersion:
      return VersionRef{tensor.version};
    case ColumnId::kTensorSnapshot:
    case ColumnId::kTensorStep: {
      std::uint32_t row = tensor.snapshot;
      const auto of_version = OfVersion(snapshots, tensor.version);
      if (!has_snapshot && of_version.empty()) return {};
      if (!has_snapshot) row = static_cast<std::uint32_t>(&of_version.back() - snapshots.data());
      if (column == ColumnId::kTensorStep) return StepOrNull(snapshots[row].info.step);
      return RowRef{RowRef::Kind::kSnapshot, tensor.version, row, 0};
    }
    case ColumnId::kTensorName:
      return entry.name;
    case ColumnId::kTensorRole:
      return NameOf(entry.role);
    case ColumnId::kTensorDtype:
      return NameOf(entry.dtype);
    case ColumnId::kTensorShape:
      return Value::OfList(List(entry.shape.begin(), entry.shape.end()));
    case ColumnId::kTensorNumel: {
      std::int64_t count = 1;
      for (const std::int64_t size : entry.shape) count *= size;
      return count;
    }
    default:
      return entry.id.Hex();
  }
}

Value MetricCell(const Snapshot& snapshot, ColumnId column, const RowRef& row) {
  const SeriesEntry& series = snapshot.series[row.row];
  switch (column) {
    case ColumnId::kMetricVersion:
      return VersionRef{series.version};
    case ColumnId::kMetricName:
      return series.name;
    case ColumnId::kMetricStep: {
      const std::int64_t step = series.points[row.point].step;
      return step < 0 ? Value() : Value(step);
    }
    default:
      return series.points[row.point].value;
  }
}

Value FileColumn(const FileEntry& file, ColumnId column) {
  switch (column) {
    case ColumnId::kFileVersion:
      return VersionRef{file.version};
    case ColumnId::kFilePath:
      return file.info.path;
    case ColumnId::kFileSizeBytes:
      return Count(file.info.size_bytes);
    case ColumnId::kFileSha256:
      return file.info.sha256.Hex();
    case ColumnId::kFileFormat:
      return file.info.format;
    case ColumnId::kFileStep:
      return StepOrNull(file.info.step);
    case ColumnId::kFileTensorCount:
      return Count(file.info.tensor_count);
    default:
      return TextOrNull(file.info.note);
  }
}

/// As dlv::NameOf, whose home is above this layer.
std::string_view RelationName(Relation relation) {
  constexpr std::string_view kNames[] = {"retrain", "finetune", "copy",  "slice",  "construct",
                                         "merge",   "quantize", "prune", "distil", "adapter"};
  return kNames[static_cast<std::size_t>(relation)];
}

Value LineageColumn(const EdgeEntry& edge, ColumnId column) {
  switch (column) {
    case ColumnId::kLineageChild:
      return VersionRef{edge.child};
    case ColumnId::kLineageParent:
      return edge.parent == kNoVersion ? Value() : Value(VersionRef{edge.parent});
    case ColumnId::kLineageParentId:
      return edge.parent_id.Hex();
    case ColumnId::kLineageRelation:
      return RelationName(edge.relation);
    case ColumnId::kLineageOrdinal:
      return Count(edge.ordinal);
    default:
      return edge.inferred;
  }
}

Value QueryColumn(const StoredQuery& query, ColumnId column) {
  if (column == ColumnId::kQueryName) return query.name;
  if (column == ColumnId::kQueryText) return query.text;
  return QueryTime{query.created};
}

/// hparams and tags: version, name, value.
Value NamedColumn(const NamedEntry& entry, ColumnId column) {
  switch (column) {
    case ColumnId::kHparamVersion:
    case ColumnId::kTagVersion:
      return VersionRef{entry.version};
    case ColumnId::kHparamName:
    case ColumnId::kTagName:
      return entry.name;
    case ColumnId::kHparamValue:
      return ValueOfText(entry.value);
    default:
      return entry.value;
  }
}

Value EvaluationColumn(const EvaluationEntry& entry, ColumnId column) {
  const auto attribute = [&](const char* name) {
    const auto found = entry.saved.attributes.find(name);
    return found == entry.saved.attributes.end() ? Value() : Value(found->second);
  };
  const auto number = [&](const char* name) {
    const auto found = entry.saved.attributes.find(name);
    return found == entry.saved.attributes.end() ? Value() : ValueOfText(found->second);
  };
  switch (column) {
    case ColumnId::kEvaluationVersion:
      return VersionRef{entry.version};
    case ColumnId::kEvaluationData:
      return entry.saved.data;
    case ColumnId::kEvaluationMetric:
      return entry.saved.metric;
    case ColumnId::kEvaluationValue:
      return entry.saved.value;
    case ColumnId::kEvaluationExamples:
      return number("examples");
    case ColumnId::kEvaluationPreprocess:
      return attribute("preprocess");
    case ColumnId::kEvaluationEngine:
      return attribute("engine");
    case ColumnId::kEvaluationCertified:
      return number("proved");
    default:
      return QueryTime{entry.saved.created};
  }
}

Value NetworkColumn(const MadeNetwork& made, ColumnId column) {
  const network::Outline& network = made.graph->outline();
  switch (column) {
    case ColumnId::kNetworkName:
      return made.name;
    case ColumnId::kNetworkSource:
      return VersionRef{made.source};
    case ColumnId::kNetworkNodeCount:
      return Count(network.nodes.size());
    default: {
      const auto nodes =
          column == ColumnId::kNetworkInput ? InputNodes(network) : OutputNodes(network);
      return Value::OfList(NodeList(made.graph.get(), kNoVersion, nodes));
    }
  }
}

Result<Value> RowColumn(Execution& execution, ColumnId column, const RowRef& row) {
  const Snapshot& snapshot = execution.snapshot();
  switch (row.kind) {
    case RowRef::Kind::kModel:
      return ModelColumn(execution, column, row.row);
    case RowRef::Kind::kSnapshot:
      return SnapshotColumn(snapshot, column, row.row);
    case RowRef::Kind::kEdge:
      return EdgeColumn(execution, column, row);
    case RowRef::Kind::kMetric:
      return MetricCell(snapshot, column, row);
    case RowRef::Kind::kHparam:
      return NamedColumn(snapshot.all_hparams[row.row], column);
    case RowRef::Kind::kTag:
      return NamedColumn(snapshot.tags[row.row], column);
    case RowRef::Kind::kEvaluation:
      return EvaluationColumn(snapshot.evaluations[row.row], column);
    case RowRef::Kind::kFile:
      return FileColumn(snapshot.files[row.row], column);
    case RowRef::Kind::kLineage:
      return LineageColumn(snapshot.lineage[row.row], column);
    case RowRef::Kind::kQuery:
      return QueryColumn(snapshot.queries[row.row], column);
  }
  return Value();
}

struct AttributeAsValue {
  Value operator()(std::int64_t value) const { return value; }
  Value operator()(double value) const { return value; }
  Value operator()(const std::string& value) const { return value; }
  template <class T>
  Value operator()(const std::vector<T>& values) const {
    return Value::OfList(List(values.begin(), values.end()));
  }
  Value operator()(const NetworkConstant&) const { return {}; }
  Value operator()(const std::shared_ptr<const Network>& network) const {
    return "network of " + std::to_string(network->nodes.size()) + " nodes";
  }
};

}  // namespace

Result<Value> ReadColumn(Execution& execution, ColumnId column, const Value& object) {
  if (object.is_null()) return Value();
  if (const auto* version = object.As<VersionRef>()) {
    return VersionColumn(execution, column, version->index);
  }
  if (const auto* node = object.As<NodeRef>()) return NodeColumn(column, *node);
  if (const auto* tensor = object.As<TensorRef>()) return TensorColumn(execution, column, *tensor);
  if (const auto* row = object.As<RowRef>()) return RowColumn(execution, column, *row);
  if (const auto* made = object.As<std::shared_ptr<const MadeNetwork>>()) {
    return NetworkColumn(**made, column);
  }
  return Value();
}

Value ReadAttribute(const NodeRef& ref, const std::string& name) {
  const auto value = network::FindAttribute(ref.graph->node(ref.node), name);
  return value ? std::visit(AttributeAsValue(), *value) : Value();
}

}  // namespace dlv::query
