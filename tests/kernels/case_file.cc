#include "tests/kernels/case_file.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace dlv::kernels::test {
namespace {

[[noreturn]] void Stop(const std::string& why, const std::string& path) {
  std::fprintf(stderr, "%s: %s\n", path.c_str(), why.c_str());
  std::exit(2);
}

constexpr char kMagic[9] = "DLVKRN03";

/// Writes fields in order, or reads them: one list of fields serves both.
class Archive {
 public:
  Archive(const std::string& path, bool writes)
      : path_(path), writes_(writes), file_(std::fopen(path.c_str(), writes ? "wb" : "rb")) {
    if (file_ == nullptr) Stop("cannot be opened", path_);
  }
  ~Archive() { std::fclose(file_); }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  void Raw(void* bytes, std::size_t size) {
    if (size == 0) return;
    const std::size_t done =
        writes_ ? std::fwrite(bytes, 1, size, file_) : std::fread(bytes, 1, size, file_);
    if (done != size) Stop("cut off", path_);
  }
  template <class Number>
  void Field(Number& number) {
    Raw(&number, sizeof number);
  }
  template <class Container>
  void Array(Container& container) {
    auto size = static_cast<std::uint32_t>(container.size());
    Field(size);
    if (size > 1u << 24) Stop("an array is too long", path_);
    container.resize(size);
    Raw(container.data(), size);
  }
  void Format(cuda::ElementFormat& format) {
    for (auto* number : {&format.bytes, &format.exponent_bits, &format.mantissa_bits}) {
      Field(*number);
    }
    Field(format.has_infinity);
  }
  void Case(FloatCase& one) {
    Array(one.name);
    Format(one.format);
    for (auto* number : {&one.job.count, &one.job.kept, &one.job.first, &one.job.zero_rule,
                         &one.job.wide_symbols, &one.max_symbol}) {
      Field(*number);
    }
    Field(one.checksum);
    for (Bytes* bytes : {&one.coded_symbols, &one.coded_tail, &one.symbols, &one.tail, &one.signs,
                         &one.zero_signs, &one.mantissa}) {
      Array(*bytes);
    }
    auto levels = static_cast<std::uint32_t>(one.levels.size());
    Field(levels);
    if (levels > 64) Stop("too many levels", path_);
    one.levels.resize(levels);
    for (FloatLevel& level : one.levels) {
      Field(level.known_planes);
      Field(level.stored_planes);
      Field(level.has_tail);
      if (&level == &one.levels.back()) Array(level.elements);
    }
  }
  void Delta(DeltaCase& one) {
    Array(one.name);
    Field(one.dtype);
    Field(one.count);
    Field(one.ratio);
    Field(one.beta);
    for (Bytes* bytes : {&one.base, &one.second_base, &one.block_scales, &one.block_ratios}) {
      Array(*bytes);
    }
    auto levels = static_cast<std::uint32_t>(one.levels.size());
    Field(levels);
    if (levels > cuda::kDeltaLevels) Stop("too many levels", path_);
    one.levels.resize(levels);
    for (DeltaLevel& level : one.levels) {
      Field(level.mode);
      for (Bytes* bytes : {&level.coded, &level.low, &level.high, &level.elements}) Array(*bytes);
      auto frequencies = static_cast<std::uint32_t>(level.frequencies.size());
      Field(frequencies);
      if (frequencies > 1u << 16) Stop("too many frequencies", path_);
      level.frequencies.resize(frequencies);
      Raw(level.frequencies.data(), frequencies * sizeof(std::uint16_t));
    }
  }
  void Significance(SignificanceCase& one) {
    Array(one.name);
    Format(one.format);
    cuda::SignificanceJob& job = one.job;
    for (auto* number : {&job.count, &job.first, &job.zero_rule, &job.max_symbol, &job.stored_bits,
                         &job.origin, &job.level_count}) {
      Field(*number);
    }
    job.levels_read = job.level_count;
    Field(job.level_bytes);
    Field(job.depths);
    Array(one.symbols);
    Array(one.bits);
    if (job.level_count == 0 || job.level_count > cuda::kSignificanceLevels) {
      Stop("too many levels", path_);
    }
    one.elements.resize(job.level_count);
    Array(one.elements.back());
  }
  void Magic() {
    char magic[8];
    std::memcpy(magic, kMagic, 8);
    Raw(magic, 8);
    if (std::memcmp(magic, kMagic, 8) != 0) Stop("is no file of kernel cases", path_);
  }

 private:
  std::string path_;
  bool writes_;
  std::FILE* file_;
};

}  // namespace

void SaveCases(const std::string& path, Cases cases) {
  Archive archive(path, true);
  archive.Magic();
  std::uint32_t counts[3] = {static_cast<std::uint32_t>(cases.floats.size()),
                             static_cast<std::uint32_t>(cases.deltas.size()),
                             static_cast<std::uint32_t>(cases.by_significance.size())};
  archive.Field(counts);
  for (FloatCase& one : cases.floats) archive.Case(one);
  for (DeltaCase& one : cases.deltas) archive.Delta(one);
  for (SignificanceCase& one : cases.by_significance) archive.Significance(one);
}

Cases LoadCases(const std::string& path) {
  Archive archive(path, false);
  archive.Magic();
  std::uint32_t counts[3] = {};
  archive.Field(counts);
  for (const std::uint32_t count : counts) {
    if (count > 100000) Stop("too many cases", path);
  }
  Cases cases;
  cases.floats.resize(counts[0]);
  cases.deltas.resize(counts[1]);
  cases.by_significance.resize(counts[2]);
  for (FloatCase& one : cases.floats) archive.Case(one);
  for (DeltaCase& one : cases.deltas) archive.Delta(one);
  for (SignificanceCase& one : cases.by_significance) archive.Significance(one);
  return cases;
}

}  // namespace dlv::kernels::test
