// make_scale FOLDER VERSIONS TENSORS MODELS: a repository of many versions, made by that many real
// commits through the public API. Goes on where it was interrupted. Every version has new values in
// every tensor, and metrics and a tag as a training run has; run_scale.py measures what listing it
// costs.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "dlv/repository.h"

namespace {

/// A network of many small tensors; each step moves all of them a little.
class SmallTensors : public dlv::TensorSource {
 public:
  SmallTensors(std::size_t tensors, unsigned seed) : random_(seed) {
    for (std::size_t i = 0; i < tensors; ++i) {
      dlv::TensorInfo info;
      info.name = "blocks." + std::to_string(i / 6) + (i % 2 == 0 ? ".weight." : ".bias.") +
                  std::to_string(i % 6);
      info.shape = {4, 4};
      infos_.push_back(std::move(info));
    }
    values_.resize(tensors * kElements);
    for (float& value : values_) value = normal_(random_);
  }
  void Step() {
    for (float& value : values_) value += 0.001F * normal_(random_);
  }
  std::size_t size() const override { return infos_.size(); }
  dlv::TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  dlv::Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const std::span values(values_.data() + index * kElements, kElements);
    std::memcpy(out.data(), std::as_bytes(values).data() + offset, out.size());
    return dlv::Ok();
  }

 private:
  static constexpr std::size_t kElements = 16;
  std::mt19937 random_;
  std::normal_distribution<float> normal_{0.0F, 0.02F};
  std::vector<dlv::TensorInfo> infos_;
  std::vector<float> values_;
};

std::string ModelName(std::size_t model) { return "model-" + std::to_string(model); }

dlv::CommitRequest Request(const std::string& model, std::size_t number, SmallTensors& tensors) {
  dlv::CommitRequest request;
  request.model = model;
  request.message = "epoch " + std::to_string(number);
  request.tensors = {{&tensors, static_cast<std::int64_t>(number)}};
  request.hparams = {{"lr", "0.001"}, {"batch", "64"}};
  request.metrics = {
      {"loss", {{static_cast<std::int64_t>(number), 1.0 / (1.0 + static_cast<double>(number))}}},
      {"accuracy", {{static_cast<std::int64_t>(number), 0.5}}}};
  request.tags = {{"run", std::to_string(number / 100)}};
  return request;
}

int Fail(const dlv::Error& error) {
  std::fprintf(stderr, "make_scale: %s\n", error.message.c_str());
  return 1;
}

int Make(const std::string& folder, std::size_t versions, std::size_t tensors, std::size_t models) {
  auto opened = dlv::Repository::Open(folder);
  if (!opened.ok()) opened = dlv::Repository::Init(folder);
  if (!opened.ok()) return Fail(opened.error());
  dlv::Repository& repository = **opened;
  const auto there = repository.ListVersions();
  if (!there.ok()) return Fail(there.error());
  const auto begin = std::chrono::steady_clock::now();
  auto last = begin;
  const std::size_t per_model = (versions + models - 1) / models;
  for (std::size_t done = there->size(), first = done; done < versions;) {
    const std::size_t model = done / per_model;
    SmallTensors source(tensors, static_cast<unsigned>(done));
    for (std::size_t end = std::min(versions, (model + 1) * per_model); done < end; ++done) {
      source.Step();
      const auto result = repository.Commit(Request(ModelName(model), done % per_model, source));
      if (!result.ok()) return Fail(result.error());
      if ((done + 1) % 500 != 0) continue;
      const auto now = std::chrono::steady_clock::now();
      const std::chrono::duration<double> all = now - begin, lately = now - last;
      std::printf("%zu versions, %.0f s, lately %.1f ms a commit\n", done + 1, all.count(),
                  lately.count() * 1000 /
                      static_cast<double>(std::min<std::size_t>(500, done + 1 - first)));
      std::fflush(stdout);
      last = now;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: make_scale FOLDER VERSIONS TENSORS MODELS\n");
    return 2;
  }
  const auto number = [&](int i) {
    return static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10));
  };
  return Make(argv[1], number(2), number(3), std::max<std::size_t>(1, number(4)));
}
