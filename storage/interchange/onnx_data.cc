#include "storage/interchange/onnx_data.h"

#include <algorithm>
#include <map>

#include "storage/interchange/placed_tensors.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

class DataReader {
 public:
  explicit DataReader(const io::ByteSource& file) : file_(file) { description_.format = kOnnxData; }

  Status Add(const ExternalTensor& external) {
    DescribedTensor tensor = external.tensor;
    const std::string shown = "tensor '" + Printable(tensor.name) + "'";
    if (external.offset > file_.size() || external.size_bytes > file_.size() - external.offset) {
      return Bad(external, shown + " has " + std::to_string(external.size_bytes) +
                               " bytes here, the file has " + std::to_string(file_.size()));
    }
    tensor.source = MakeRange(file_, external.offset, external.size_bytes);
    const unsigned uses = ++names_[{tensor.role, tensor.name}];
    if (uses > 1) tensor.name += "~" + std::to_string(uses);
    const auto index = static_cast<std::uint32_t>(description_.tensors.size());
    if (external.size_bytes != 0) {
      const auto [owner, is_new] =
          owners_.try_emplace({external.offset, external.size_bytes}, index);
      if (!is_new) DLV_TRY(Tie(external, shown, owner->second, tensor));
    }
    const bool placed = external.size_bytes != 0 && !tensor.view;
    description_.tensors.push_back(std::move(tensor));
    if (placed) parts_.push_back(PlaceWhole(description_, index, external.offset));
    return Ok();
  }

  Result<FileDescription> Finish() {
    DLV_TRY(BuildPlacedRecipe(file_, std::move(parts_), kOnnxData, description_));
    return std::move(description_);
  }

 private:
  Error Bad(const ExternalTensor& external, const std::string& why) const {
    return Error{ErrorCode::kCorruption, std::string(kOnnxData) + ", offset " +
                                             std::to_string(external.offset) + ": " + why};
  }

  Status Tie(const ExternalTensor& external, const std::string& shown, std::uint32_t owner,
             DescribedTensor& tensor) const {
    if (description_.tensors[owner].dtype != tensor.dtype) {
      return Bad(external, shown + " shares its place with one of another dtype");
    }
    const std::vector<std::uint64_t> shape(tensor.shape.begin(), tensor.shape.end());
    tensor.view = TensorView{owner, 0, ContiguousStrides(shape)};
    return Ok();
  }

  const io::ByteSource& file_;
  FileDescription description_;
  std::vector<PlacedPart> parts_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> owners_;
  std::map<std::pair<TensorRole, std::string>, unsigned> names_;
};

}  // namespace

Result<FileDescription> DescribeExternalData(const io::ByteSource& file,
                                             std::span<const ExternalTensor> tensors,
                                             const DescribeOptions& options) {
  DataReader reader(file);
  for (const ExternalTensor& tensor : tensors) DLV_TRY(reader.Add(tensor));
  DLV_ASSIGN(FileDescription description, reader.Finish());
  DropOptimizer(options, description);
  return description;
}

}  // namespace dlv::interchange
