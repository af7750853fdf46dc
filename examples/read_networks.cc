// Networks: of a version, between two versions, and as the result of a query.
//
//   read_networks FOLDER      makes a repository in FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "dlv/dlv.h"
#include "dlv/network.h"
#include "dlv/network_text.h"
#include "dlv/query.h"
#include "dlv/search.h"

namespace {

/// A network in dlv's own text form; ONNX files and Caffe prototxts do as well.
std::string NetworkOf(const std::string& activation) {
  return "network \"mlp\" {\n"
         "  operators \"\" 13\n"
         "  input x: f32 [1, 64]\n"
         "  parameter fc1.weight: f32 [32, 64]\n"
         "  parameter fc2.weight: f32 [4, 32]\n"
         "  node fc1 = Gemm(@x, $fc1.weight) { transB = 1 }\n"
         "  node act = " +
         activation +
         "(fc1)\n"
         "  node fc2 = Gemm(act, $fc2.weight) { transB = 1 }\n"
         "  output y = fc2\n"
         "}\n";
}

dlv::Status MakeVersions(dlv::Repository& repository, const std::filesystem::path& folder) {
  for (const char* activation : {"Relu", "Sigmoid"}) {
    std::ofstream(folder / "mlp.dlvnet", std::ios::binary) << NetworkOf(activation);
    dlv::CommitRequest request;
    request.model = "mlp";
    request.message = std::string("with ") + activation;
    request.files = {{folder / "mlp.dlvnet", "mlp.dlvnet", {}}};
    const auto done = repository.Commit(request);
    if (!done.ok()) return done.error();
  }
  return dlv::Ok();
}

dlv::Status PrintNetwork(const dlv::Repository& repository) {
  DLV_ASSIGN(const dlv::NetworkReport report, repository.ReadNetwork("mlp:v1"));
  for (const dlv::NetworkNode& node : report.network.nodes) {
    std::printf("%-5s %-8s %s\n", node.name.c_str(), node.op.c_str(),
                dlv::NetworkShapeText(node.outputs[0].shape).c_str());
    for (const dlv::NetworkAttribute& attribute : node.attributes)
      std::printf("      %s = %s\n", attribute.name.c_str(),
                  dlv::AttributeText(attribute.value).c_str());
  }
  for (const dlv::ParameterBinding& binding : report.bindings) {
    if (binding.match == dlv::ParameterMatch::kNone)
      std::printf("%s has no tensor\n", binding.parameter.c_str());
  }
  return dlv::Ok();
}

dlv::Status PrintDifference(const dlv::Repository& repository) {
  DLV_ASSIGN(const dlv::NetworkDiff diff, repository.DiffNetworks("mlp:v1", "mlp:v2"));
  for (const dlv::NodeChange& change : diff.changed) {
    for (const std::string& difference : change.differences)
      std::printf("%s: %s\n", change.before.c_str(), difference.c_str());
  }
  if (diff.changed.size() == 1 && diff.same == 2) return dlv::Ok();
  return dlv::Error{dlv::ErrorCode::kInternal, "one node of three was changed"};
}

dlv::Status PrintSlice(dlv::Repository& repository) {
  DLV_ASSIGN(const auto session, dlv::QuerySession::Open(repository));
  DLV_ASSIGN(const auto query,
             session->Prepare("slice head from m where m = :version mutate "
                              "head.input = m[:first] and head.output = m[\"fc2\"]"));
  DLV_TRY(query->Bind("version", {std::string("mlp:v2")}));
  DLV_TRY(query->Bind("first", {std::string("act")}));
  DLV_ASSIGN(const dlv::QueryResult result, query->Run());
  const dlv::QueryNetwork& made = result.networks.at(0);
  std::printf("%s of %s:\n%s", made.name.c_str(), made.source.c_str(),
              dlv::NetworkText(made.network).c_str());
  return dlv::Ok();
}

dlv::Status PrintAlike(const dlv::Repository& repository) {
  dlv::SearchRequest request;
  request.architecture = "Gemm->Sigmoid";
  DLV_ASSIGN(const std::vector<dlv::SearchHit> hits, repository.Search(request));
  for (const dlv::SearchHit& hit : hits)
    std::printf("%s: %s\n", hit.version.reference().c_str(), hit.reasons.at(0).c_str());
  if (hits.size() == 1) return dlv::Ok();
  return dlv::Error{dlv::ErrorCode::kInternal, "one version has a sigmoid behind a layer"};
}

dlv::Status Run(const std::filesystem::path& folder) {
  DLV_ASSIGN(const auto repository, dlv::Repository::Init(folder));
  DLV_TRY(MakeVersions(*repository, folder));
  DLV_TRY(PrintNetwork(*repository));
  DLV_TRY(PrintDifference(*repository));
  DLV_TRY(PrintSlice(*repository));
  return PrintAlike(*repository);
}

}  // namespace

int main(int argc, char** argv) {
  const dlv::Status status = Run(argc > 1 ? argv[1] : ".");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status.ok() ? 0 : 1;
}
