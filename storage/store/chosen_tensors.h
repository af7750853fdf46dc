#pragma once
/// \file
/// From a reference with a tensor pattern to stored tensors.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"
#include "storage/store/store.h"

namespace dlv::store {

struct ChosenTensor {
  TensorInfo info;
  std::string file;  ///< empty: from memory
  std::shared_ptr<const archive::TensorHandle> handle;
};

struct ChosenTensors {
  std::string reference;  ///< NAME:vN
  std::string slice;      ///< what stood in brackets behind the pattern; empty: nothing
  bool has_slice = false;
  std::vector<ChosenTensor> tensors;  ///< in the order of the layout; at least one
};

/// Resolves the reference and opens the tensors that its pattern fits; without a pattern all of
/// them where `all_without_pattern`, else kInvalidArgument.
/// Errors: kSyntax, kNotFound with the nearest names, kCorruption, kIo.
Result<ChosenTensors> ChooseTensors(Store& store, std::string_view reference,
                                    bool all_without_pattern);

}  // namespace dlv::store
