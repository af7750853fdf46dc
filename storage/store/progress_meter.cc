#include "storage/store/progress_meter.h"

#include <system_error>

namespace dlv::store {

ProgressMeter::ProgressMeter(const Operation& operation, std::string_view stage,
                             const CommitRequest& request)
    : ProgressMeter(operation, stage, 0) {
  if (sink_ == nullptr) return;
  for (const FileInput& file : request.files) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file.source, error);
    if (!error) total_ += size;
  }
  for (const TensorInput& input : request.tensors) {
    for (std::size_t i = 0; input.source != nullptr && i < input.source->size(); ++i) {
      const TensorInfo info = input.source->Info(i);
      total_ += info.element_count() * SizeOf(info.dtype);
    }
  }
}

}  // namespace dlv::store
