#include "cli/json_output.h"
#include "cli/json_values.h"
#include "dlv/quantize.h"

namespace dlv::cli {
namespace {

Json ValueOfTensor(const QuantizedTensor& tensor) {
  return {{"name", tensor.info.name},
          {"dtype", NameOf(tensor.info.dtype)},
          {"dtype_after", NameOf(tensor.dtype)},
          {"changed", tensor.changed},
          {"note", tensor.note.empty() ? Json(nullptr) : Json(tensor.note)},
          {"changed_values", tensor.changed_values},
          {"max_error", NumberOf(tensor.max_error)},
          {"relative_error", NumberOf(tensor.relative_error)},
          {"bound", tensor.bound ? NumberOf(*tensor.bound) : Json(nullptr)},
          {"raw_bytes", tensor.raw_bytes},
          {"coded_before", tensor.coded_before},
          {"coded_after", tensor.coded_after}};
}

}  // namespace

std::string QuantizeDocument(const Quantization& quantization, const QuantizeResult& result,
                             OutputMode mode) {
  Json tensors = Json::array();
  for (const QuantizedTensor& tensor : result.tensors) tensors.push_back(ValueOfTensor(tensor));
  return Render({{"source", result.source},
                 {"scheme", ToText(quantization)},
                 {"executed", result.commit.has_value()},
                 {"version", result.commit ? ValueOf(result.commit->version) : Json(nullptr)},
                 {"coded_before", result.coded_before},
                 {"coded_after", result.coded_after},
                 {"max_error", NumberOf(result.max_error)},
                 {"relative_error", NumberOf(result.relative_error)},
                 {"tensors", tensors}},
                mode);
}

}  // namespace dlv::cli
