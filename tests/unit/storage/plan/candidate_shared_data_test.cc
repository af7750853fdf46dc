// Candidates on real series, without a word of names or lineage: how many true parents the sketches
// find, how many strangers they propose, and how well sizes are estimated against sizes coded.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "storage/codec/chunk_codec.h"
#include "storage/interchange/file_format.h"
#include "storage/io/byte_source.h"
#include "storage/plan/candidate_search.h"

namespace dlv::plan {
namespace {

namespace fs = std::filesystem;

/// Of a long series the last: coding takes its time.
constexpr std::ptrdiff_t kMostFiles = 5;

struct RealTensor {
  std::string name;
  std::size_t file = 0;
  DType dtype = DType::kF32;
  std::vector<std::byte> bytes;
};

std::vector<RealTensor> LoadSeries(const fs::path& folder, std::string_view suffix) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == suffix) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<RealTensor> tensors;
  if (std::ssize(paths) > kMostFiles) paths.erase(paths.begin(), paths.end() - kMostFiles);
  for (std::size_t file = 0; file < paths.size(); ++file) {
    std::vector<std::byte> bytes(fs::file_size(paths[file]));
    std::ifstream(paths[file], std::ios::binary)
        .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    const auto source = io::MakeViewSource(bytes);
    const auto description =
        interchange::DescribeFile(*source, paths[file].filename().string(), {});
    EXPECT_TRUE(description.ok()) << paths[file];
    if (!description.ok()) continue;
    for (const auto& described : description->tensors) {
      if (described.view || LayoutOf(described.dtype).mantissa == 0) continue;
      RealTensor tensor{described.name, file, described.dtype, {}};
      tensor.bytes.resize(static_cast<std::size_t>(described.source->size()));
      EXPECT_TRUE(described.source->ReadAt(0, tensor.bytes).ok());
      if (tensor.bytes.size() / SizeOf(tensor.dtype) >= 1024) tensors.push_back(std::move(tensor));
    }
  }
  return tensors;
}

TensorSketch SketchOfReal(const RealTensor& tensor) {
  const std::size_t size = SizeOf(tensor.dtype);
  std::vector<std::byte> sampled;
  for (const SketchRun& run : SketchRunsOf(tensor.bytes.size() / size)) {
    const auto part = std::span(tensor.bytes).subspan(run.first * size, run.count * size);
    sampled.insert(sampled.end(), part.begin(), part.end());
  }
  return *TensorSketch::Of(tensor.dtype, tensor.bytes.size() / size, sampled);
}

double CodedBytes(const RealTensor& tensor, const RealTensor* base) {
  codec::ChunkEncoder encoder;
  const std::size_t step = SizeOf(tensor.dtype) << 17;
  double total = 0;
  for (std::size_t at = 0; at < tensor.bytes.size(); at += step) {
    const std::size_t size = std::min(step, tensor.bytes.size() - at);
    codec::EncodedChunk chunk;
    const auto base_bytes =
        base == nullptr ? std::span<const std::byte>() : std::span(base->bytes).subspan(at, size);
    EXPECT_TRUE(
        encoder
            .Encode(tensor.dtype, std::span(tensor.bytes).subspan(at, size), base_bytes, {}, chunk)
            .ok());
    total += static_cast<double>(chunk.bytes.size());
  }
  return total;
}

double AtShare(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

struct SeriesFigures {
  std::size_t with_parent = 0;  ///< tensors that gain by the same name in the file before
  std::size_t found = 0;        ///< of those: the best candidate is at least as good (3 %)
  std::size_t candidates = 0;
  std::size_t strangers = 0;   ///< candidates of another name
  std::vector<double> errors;  ///< estimated over coded, of the best candidates, less 1
};

/// The same name in the nearest file before, as lineage would say.
const RealTensor* ParentOf(const std::vector<RealTensor>& tensors, const RealTensor& tensor) {
  const RealTensor* parent = nullptr;
  for (const RealTensor& other : tensors) {
    if (other.file < tensor.file && other.name == tensor.name && other.dtype == tensor.dtype &&
        other.bytes.size() == tensor.bytes.size() && other.bytes != tensor.bytes)
      parent = &other;
  }
  return parent;
}

SeriesFigures Measure(const std::vector<RealTensor>& tensors) {
  CandidateSearch search;
  for (const RealTensor& tensor : tensors) search.Add(SketchOfReal(tensor));
  const auto candidates = search.Find();
  SeriesFigures figures;
  figures.candidates = candidates.size();
  std::vector<const BaseCandidate*> best(tensors.size(), nullptr);
  for (const BaseCandidate& candidate : candidates) {
    const RealTensor& tensor = tensors[candidate.tensor];
    const RealTensor& base = tensors[candidate.base];
    figures.strangers += tensor.name != base.name ? 1 : 0;
    if (base.file < tensor.file && best[candidate.tensor] == nullptr)
      best[candidate.tensor] = &candidate;
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const RealTensor* const parent = ParentOf(tensors, tensors[i]);
    const double by_name = parent == nullptr ? 0 : CodedBytes(tensors[i], parent);
    const double found = best[i] == nullptr ? 0 : CodedBytes(tensors[i], &tensors[best[i]->base]);
    if (best[i] != nullptr && tensors[i].bytes.size() / SizeOf(tensors[i].dtype) >= 4096)
      figures.errors.push_back(best[i]->estimated_bytes / found - 1);
    if (parent == nullptr || by_name > 0.98 * CodedBytes(tensors[i], nullptr)) continue;
    ++figures.with_parent;
    figures.found += best[i] != nullptr && found <= 1.03 * by_name ? 1 : 0;
  }
  return figures;
}

struct Series {
  const char* folder;
  const char* suffix;
  double least_found;  ///< share of the tensors with a parent
};

class CandidatesOfRealSeries : public ::testing::TestWithParam<Series> {};

TEST_P(CandidatesOfRealSeries, AreTheTrueParents) {
  const char* const shared = std::getenv("DLV_SHARED_DATA");
  if (shared == nullptr) GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  const auto [folder, suffix, least_found] = GetParam();
  const auto tensors = LoadSeries(fs::path(shared) / folder, suffix);
  const SeriesFigures figures = Measure(tensors);
  std::vector<double> off;
  for (const double error : figures.errors) off.push_back(std::abs(error));
  std::printf(
      "%s: %zu tensors, %zu with a parent worth a delta, found %zu; %zu candidates, %zu of "
      "another name; estimates off by %.1f %% (median), %.1f %% (p95), bias %+.1f %%\n",
      folder, tensors.size(), figures.with_parent, figures.found, figures.candidates,
      figures.strangers, 100 * AtShare(off, 0.5), 100 * AtShare(off, 0.95),
      100 * AtShare(figures.errors, 0.5));
  EXPECT_GT(figures.with_parent, 0U);
  EXPECT_GE(static_cast<double>(figures.found),
            least_found * static_cast<double>(figures.with_parent));
  EXPECT_LT(AtShare(off, 0.5), 0.05);
}

INSTANTIATE_TEST_SUITE_P(Shared, CandidatesOfRealSeries,
                         ::testing::Values(Series{"linzaer_rfb_series", ".pth", 0.95},
                                           Series{"gpt_char_finetune_bf16", ".safetensors", 0.99},
                                           Series{"caffe_cifar10_full_series", ".caffemodel", 0.85},
                                           Series{"caffe_cifar10_full_series", ".solverstate", 0.7},
                                           Series{"fastestdet", ".pth", 0.2}),
                         [](const auto& series) {
                           std::string name =
                               std::string(series.param.folder) + series.param.suffix;
                           std::ranges::replace(name, '.', '_');
                           return name;
                         });

}  // namespace
}  // namespace dlv::plan
