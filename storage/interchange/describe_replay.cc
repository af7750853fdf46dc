// Replaying a description from its own sources.

#include "storage/interchange/file_format.h"

namespace dlv::interchange {
namespace {

class SourceTensors final : public TensorProvider {
 public:
  explicit SourceTensors(const FileDescription& description) : description_(description) {}
  Result<std::uint64_t> SizeBytes(std::uint32_t tensor) override {
    if (tensor >= description_.tensors.size()) {
      return Error{ErrorCode::kCorruption, "recipe: no tensor " + std::to_string(tensor)};
    }
    return description_.tensors[tensor].source->size();
  }
  Status Read(std::uint32_t tensor, std::uint64_t offset, std::span<std::byte> out) override {
    return description_.tensors[tensor].source->ReadAt(offset, out);
  }

 private:
  const FileDescription& description_;
};

class SourceLiterals final : public LiteralProvider {
 public:
  explicit SourceLiterals(const FileDescription& description) : description_(description) {}
  Status Read(std::uint32_t literal, std::uint64_t offset, std::span<std::byte> out) override {
    if (literal >= description_.literals.size()) {
      return Error{ErrorCode::kCorruption, "recipe: no literal " + std::to_string(literal)};
    }
    return description_.literals[literal]->ReadAt(offset, out);
  }

 private:
  const FileDescription& description_;
};

}  // namespace

Status ReplayFromSources(const FileDescription& description, io::ByteSink& sink) {
  if (!description.recipe)
    return Error{ErrorCode::kInvalidArgument, "the description has no recipe"};
  SourceTensors tensors(description);
  SourceLiterals literals(description);
  return Replay(*description.recipe, tensors, literals, sink);
}

}  // namespace dlv::interchange
