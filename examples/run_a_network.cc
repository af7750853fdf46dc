// Running a version's network: whole, from a few bits of every weight, and progressively, with
// answers that are proved.
//
//   run_a_network FOLDER      makes a repository in FOLDER
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "dlv/dlv.h"

namespace {

/// Two layers; the weights come from memory.
constexpr const char* kNetwork =
    "network \"mlp\" {\n"
    "  operators \"\" 13\n"
    "  input x: f32 [?, 64]\n"
    "  parameter fc1.weight: f32 [48, 64]\n"
    "  parameter fc2.weight: f32 [4, 48]\n"
    "  node fc1 = Gemm(@x, $fc1.weight) { transB = 1 }\n"
    "  node act = Relu(fc1)\n"
    "  node fc2 = Gemm(act, $fc2.weight) { transB = 1 }\n"
    "  output y = fc2\n"
    "}\n";

/// Numbers that look random, the same on every machine.
std::vector<float> Numbers(std::size_t count, unsigned seed) {
  std::vector<float> numbers(count);
  for (float& number : numbers) {
    seed = seed * 1664525U + 1013904223U;
    number = static_cast<float>(static_cast<int>(seed >> 8) - (1 << 23)) / (1 << 23);
  }
  return numbers;
}

class Weights : public dlv::TensorSource {
 public:
  std::size_t size() const override { return 2; }
  dlv::TensorInfo Info(std::size_t index) const override {
    dlv::TensorInfo info;
    info.name = index == 0 ? "fc1.weight" : "fc2.weight";
    info.shape = index == 0 ? dlv::Shape{48, 64} : dlv::Shape{4, 48};
    return info;
  }
  dlv::Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const std::vector<float>& values = index == 0 ? first_ : second_;
    const auto bytes = std::as_bytes(std::span(values)).subspan(offset, out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return dlv::Ok();
  }

 private:
  std::vector<float> first_ = Numbers(48 * 64, 1), second_ = Numbers(4 * 48, 2);
};

dlv::Status MakeVersion(dlv::Repository& repository, const std::filesystem::path& folder) {
  std::ofstream(folder / "mlp.dlvnet", std::ios::binary) << kNetwork;
  Weights weights;
  dlv::CommitRequest request;
  request.model = "mlp";
  request.message = "two layers";
  request.files = {{folder / "mlp.dlvnet", "mlp.dlvnet", {}}};
  request.tensors = {{&weights, {}}};
  const auto done = repository.Commit(request);
  return done.ok() ? dlv::Ok() : dlv::Status(done.error());
}

dlv::Status RunWhole(const dlv::Repository& repository, const dlv::FloatArray& batch) {
  DLV_ASSIGN(const auto session, dlv::Session::Open(repository, "mlp"));
  for (const dlv::ValueDescription& input : session->inputs())
    std::printf("input %s, %zu axes\n", input.name.c_str(), input.shape.size());
  DLV_ASSIGN(const auto outputs, session->Run({batch}));
  std::printf("scores of the first of %lld inputs: %.3f %.3f %.3f %.3f\n",
              static_cast<long long>(outputs[0].shape[0]), outputs[0].values[0],
              outputs[0].values[1], outputs[0].values[2], outputs[0].values[3]);

  // The same from the 16 leading bits of every weight: what is not read counts as zero.
  dlv::InferenceOptions options;
  options.planes = 16;
  DLV_ASSIGN(const auto shallow, dlv::Session::Open(repository, "mlp", options));
  DLV_ASSIGN(const auto about, shallow->Run({batch}));
  std::printf("from 16 bits a weight: %.3f %.3f %.3f %.3f\n", about[0].values[0],
              about[0].values[1], about[0].values[2], about[0].values[3]);
  return dlv::Ok();
}

dlv::Result<std::uint64_t> RunProgressively(const dlv::Repository& repository,
                                            const dlv::FloatArray& batch) {
  dlv::InferenceOptions options;
  options.progressive = true;
  DLV_ASSIGN(const auto session, dlv::Session::Open(repository, "mlp", options));
  DLV_ASSIGN(const auto answers, session->Classify(batch));
  for (const dlv::Classified& answer : answers) {
    std::printf("class %lld, %s\n", static_cast<long long>(answer.classes.at(0)),
                std::string(NameOf(answer.status)).c_str());
  }
  const dlv::ProgressiveReport report = session->report();
  std::printf("%.2f bits a weight on average, %.2f for all\n", report.all_bits.mean,
              report.all_bits.full);
  return report.certified + report.certified_full;
}

dlv::Status Run(const std::filesystem::path& folder) {
  DLV_ASSIGN(const auto repository, dlv::Repository::Init(folder));
  DLV_TRY(MakeVersion(*repository, folder));
  const dlv::FloatArray batch{{8, 64}, Numbers(8 * 64, 3)};
  DLV_TRY(RunWhole(*repository, batch));
  DLV_ASSIGN(const std::uint64_t proved, RunProgressively(*repository, batch));
  if (proved == 8) return dlv::Ok();
  return dlv::Error{dlv::ErrorCode::kInternal, "all answers can be proved with all bits"};
}

}  // namespace

int main(int argc, char** argv) {
  const dlv::Status status = Run(argc > 1 ? argv[1] : ".");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status.ok() ? 0 : 1;
}
