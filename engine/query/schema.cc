#include "engine/query/schema.h"

#include "dlv/result.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

using enum ColumnId;

constexpr Type kBool{TypeKind::kBoolean};
constexpr Type kInt{TypeKind::kInteger};
constexpr Type kNumber{TypeKind::kReal};
constexpr Type kString{TypeKind::kText};
constexpr Type kTime{TypeKind::kTimestamp};
constexpr Type kVersionRef{TypeKind::kVersion};
constexpr Type kSnapshotRef{TypeKind::kSnapshot};
constexpr Type kNodeRef{TypeKind::kNode};
constexpr Type kDynamic{TypeKind::kAny};
constexpr Type kSizes = ListOf(TypeKind::kInteger);
constexpr Type kTexts = ListOf(TypeKind::kText);
constexpr Type kNodeSet = SetOf(TypeKind::kNode);

constexpr Column kVersionColumns[] = {
    {kVersionName, "name", kString, true, "name of its model"},
    {kVersionNumber, "number", kInt, true, "the N of NAME:vN"},
    {kVersionReference, "reference", kString, false, "\"lenet:v3\""},
    {kVersionId, "id", kString, false, "64 hexadecimal digits"},
    {kVersionCreationTime, "creation_time", kTime, false, "when it was committed"},
    {kVersionAuthor, "author", kString, false, "who committed it"},
    {kVersionMessage, "message", kString, false, "of the commit"},
    {kVersionNote, "note", kString, false, "written later; NULL: none"},
    {kVersionAliases, "aliases", kTexts, false, "aliases that point to it"},
    {kVersionParameterCount, "parameter_count", kInt, false, "elements of its parameters"},
    {kVersionRawBytes, "raw_bytes", kInt, false, "size of its files"},
    {kVersionStoredBytes, "stored_bytes", kInt, false, "what its commit added to the repository"},
    {kVersionSnapshotCount, "snapshot_count", kInt, false, "its snapshots"},
    {kVersionFileCount, "file_count", kInt, false, "its files"},
    {kVersionNodeCount, "node_count", kInt, false, "nodes of its network; NULL: it has none"},
    {kVersionNetworkId, "network_id", kString, false,
     "64 hexadecimal digits, equal for equal networks; NULL: it has none"},
    {kVersionInput, "input", kNodeSet, false, "nodes that read an input of the network"},
    {kVersionOutput, "output", kNodeSet, false, "nodes that make an output of the network"},
};

constexpr Column kModelColumns[] = {
    {kModelName, "name", kString, true, "its name"},
    {kModelVersionCount, "version_count", kInt, false, "its versions"},
    {kModelLatest, "latest", kVersionRef, false, "the version with the highest number"},
    {kModelRawBytes, "raw_bytes", kInt, false, "size of all files"},
    {kModelStoredBytes, "stored_bytes", kInt, false, "what its commits added to the repository"},
};

constexpr Column kSnapshotColumns[] = {
    {kSnapshotVersion, "version", kVersionRef, true, "the version it belongs to"},
    {kSnapshotStep, "step", kInt, true, "of the training; NULL: not recorded"},
    {kSnapshotIsDefault, "is_default", kBool, false, "whether it is the last one of its version"},
    {kSnapshotParameterCount, "parameter_count", kInt, false, "elements of its parameters"},
    {kSnapshotTensorCount, "tensor_count", kInt, false, "its tensors"},
    {kSnapshotTensorBytes, "tensor_bytes", kInt, false, "their size, not coded"},
};

constexpr Column kNodeColumns[] = {
    {kNodeVersion, "version", kVersionRef, true, "NULL in a network that is not stored"},
    {kNodeName, "name", kString, true, "unique in its network"},
    {kNodeOp, "op", kString, false, "operator: \"Conv\""},
    {kNodeFamily, "family", kString, false, "\"CONV\"; NULL: it is in none"},
    {kNodeIndex, "index", kInt, false, "place in topological order, from 0"},
    {kNodeOriginalName, "original_name", kString, false, "as its file named it; NULL: not at all"},
    {kNodeDomain, "domain", kString, false, "of the operator; empty: the standard ones"},
    {kNodeShape, "shape", kSizes, false,
     "of its first output; -1: a size that is not known; NULL: nothing is known"},
    {kNodeOutputCount, "output_count", kInt, false, "its outputs"},
    {kNodeParameterCount, "parameter_count", kInt, false,
     "elements of its parameters; NULL where a shape is not known"},
};

constexpr Column kEdgeColumns[] = {
    {kEdgeVersion, "version", kVersionRef, true, "whose network it is"},
    {kEdgeSource, "source", kNodeRef, true, "the node that makes the value"},
    {kEdgePort, "port", kInt, true, "which of its outputs, from 0"},
    {kEdgeTarget, "target", kNodeRef, true, "the node that reads it"},
    {kEdgeOperand, "operand", kInt, true, "as which operand, from 0"},
};

constexpr Column kTensorColumns[] = {
    {kTensorVersion, "version", kVersionRef, true, "the version it belongs to"},
    {kTensorSnapshot, "snapshot", kSnapshotRef, true, "the snapshot it belongs to"},
    {kTensorStep, "step", kInt, false, "of that snapshot; NULL: not recorded"},
    {kTensorName, "name", kString, true, "as its file named it"},
    {kTensorRole, "role", kString, false, "parameter, buffer, optimizer or other"},
    {kTensorDtype, "dtype", kString, false, "\"f32\""},
    {kTensorShape, "shape", kSizes, false, "sizes of its axes"},
    {kTensorNumel, "numel", kInt, false, "its elements"},
    {kTensorId, "id", kString, false, "64 hexadecimal digits, equal for equal contents"},
};

constexpr Column kMetricColumns[] = {
    {kMetricVersion, "version", kVersionRef, true, "the version it was measured on"},
    {kMetricName, "name", kString, true, "\"val_acc\""},
    {kMetricStep, "step", kInt, true, "of the training; NULL: a single value"},
    {kMetricValue, "value", kNumber, false, "the value; may be NaN"},
};

constexpr Column kHparamColumns[] = {
    {kHparamVersion, "version", kVersionRef, true, "the version trained with it"},
    {kHparamName, "name", kString, true, "\"lr\""},
    {kHparamValue, "value", kDynamic, false, "integer, real, boolean or text"},
};

constexpr Column kTagColumns[] = {
    {kTagVersion, "version", kVersionRef, true, "the version that carries it"},
    {kTagName, "name", kString, true, "its key"},
    {kTagValue, "value", kString, false, "empty for a tag without value"},
};

constexpr Column kEvaluationColumns[] = {
    {kEvaluationVersion, "version", kVersionRef, true, "the version that was evaluated"},
    {kEvaluationData, "data", kString, true, "name of the data"},
    {kEvaluationMetric, "metric", kString, true, "\"top1\", \"loss\""},
    {kEvaluationValue, "value", kNumber, false, "shares from 0 to 1; may be NaN"},
    {kEvaluationExamples, "examples", kInt, false, "how many were used"},
    {kEvaluationPreprocess, "preprocess", kString, false, "what was done to them first"},
    {kEvaluationEngine, "engine", kString, false,
     "\"plain\", \"progressive norms\"; with \", heuristic\": without proof"},
    {kEvaluationCertified, "certified", kInt, false, "answers that are proved"},
    {kEvaluationCreated, "created", kTime, true, "when it was saved"},
};

constexpr Column kFileColumns[] = {
    {kFileVersion, "version", kVersionRef, true, "the version it belongs to"},
    {kFilePath, "path", kString, true, "relative, with \"/\""},
    {kFileSizeBytes, "size_bytes", kInt, false, "its size"},
    {kFileSha256, "sha256", kString, false, "64 hexadecimal digits"},
    {kFileFormat, "format", kString, false, "\"safetensors\", \"onnx\", ..., \"blob\""},
    {kFileStep, "step", kInt, false, "of the snapshot it belongs to; NULL: none"},
    {kFileTensorCount, "tensor_count", kInt, false, "its tensors"},
    {kFileNote, "note", kString, false, "why it is kept as a blob; NULL: all is well"},
};

constexpr Column kLineageColumns[] = {
    {kLineageChild, "child", kVersionRef, true, "the later version"},
    {kLineageParent, "parent", kVersionRef, false,
     "the earlier version; NULL: not in this repository"},
    {kLineageParentId, "parent_id", kString, true, "64 hexadecimal digits"},
    {kLineageRelation, "relation", kString, false, "\"finetune\", \"copy\", \"slice\", ..."},
    {kLineageOrdinal, "ordinal", kInt, false, "0: the first parent"},
    {kLineageInferred, "inferred", kBool, false,
     "found by comparing weights, not named by the user"},
};

constexpr Column kQueryColumns[] = {
    {kQueryName, "name", kString, true, "its name"},
    {kQueryText, "text", kString, false, "its statement"},
    {kQueryCreated, "created", kTime, false, "when it was stored"},
};

constexpr Column kNetworkColumns[] = {
    {kNetworkName, "name", kString, true, "of the variable that slice or construct made"},
    {kNetworkSource, "source", kVersionRef, false, "the version that it was derived from"},
    {kNetworkNodeCount, "node_count", kInt, false, "its nodes"},
    {kNetworkInput, "input", kNodeSet, false, "nodes that read an input of the network"},
    {kNetworkOutput, "output", kNodeSet, false, "nodes that make an output of the network"},
};

constexpr RelationSchema kRelations[] = {
    {RelationId::kVersions, "versions", TypeKind::kVersion, kVersionColumns},
    {RelationId::kModels, "models", TypeKind::kRow, kModelColumns},
    {RelationId::kSnapshots, "snapshots", TypeKind::kSnapshot, kSnapshotColumns},
    {RelationId::kNodes, "nodes", TypeKind::kNode, kNodeColumns},
    {RelationId::kEdges, "edges", TypeKind::kRow, kEdgeColumns},
    {RelationId::kTensors, "tensors", TypeKind::kTensor, kTensorColumns},
    {RelationId::kMetrics, "metrics", TypeKind::kRow, kMetricColumns},
    {RelationId::kHparams, "hparams", TypeKind::kRow, kHparamColumns},
    {RelationId::kTags, "tags", TypeKind::kRow, kTagColumns},
    {RelationId::kEvaluations, "evaluations", TypeKind::kRow, kEvaluationColumns},
    {RelationId::kFiles, "files", TypeKind::kRow, kFileColumns},
    {RelationId::kLineage, "lineage", TypeKind::kRow, kLineageColumns},
    {RelationId::kQueries, "queries", TypeKind::kRow, kQueryColumns},
    {RelationId::kNetworks, "networks", TypeKind::kNetwork, kNetworkColumns},
};

struct Synonym {
  RelationId relation;
  std::string_view name;
  std::string_view means;
};
constexpr Synonym kSynonyms[] = {
    {RelationId::kVersions, "created", "creation_time"},
    {RelationId::kVersions, "model", "name"},
    {RelationId::kTags, "key", "name"},
    {RelationId::kQueries, "creation_time", "created"},
};

}  // namespace

const RelationSchema& SchemaOf(RelationId relation) {
  return kRelations[static_cast<std::size_t>(relation)];
}

std::span<const RelationSchema> Relations() {
  return std::span(kRelations).first(std::size(kRelations) - 1);
}

std::optional<RelationId> FindRelation(std::string_view name) {
  for (const RelationSchema& relation : Relations()) {
    if (EqualFolded(relation.name, name)) return relation.id;
  }
  return std::nullopt;
}

const Column* FindColumn(RelationId relation, std::string_view name) {
  for (const Synonym& synonym : kSynonyms) {
    if (synonym.relation == relation && EqualFolded(synonym.name, name)) name = synonym.means;
  }
  for (const Column& column : SchemaOf(relation).columns) {
    if (EqualFolded(column.name, name)) return &column;
  }
  return nullptr;
}

const Column& ColumnOf(ColumnId id) {
  for (const RelationSchema& relation : kRelations) {
    for (const Column& column : relation.columns) {
      if (column.id == id) return column;
    }
  }
  DLV_CHECK(false, "every column stands in a relation");
}

std::optional<RelationId> RelationOfEntity(TypeKind entity) {
  if (entity == TypeKind::kRow) return std::nullopt;
  for (const RelationSchema& relation : kRelations) {
    if (relation.row == entity) return relation.id;
  }
  return std::nullopt;
}

}  // namespace dlv::query
