#pragma once
/// \file
/// The relations of DQL and their columns: one table, which docs/dql.md shows and tests compare.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/query/types.h"

namespace dlv::query {

enum class RelationId : std::uint8_t {
  kVersions,
  kModels,
  kSnapshots,
  kNodes,
  kEdges,
  kTensors,
  kMetrics,
  kHparams,
  kTags,
  kEvaluations,
  kFiles,
  kLineage,
  kQueries,
  kNetworks,  ///< no relation of `from`: the columns of a network that a nested query made
};

enum class ColumnId : std::uint8_t {
  // versions
  kVersionName,          ///< of its model
  kVersionNumber,        ///< the N of NAME:vN
  kVersionReference,     ///< "lenet:v3"
  kVersionId,            ///< 64 hexadecimal digits
  kVersionCreationTime,  ///< also `created`
  kVersionAuthor,
  kVersionMessage,
  kVersionNote,     ///< NULL: none
  kVersionAliases,  ///< list(text)
  kVersionParameterCount,
  kVersionRawBytes,
  kVersionStoredBytes,
  kVersionSnapshotCount,
  kVersionFileCount,
  kVersionNodeCount,  ///< NULL: no network
  kVersionNetworkId,  ///< 64 hexadecimal digits; equal graphs have equal ids; NULL: no network
  kVersionInput,      ///< set(node): nodes that read an input of the network
  kVersionOutput,     ///< set(node): nodes that make an output of the network
  // models
  kModelName,
  kModelVersionCount,
  kModelLatest,  ///< version
  kModelRawBytes,
  kModelStoredBytes,
  // snapshots
  kSnapshotVersion,
  kSnapshotStep,       ///< NULL: none was recorded
  kSnapshotIsDefault,  ///< the last one of its version
  kSnapshotParameterCount,
  kSnapshotTensorCount,
  kSnapshotTensorBytes,
  // nodes
  kNodeVersion,  ///< NULL for a node of a network that is not stored
  kNodeName,
  kNodeOp,            ///< "Conv"
  kNodeFamily,        ///< "CONV"; NULL: in none
  kNodeIndex,         ///< in topological order, from 0
  kNodeOriginalName,  ///< as the file named it
  kNodeDomain,
  kNodeShape,  ///< list(integer) of its first output; -1: unknown size; NULL: unknown
  kNodeOutputCount,
  kNodeParameterCount,  ///< elements of its parameters; NULL where a shape is unknown
  // edges
  kEdgeVersion,
  kEdgeSource,   ///< node
  kEdgeTarget,   ///< node
  kEdgePort,     ///< which output of source
  kEdgeOperand,  ///< which operand of target
  // tensors
  kTensorVersion,
  kTensorSnapshot,
  kTensorStep,
  kTensorName,
  kTensorRole,  ///< "parameter", "buffer", "optimizer", "other"
  kTensorDtype,
  kTensorShape,  ///< list(integer)
  kTensorNumel,
  kTensorId,
  // metrics
  kMetricVersion,
  kMetricName,
  kMetricStep,  ///< NULL: a single value
  kMetricValue,
  // hparams
  kHparamVersion,
  kHparamName,
  kHparamValue,  ///< any: integer, real, boolean or text, as it was written
  // tags
  kTagVersion,
  kTagName,
  kTagValue,
  // evaluations
  kEvaluationVersion,
  kEvaluationData,
  kEvaluationMetric,
  kEvaluationValue,
  kEvaluationExamples,
  kEvaluationPreprocess,
  kEvaluationEngine,
  kEvaluationCertified,
  kEvaluationCreated,
  // files
  kFileVersion,
  kFilePath,
  kFileSizeBytes,
  kFileSha256,
  kFileFormat,
  kFileStep,
  kFileTensorCount,
  kFileNote,
  // lineage
  kLineageChild,     ///< version
  kLineageParent,    ///< version; NULL: not in this repository
  kLineageParentId,  ///< 64 hexadecimal digits
  kLineageRelation,  ///< "finetune"
  kLineageOrdinal,   ///< 0: the first parent
  kLineageInferred,
  // queries
  kQueryName,
  kQueryText,
  kQueryCreated,
  // networks
  kNetworkName,
  kNetworkSource,  ///< the version that it was derived from
  kNetworkNodeCount,
  kNetworkInput,   ///< set(node)
  kNetworkOutput,  ///< set(node)
};

struct Column {
  ColumnId id;
  std::string_view name;
  Type type;
  bool key;  ///< together, the keys of a relation name a row
  std::string_view meaning;
};

struct RelationSchema {
  RelationId id;
  std::string_view name;
  TypeKind row;  ///< of a variable over it: kVersion, kSnapshot, kNode, kTensor, else kRow
  std::span<const Column> columns;
};

/// Returns the description of a relation.
const RelationSchema& SchemaOf(RelationId relation);

/// Returns the relations in the order of the document, without kNetworks.
std::span<const RelationSchema> Relations();

/// Returns the relation of that name (case-insensitive), or nothing.
std::optional<RelationId> FindRelation(std::string_view name);

/// Returns the column of that name (synonyms `created`, `model` of versions too), or nothing.
const Column* FindColumn(RelationId relation, std::string_view name);

/// Returns the column.
const Column& ColumnOf(ColumnId id);

/// Returns the relation whose columns a value of an entity type has.
std::optional<RelationId> RelationOfEntity(TypeKind entity);

}  // namespace dlv::query
