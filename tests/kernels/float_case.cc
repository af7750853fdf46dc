#include "tests/kernels/float_case.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace dlv::kernels::test {
namespace {

[[noreturn]] void Stop(const std::string& why, const std::string& path) {
  std::fprintf(stderr, "%s: %s\n", path.c_str(), why.c_str());
  std::exit(2);
}

constexpr char kMagic[9] = "DLVKRN01";

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
  void Case(FloatCase& one) {
    Array(one.name);
    for (auto* number : {&one.format.bytes, &one.format.exponent_bits, &one.format.mantissa_bits}) {
      Field(*number);
    }
    Field(one.format.has_infinity);
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

void SaveCases(const std::string& path, const std::vector<FloatCase>& cases) {
  Archive archive(path, true);
  archive.Magic();
  auto count = static_cast<std::uint32_t>(cases.size());
  archive.Field(count);
  for (FloatCase one : cases) archive.Case(one);
}

std::vector<FloatCase> LoadCases(const std::string& path) {
  Archive archive(path, false);
  archive.Magic();
  std::uint32_t count = 0;
  archive.Field(count);
  if (count > 100000) Stop("too many cases", path);
  std::vector<FloatCase> cases(count);
  for (FloatCase& one : cases) archive.Case(one);
  return cases;
}

}  // namespace dlv::kernels::test
