#include "storage/interchange/unknown_file.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "storage/interchange/formats.h"
#include "storage/interchange/pickle.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kBytesShown = 4;

struct Expectation {
  std::string_view suffix;
  std::string_view wanted;
};

// Names that files of weights alone have, and what stands at the front of such a file.
constexpr std::string_view kTorchFile = "a zip of torch.save, or the pickles that it wrote before";
constexpr std::array<Expectation, 11> kExpectations = {
    {{".safetensors", "a safetensors header"},
     {".pt", kTorchFile},
     {".pth", kTorchFile},
     {".th", kTorchFile},
     {".ckpt", kTorchFile},
     {".npz", "a zip of .npy files"},
     {".npy", "\\x93NUMPY"},
     {".gguf", "GGUF"},
     {".onnx", "an ONNX model"},
     {".caffemodel", "a Caffe network with its weights"},
     {".solverstate", "the state of a Caffe solver"}}};

std::string HexByte(std::byte byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto value = std::to_integer<unsigned>(byte);
  return {kDigits[value >> 4], kDigits[value & 15]};
}

std::string FoundBytes(const Probe& probe) {
  if (probe.head.empty()) return "the file is empty";
  std::string text = "offset 0: bytes";
  for (std::size_t i = 0; i < std::min(kBytesShown, probe.head.size()); ++i) {
    text += " " + HexByte(probe.head[i]);
  }
  return text;
}

/// What keeps the file from being safetensors.
std::string FoundHeader(const Probe& probe, std::string_view wanted) {
  std::uint64_t size = 0;
  if (probe.head.size() <= sizeof size) {
    return FoundBytes(probe) + ", want " + std::string(wanted);
  }
  std::memcpy(&size, probe.head.data(), sizeof size);
  if (size > kMaxSafetensorsHeaderBytes) {
    return "offset 0: a header of " + std::to_string(size) + " bytes, want at most " +
           std::to_string(kMaxSafetensorsHeaderBytes);
  }
  return "offset 8: the header begins with byte " + HexByte(probe.head[sizeof size]) + ", want '{'";
}

bool BeginsAsPickle(const Probe& probe) {
  return probe.head.size() > 2 && probe.head[0] == std::byte{0x80} && probe.head[1] <= std::byte{5};
}

/// Returns what is said of a file that begins with a pickle; nothing where it does not.
/// Errors: kUnsafe, kIo.
Result<std::optional<std::string>> FoundPickle(const Probe& probe) {
  const Result<Pickle> pickle = ReadPickle(*probe.file, "pickle");
  if (!pickle.ok()) {
    if (pickle.error().code == ErrorCode::kIo) return pickle.error();
    if (!BeginsAsPickle(probe)) return std::optional<std::string>();  // any text may begin so
    if (pickle.error().code == ErrorCode::kUnsafe) return pickle.error();
    return std::optional("a pickle that is broken: " + pickle.error().message);
  }
  if (!pickle->refused.empty()) return RefusedError(*pickle);
  return std::optional("offset 0: a pickle of " + std::to_string(pickle->size_bytes) +
                       " bytes that torch.save did not write, want " + std::string(kTorchFile));
}

Result<std::string> FoundInstead(const Probe& probe, std::string_view wanted) {
  if (wanted == kTorchFile && !probe.head.empty()) {
    DLV_ASSIGN(auto pickle, FoundPickle(probe));
    if (pickle) return *std::move(pickle);
  }
  if (probe.zip && !probe.zip->ok()) return probe.zip->error().message;
  if (wanted == kExpectations.front().wanted) return FoundHeader(probe, wanted);
  return FoundBytes(probe) + ", want " + std::string(wanted);
}

}  // namespace

Result<FileDescription> DescribeUnknown(const Probe& probe) {
  std::string_view wanted;
  for (const Expectation& expectation : kExpectations) {
    if (probe.name.ends_with(expectation.suffix)) wanted = expectation.wanted;
  }
  if (probe.name.ends_with(".bin") && BeginsAsPickle(probe)) wanted = kTorchFile;
  if (wanted.empty()) return DescribeAsBlob(*probe.file, "");
  DLV_ASSIGN(const std::string found, FoundInstead(probe, wanted));
  FileDescription blob = DescribeAsBlob(*probe.file, "");
  blob.warnings.push_back(found + "; it is kept as bytes, without tensors");
  return blob;
}

}  // namespace dlv::interchange
