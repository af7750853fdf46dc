#pragma once
/// \file
/// A repository of plain vectors for tests of the query engine.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/query/context.h"

namespace dlv::query {

/// Networks are written in one text, a node a line, each after those that it reads:
///
///     conv1 Conv data:1x3x8x8 conv1.weight:8x3x3x3 conv1.bias:8 kernel_shape=3,3 group=1
///
/// Words behind the operator are nodes, else parameters where they have a point, else inputs of the
/// network, with their shapes. What nobody reads is an output.
std::shared_ptr<const Network> TinyNetwork(const std::string& name, const std::string& lines);

/// Streams tensors with every number of planes as a level, and counts what was read: elements times
/// planes / 8, rounded up.
class FakeContext final : public QueryContext {
 public:
  struct Version {
    std::string model;
    std::uint64_t number = 1;
    std::int64_t created = 0;
    std::string author = "ada", message = {};
    std::uint64_t parameter_count = 0, raw_bytes = 0, stored_bytes = 0;
    std::map<std::string, std::vector<MetricPoint>> metrics = {};
    std::map<std::string, std::string> hparams = {}, tags = {};
    std::string note = {};
    std::vector<std::string> aliases = {};
    std::vector<std::pair<std::size_t, Relation>> parents = {};  ///< places of versions before it
    std::shared_ptr<const Network> network = {};
    std::map<std::string, std::vector<float>> tensors = {};
  };

  /// Returns its place.
  std::size_t Add(Version version);
  void AddQuery(const std::string& name, const std::string& text) { queries_[name] = text; }
  std::uint64_t read_bytes() const { return read_bytes_; }
  const std::vector<NewVersion>& saved() const { return saved_; }
  std::size_t networks_read() const { return networks_read_; }

  Result<std::shared_ptr<const Snapshot>> Load(const Needs& needs) override;
  Result<std::vector<std::string>> ReadNames(NameKind kind) override;
  Result<bool> HasName(NameKind kind, std::string_view name) override;
  Status ReadGraphs(const Snapshot& snapshot, GraphIndex first, std::size_t count,
                    const GraphSink& sink) override;
  Result<std::vector<ParameterBinding>> ReadBindings(const VersionId& version) override;
  Result<std::shared_ptr<const std::vector<TensorEntry>>> ReadTensors(
      const VersionId& version, std::optional<std::int64_t> step) override;
  Result<TensorRead> StreamTensor(const TensorId& id, unsigned planes, const ChunkSink& sink,
                                  const Operation& operation) override;
  Result<TensorFigures> ReadStatistics(const TensorId& id, const Operation& operation) override;
  Result<PairFigures> ReadPair(const TensorId& a, const TensorId& b, unsigned planes,
                               const Operation& operation) override;
  Result<std::vector<std::string>> Save(std::span<const NewVersion> versions,
                                        const Operation& operation) override;
  Status StoreQuery(std::string_view name, std::string_view text, bool replace) override;
  Status DropQuery(std::string_view name) override;

 private:
  std::vector<Version> versions_;
  std::map<std::string, std::string> queries_;
  std::map<NetworkId, std::shared_ptr<const Network>> networks_;
  std::map<TensorId, std::vector<float>> tensors_;
  std::vector<NewVersion> saved_;
  std::uint64_t read_bytes_ = 0;
  std::size_t networks_read_ = 0;
};

/// "zoo": metadata, metrics, lineage. "alexnets": networks for the published queries. "weights":
/// tensors with known figures.
std::unique_ptr<FakeContext> MakeFixture(const std::string& name);

}  // namespace dlv::query
