#include "tests/bench/query_catalog.h"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <random>
#include <utility>
#include <vector>

#include "dlv/repository.h"
#include "engine/network/encoding.h"
#include "storage/catalog/catalog.h"
#include "storage/io/file_system.h"

namespace dlv::bench {
namespace {

constexpr std::size_t kNodes = 50;
constexpr std::int64_t kPoints = 200;

NetworkAttribute Square(const char* name, std::int64_t size) {
  return {name, std::vector<std::int64_t>{size, size}};
}

NetworkOperand OperandOf(OperandKind kind, std::size_t index) {
  NetworkOperand operand;
  operand.kind = kind;
  operand.index = static_cast<std::uint32_t>(index);
  return operand;
}

/// Node `i` of conv, norm, relu, pool over and over. The bits of `variant` say which pools average;
/// the kernel of the first convolution makes every variant distinct.
NetworkNode MakeNode(std::size_t i, std::size_t variant) {
  constexpr const char* kOps[] = {"Conv", "BatchNormalization", "Relu", "MaxPool"};
  constexpr const char* kNames[] = {"conv", "bn", "relu", "pool"};
  const std::size_t kind = i % 4, block = i / 4;
  NetworkNode node;
  node.op = kOps[kind];
  node.name = kNames[kind] + std::to_string(block + 1);
  if (kind == 3 && (variant >> (block % 12) & 1) != 0) node.op = "AveragePool";
  if (kind == 0) {
    const std::int64_t size = i == 0 ? 3 + static_cast<std::int64_t>(variant) : 3;
    node.attributes.push_back(Square("kernel_shape", size));
  }
  if (kind == 3) node.attributes.push_back(Square("kernel_shape", 2));
  node.operands.push_back(i == 0 ? OperandOf(OperandKind::kInput, 0)
                                 : OperandOf(OperandKind::kNode, i - 1));
  node.outputs.push_back({node.name + "_out", DType::kF32, NetworkShape{1, 8, 16, 16}});
  return node;
}

Network MakeNetwork(std::size_t variant) {
  Network network;
  network.name = "net";
  network.operator_sets = {{"", 13}};
  network.inputs.push_back({"data", DType::kF32, NetworkShape{1, 3, 32, 32}});
  for (std::size_t i = 0; i < kNodes; ++i) {
    NetworkNode node = MakeNode(i, variant);
    if (i % 4 == 0) {
      node.operands.push_back(OperandOf(OperandKind::kParameter, network.parameters.size()));
      network.parameters.push_back(
          {node.name + ".weight", DType::kF32, NetworkShape{8, 8, 3, 3}, {}});
    }
    network.nodes.push_back(std::move(node));
  }
  network.outputs.push_back({"out", OperandOf(OperandKind::kNode, kNodes - 1)});
  return network;
}

VersionId IdOf(std::size_t place) {
  VersionId id;
  const std::uint64_t mixed = (place + 1) * 0x9e3779b97f4a7c15u;
  std::memcpy(id.bytes.data(), &mixed, sizeof mixed);
  std::memcpy(id.bytes.data() + 8, &place, sizeof place);
  return id;
}

std::string ModelName(std::size_t model) { return "model-" + std::to_string(model); }

catalog::NewVersion MakeVersion(const CatalogSizes& sizes, std::size_t place,
                                std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  catalog::NewVersion version;
  const std::size_t model = place % sizes.models;
  version.id = IdOf(place);
  version.model = ModelName(model);
  version.created = 1'700'000'000 + static_cast<std::int64_t>(place) * 60;
  version.author = model % 3 == 0 ? "ada" : "bob";
  version.message = "epoch " + std::to_string(place / sizes.models);
  version.parameter_count = 1000 * (model + 1);
  version.raw_bytes = 4000 * (model + 1);
  version.hparams = {{"lr", place % 2 == 0 ? "0.1" : "0.01"}, {"batch", "64"}};
  if (place > 0) {
    const std::string before = ModelName((place - 1) % sizes.models);
    version.parents.push_back({IdOf(place - 1), before, Relation::kFinetune, {}, false});
  }
  Metric metric{"val_acc", {}};
  for (std::int64_t step = 0; step < kPoints; ++step) {
    metric.points.push_back({step, uniform(random)});
  }
  version.metrics.push_back(std::move(metric));
  return version;
}

Status Fill(catalog::Catalog& catalog, const CatalogSizes& sizes) {
  DLV_ASSIGN(const auto transaction, catalog.Begin());
  std::vector<catalog::Row> graphs;
  for (std::size_t i = 0; i < sizes.networks; ++i) {
    const auto form = network::Encode(MakeNetwork(i));
    DLV_ASSIGN(const auto row, transaction->InsertGraph(network::IdOf(form), form));
    graphs.push_back(row);
  }
  std::mt19937 random(1);
  for (std::size_t i = 0; i < sizes.versions; ++i) {
    DLV_ASSIGN(const auto inserted, transaction->InsertVersion(MakeVersion(sizes, i, random)));
    DLV_TRY(transaction->SetGraph({inserted.version, graphs[i % graphs.size()], "net.dlvnet", ""}));
  }
  return transaction->Commit();
}

}  // namespace

Status MakeQueryCatalog(const std::string& folder, const CatalogSizes& sizes) {
  if (std::filesystem::exists(folder + "/.dlv")) return Ok();
  std::filesystem::create_directories(folder);
  DLV_TRY(Repository::Init(folder));
  DLV_ASSIGN(const auto catalog,
             catalog::Catalog::Open(io::PosixFileSystem(), folder + "/.dlv/catalog.db",
                                    catalog::OpenMode::kReadWrite));
  return Fill(*catalog, sizes);
}

std::string LastReference(const CatalogSizes& sizes) {
  const std::size_t last = sizes.versions - 1;
  return ModelName(last % sizes.models) + ":v" + std::to_string(last / sizes.models + 1);
}

}  // namespace dlv::bench
