#pragma once
/// \file
/// Building a recipe from a file's front to its back.

#include <memory>
#include <span>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/interchange/recipe.h"

namespace dlv::interchange {

/// Appends instructions. Small structural bytes ("frame": headers, padding, trailers) are gathered
/// into one literal, so that a file with thousands of members needs few blobs; contents get
/// literals of their own.
class RecipeBuilder {
 public:
  /// Appends structural bytes.
  void Frame(std::span<const std::byte> bytes);
  /// Appends [begin, end) of `file` as structural bytes; more than 64 KiB become a literal of their
  /// own.
  Status FrameRange(const io::ByteSource& file, std::uint64_t begin, std::uint64_t end);
  /// Appends the bytes of `source` as literals of their own.
  void Literal(std::shared_ptr<const io::ByteSource> source);
  /// Appends [begin, end) of `file` (which must outlive the description) as literals of their own.
  void LiteralRange(const io::ByteSource& file, std::uint64_t begin, std::uint64_t end);
  void Tensor(TensorPart part);
  void Crc(std::uint32_t first, std::uint32_t count, bool inflated);
  void Append(Instruction instruction);
  /// Appends another description's recipe as INNER. Its tensors begin at `first_tensor` of this
  /// file.
  void AppendInner(const FileDescription& inner, std::uint32_t first_tensor);

  /// The index that the next instruction will have. Ends the merging of frame bytes, so that what
  /// follows is apart.
  std::uint32_t NextIndex();
  /// Instructions from here on go into a nested list, until CloseList returns it.
  void OpenList();
  std::vector<Instruction> CloseList();

  /// Moves recipe and literals into `description`.
  void Finish(FileDescription& description);

 private:
  std::vector<std::vector<Instruction>> lists_{1};
  std::vector<std::shared_ptr<const io::ByteSource>>
      literals_;  ///< null: a frame, taken from frames_
  std::vector<std::uint64_t> sizes_;
  struct FrameLiteral {
    std::uint32_t literal = 0;
    std::vector<std::byte> bytes;
  };
  std::vector<FrameLiteral> frames_;
  bool may_merge_ =
      false;  ///< the last instruction is a part of the last frame, and nothing counts it yet
};

/// Returns the instruction that reads all of tensor `index`, as its bytes stand in the file;
/// nothing where it is empty.
std::optional<TensorPart> WholeTensor(const DescribedTensor& tensor, std::uint32_t index);

}  // namespace dlv::interchange
