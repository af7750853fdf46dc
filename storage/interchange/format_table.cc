#include "storage/interchange/format_table.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "storage/interchange/formats.h"
#include "storage/interchange/recipe_builder.h"
#include "storage/interchange/text.h"
#include "storage/interchange/unknown_file.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kHeadBytes = 4096;

// The first that knows the file describes it. Formats in a zip go from the particular to the
// general.
constexpr std::array<FormatReader, 15> kFormats = {{
    {"npy", SniffNpy, DescribeNpy},
    {"pytorch-legacy", SniffTorchLegacy, DescribeTorchLegacy},
    {"pytorch-tar", SniffTorchTar, DescribeTorchTar},
    {"gguf", SniffGguf, DescribeGguf},
    {"safetensors", SniffSafetensors, DescribeSafetensors},
    {"torchscript", SniffTorchScript, DescribeTorchScript},
    {"pytorch-zip", SniffTorchZip, DescribeTorchZip},
    {"npz", SniffNpz, DescribeNpz},
    {"zip", SniffZip, DescribeZip},
    // Protocol buffers have no magic number: a file must be one from front to back.
    {"onnx", SniffOnnx, DescribeOnnx},
    {"caffemodel", SniffCaffeNet, DescribeCaffeNet},
    {"solverstate", SniffCaffeSolver, DescribeCaffeSolver},
    {"onnx-tensor", SniffOnnxTensor, DescribeOnnxTensor},
    {"caffe-blob", SniffCaffeBlob, DescribeCaffeBlob},
    {"llama2c", SniffNever, DescribeLlama2c},
}};

bool BeginsWithZipMember(std::span<const std::byte> head) {
  return head.size() >= 4 && std::memcmp(head.data(), "PK\x03\x04", 4) == 0;
}

Result<Probe> MakeProbe(const io::ByteSource& file, std::string_view name, unsigned depth) {
  Probe probe;
  probe.file = &file;
  probe.name = name;
  probe.depth = depth;
  probe.head.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kHeadBytes, file.size())));
  DLV_TRY(file.ReadAt(0, probe.head));
  probe.zip_at_start = BeginsWithZipMember(probe.head);
  DLV_ASSIGN(const bool zip_at_end, EndsWithZipDirectory(file));
  if (probe.zip_at_start || zip_at_end) probe.zip = ReadZipDirectory(file);
  return probe;
}

bool IsInZip(const FormatReader& format) {
  return format.name == "torchscript" || format.name == "pytorch-zip" || format.name == "npz" ||
         format.name == "zip";
}

/// The reader that was asked for by name.
Result<FileDescription> DescribeAs(const Probe& probe, const DescribeOptions& options) {
  std::string names;
  for (const FormatReader& format : kFormats) {
    names += (names.empty() ? "" : ", ") + std::string(format.name);
    if (format.name != options.format) continue;
    if (IsInZip(format) && (!probe.zip || !format.sniff(probe))) {
      return Error{ErrorCode::kCorruption, "offset 0: this is no " + options.format + " file"};
    }
    return format.describe(probe, options);
  }
  return Error{ErrorCode::kInvalidArgument,
               "no format is called '" + Printable(options.format) + "'; there are " + names};
}

}  // namespace

std::span<const FormatReader> FormatTable() { return kFormats; }

Result<FileDescription> DescribeNested(const io::ByteSource& file, std::string_view name,
                                       const DescribeOptions& options, unsigned depth) {
  DLV_ASSIGN(const Probe probe, MakeProbe(file, name, depth));
  if (depth == 1 && !options.format.empty()) return DescribeAs(probe, options);
  for (const FormatReader& format : kFormats) {
    if (!format.sniff(probe)) continue;
    // Two readers would see two different files in one: which is meant cannot be known.
    if (!IsInZip(format) && probe.zip) {
      return Error{ErrorCode::kUnsafe, "file is both " + std::string(format.name) +
                                           " (offset 0) and a zip (at its end)"};
    }
    return format.describe(probe, options);
  }
  return DescribeUnknown(probe);
}

Result<FileDescription> DescribeFile(const io::ByteSource& file, std::string_view name,
                                     const DescribeOptions& options) {
  return DescribeNested(file, name, options, 1);
}

FileDescription DescribeAsBlob(const io::ByteSource& file, std::string note) {
  FileDescription description;
  description.format = "blob";
  description.note = std::move(note);
  RecipeBuilder builder;
  builder.LiteralRange(file, 0, file.size());
  builder.Finish(description);
  return description;
}

bool LooksLikeCheckpoint(std::string_view name, std::span<const std::byte> first_bytes) {
  // What other programs call so too, and what nobody else does.
  constexpr std::array<std::string_view, 8> kShared = {".pt",   ".pth", ".th",  ".bin",
                                                       ".ckpt", ".npz", ".npy", ".tar"};
  constexpr std::array<std::string_view, 7> kOwn = {
      ".safetensors", ".onnx", ".caffemodel", ".solverstate", ".binaryproto", ".gguf", ".jit"};
  const auto named = [&](std::string_view suffix) { return name.ends_with(suffix); };
  if (std::any_of(kOwn.begin(), kOwn.end(), named)) return true;
  if (std::none_of(kShared.begin(), kShared.end(), named)) return false;
  Probe probe;
  probe.head.assign(first_bytes.begin(), first_bytes.end());
  return BeginsWithZipMember(first_bytes) || SniffNpy(probe) || SniffGguf(probe) ||
         (first_bytes.size() > 2 && first_bytes[0] == std::byte{0x80} &&
          first_bytes[1] <= std::byte{5});
}

}  // namespace dlv::interchange
