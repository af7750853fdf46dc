// Commits tensors that a program has in memory, without writing a checkpoint file first.
//
//   commit_from_memory FOLDER      makes a repository in FOLDER and two versions in it
#include <cstdio>
#include <cstring>
#include <numeric>
#include <vector>

#include "dlv/dlv.h"

namespace {

// A network of two tensors. A real program hands out the memory of its own framework here; nothing
// is copied but the pieces that a commit asks for.
class TwoLayers : public dlv::TensorSource {
 public:
  explicit TwoLayers(float start) : weights_(64 * 32), bias_(32) {
    std::iota(weights_.begin(), weights_.end(), start);
  }
  void Step() {
    for (float& weight : weights_) weight *= 0.999F;
  }

  std::size_t size() const override { return 2; }
  dlv::TensorInfo Info(std::size_t index) const override {
    dlv::TensorInfo info;
    info.name = index == 0 ? "layer.weight" : "layer.bias";
    info.dtype = dlv::DType::kF32;
    info.shape = index == 0 ? dlv::Shape{64, 32} : dlv::Shape{32};
    return info;
  }
  dlv::Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const std::vector<float>& values = index == 0 ? weights_ : bias_;
    std::memcpy(out.data(), reinterpret_cast<const std::byte*>(values.data()) + offset, out.size());
    return dlv::Ok();
  }

 private:
  std::vector<float> weights_, bias_;
};

dlv::Status Run(const char* folder) {
  DLV_ASSIGN(const auto repository, dlv::Repository::Init(folder));

  TwoLayers network(1.0F);
  dlv::CommitRequest request;
  request.model = "two-layers";
  request.message = "before training";
  request.tensors = {{&network, 0}};
  DLV_ASSIGN(const dlv::CommitResult first, repository->Commit(request));

  network.Step();
  request.message = "one step of weight decay";
  request.tensors = {{&network, 1}};
  request.metrics = {{"loss", {{1, 0.25}}}};
  DLV_ASSIGN(const dlv::CommitResult second, repository->Commit(request));

  std::printf("%s: %llu bytes added\n", first.version.reference().c_str(),
              static_cast<unsigned long long>(first.added_bytes));
  std::printf("%s: %llu bytes added, %llu tensors as deltas\n", second.version.reference().c_str(),
              static_cast<unsigned long long>(second.added_bytes),
              static_cast<unsigned long long>(second.tensors_delta));

  // What was committed comes back exactly.
  DLV_ASSIGN(const dlv::Tensor tensor, repository->ReadTensor("two-layers:v2/layer.weight"));
  std::vector<std::byte> expected(tensor.bytes.size());
  DLV_TRY(network.Read(0, 0, expected));
  if (tensor.bytes != expected)
    return dlv::Error{dlv::ErrorCode::kInternal, "the tensor came back changed"};
  return dlv::Ok();
}

}  // namespace

int main(int argc, char** argv) {
  const dlv::Status status = Run(argc > 1 ? argv[1] : ".");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status.ok() ? 0 : 1;
}
