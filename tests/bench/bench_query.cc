// bench_query FOLDER VERSIONS MODELS DISTINCT_NETWORKS: what statements cost on a catalog of many
// versions. Makes the catalog in FOLDER if there is none: each version has a network of 50 nodes, a
// series of 200 points, hyper-parameters, and the version before it as its parent. Prints the
// median of five runs of each statement, and what the first statement of the process took.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "dlv/query.h"
#include "dlv/repository.h"
#include "engine/network/encoding.h"
#include "storage/catalog/catalog.h"
#include "storage/io/file_system.h"

namespace {

constexpr std::size_t kNodes = 50;
constexpr std::int64_t kPoints = 200;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

dlv::NetworkAttribute Shape(const char* name, std::int64_t size) {
  return {name, std::vector<std::int64_t>{size, size}};
}

/// conv, norm, relu over and over, and a pool after every fourth; `variant` makes it distinct.
dlv::Network MakeNetwork(std::size_t variant) {
  dlv::Network network;
  network.name = "net";
  network.operator_sets = {{"", 13}};
  network.inputs.push_back({"data", dlv::DType::kF32, dlv::NetworkShape{1, 3, 32, 32}});
  for (std::size_t i = 0; i < kNodes; ++i) {
    dlv::NetworkNode node;
    const char* kinds[] = {"Conv", "BatchNormalization", "Relu", "MaxPool"};
    node.op = kinds[i % 4];
    const char* names[] = {"conv", "bn", "relu", "pool"};
    node.name = names[i % 4] + std::to_string(i / 4 + 1);
    if (i % 4 == 3 && (variant >> (i / 4 % 12) & 1) != 0) node.op = "AveragePool";
    if (i % 4 == 0)
      node.attributes.push_back(
          Shape("kernel_shape", i == 0 ? 3 + static_cast<std::int64_t>(variant) : 3));
    if (i % 4 == 3) node.attributes.push_back(Shape("kernel_shape", 2));
    dlv::NetworkOperand operand;
    operand.kind = i == 0 ? dlv::OperandKind::kInput : dlv::OperandKind::kNode;
    operand.index = i == 0 ? 0 : static_cast<std::uint32_t>(i - 1);
    node.operands.push_back(operand);
    if (i % 4 == 0) {
      network.parameters.push_back(
          {node.name + ".weight", dlv::DType::kF32, dlv::NetworkShape{8, 8, 3, 3}, {}});
      dlv::NetworkOperand weight;
      weight.kind = dlv::OperandKind::kParameter;
      weight.index = static_cast<std::uint32_t>(network.parameters.size() - 1);
      node.operands.push_back(weight);
    }
    node.outputs.push_back({node.name + "_out", dlv::DType::kF32, dlv::NetworkShape{1, 8, 16, 16}});
    network.nodes.push_back(std::move(node));
  }
  dlv::NetworkOutput output;
  output.name = "out";
  output.source.kind = dlv::OperandKind::kNode;
  output.source.index = kNodes - 1;
  network.outputs.push_back(output);
  return network;
}

struct Sizes {
  std::size_t versions = 10000, models = 200, networks = 200;
};

dlv::VersionId IdOf(std::size_t place) {
  dlv::VersionId id;
  const std::uint64_t mixed = (place + 1) * 0x9e3779b97f4a7c15u;
  std::memcpy(id.bytes.data(), &mixed, sizeof mixed);
  std::memcpy(id.bytes.data() + 8, &place, sizeof place);
  return id;
}

dlv::catalog::NewVersion MakeVersion(const Sizes& sizes, std::size_t place, std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  dlv::catalog::NewVersion version;
  const std::size_t model = place % sizes.models;
  version.id = IdOf(place);
  version.model = "model-" + std::to_string(model);
  version.created = 1'700'000'000 + static_cast<std::int64_t>(place) * 60;
  version.author = model % 3 == 0 ? "ada" : "bob";
  version.message = "epoch " + std::to_string(place / sizes.models);
  version.parameter_count = 1000 * (model + 1);
  version.raw_bytes = 4000 * (model + 1);
  version.hparams = {{"lr", place % 2 == 0 ? "0.1" : "0.01"}, {"batch", "64"}};
  if (place > 0) {
    const std::size_t before = place - 1;
    version.parents.push_back({IdOf(before),
                               "model-" + std::to_string(before % sizes.models),
                               dlv::Relation::kFinetune,
                               {},
                               false});
  }
  dlv::Metric metric{"val_acc", {}};
  for (std::int64_t step = 0; step < kPoints; ++step)
    metric.points.push_back({step, uniform(random)});
  version.metrics.push_back(std::move(metric));
  return version;
}

dlv::Status Fill(dlv::catalog::Catalog& catalog, const Sizes& sizes) {
  DLV_ASSIGN(const auto transaction, catalog.Begin());
  std::vector<dlv::catalog::Row> graphs;
  for (std::size_t i = 0; i < sizes.networks; ++i) {
    const auto form = dlv::network::Encode(MakeNetwork(i));
    DLV_ASSIGN(const auto row, transaction->InsertGraph(dlv::network::IdOf(form), form));
    graphs.push_back(row);
  }
  std::mt19937 random(1);
  for (std::size_t i = 0; i < sizes.versions; ++i) {
    DLV_ASSIGN(const auto inserted, transaction->InsertVersion(MakeVersion(sizes, i, random)));
    DLV_TRY(transaction->SetGraph({inserted.version, graphs[i % graphs.size()], "net.dlvnet", ""}));
  }
  return transaction->Commit();
}

dlv::Status Make(const std::string& folder, const Sizes& sizes) {
  if (std::filesystem::exists(folder + "/.dlv")) return dlv::Ok();
  std::filesystem::create_directories(folder);
  DLV_TRY(dlv::Repository::Init(folder));
  DLV_ASSIGN(const auto catalog,
             dlv::catalog::Catalog::Open(dlv::io::PosixFileSystem(), folder + "/.dlv/catalog.db",
                                         dlv::catalog::OpenMode::kReadWrite));
  return Fill(*catalog, sizes);
}

dlv::Result<std::size_t> Run(dlv::QuerySession& session, const std::string& text) {
  DLV_ASSIGN(const auto query, session.Prepare(text));
  DLV_ASSIGN(const auto result, query->Run());
  return result.rows.size();
}

struct Statement {
  const char* what;
  std::string text;
};

dlv::Status Measure(const std::string& folder, const Sizes& sizes) {
  const double begin = Now();
  DLV_ASSIGN(const auto repository, dlv::Repository::Open(folder));
  DLV_ASSIGN(const auto first, dlv::QuerySession::Open(*repository));
  DLV_ASSIGN(const auto parsed, first->Prepare("select m where m.name = \"model-1\""));
  std::printf("%-28s %10.1f ms\n", "open, first parse and bind", (Now() - begin) * 1e3);
  const std::string last = "model-" + std::to_string((sizes.versions - 1) % sizes.models) + ":v" +
                           std::to_string((sizes.versions - 1) / sizes.models + 1);
  const std::vector<Statement> statements = {
      {"metadata",
       "select m.reference, m.metrics[\"val_acc\"] acc where (m.author = \"ada\" or "
       "m.name in (\"model-1\", \"model-2\")) and acc > 0.5 order by acc desc"},
      {"two hops",
       "select m where m[\"conv*\"].next.next has RELU() and m[\"relu2\"].next has "
       "POOL(\"AVG\")"},
      {"ancestors", "select count(*) n from m, ancestor(m) a where m.reference = \"" + last + "\""},
      {"series", "select max(s.value) x from metrics s where s.name = \"val_acc\""}};
  for (const Statement& statement : statements) {
    std::vector<double> cold, warm;
    std::size_t rows = 0;
    for (int i = 0; i < 5; ++i) {
      // A session of its own: nothing is remembered of the last one.
      DLV_ASSIGN(const auto session, dlv::QuerySession::Open(*repository));
      const double start = Now();
      DLV_ASSIGN(rows, Run(*session, statement.text));
      const double middle = Now();
      DLV_ASSIGN(rows, Run(*session, statement.text));
      cold.push_back(middle - start);
      warm.push_back(Now() - middle);
    }
    std::sort(cold.begin(), cold.end());
    std::sort(warm.begin(), warm.end());
    std::printf("%-28s %10.1f ms, again %8.1f ms, %zu rows\n", statement.what, cold[2] * 1e3,
                warm[2] * 1e3, rows);
  }
  std::vector<double> binds;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = "select m.reference, m.metrics[\"val_acc\"] a" + std::to_string(i) +
                             " where m.number > " + std::to_string(i) + " and m.author = \"ada\"";
    const double start = Now();
    DLV_ASSIGN(const auto query, first->Prepare(text));
    binds.push_back(Now() - start);
  }
  std::sort(binds.begin(), binds.end());
  std::printf("%-28s %10.3f ms\n", "parse and bind, median", binds[500] * 1e3);
  return dlv::Ok();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "bench_query FOLDER [VERSIONS [MODELS [NETWORKS]]]\n");
    return 2;
  }
  Sizes sizes;
  if (argc > 2) sizes.versions = std::strtoull(argv[2], nullptr, 10);
  if (argc > 3) sizes.models = std::strtoull(argv[3], nullptr, 10);
  if (argc > 4) sizes.networks = std::strtoull(argv[4], nullptr, 10);
  const dlv::Status made = Make(argv[1], sizes);
  const dlv::Status measured = made.ok() ? Measure(argv[1], sizes) : made;
  if (measured.ok()) return 0;
  std::fprintf(stderr, "bench_query: %s\n", measured.error().message.c_str());
  return 1;
}
