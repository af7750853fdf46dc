#pragma once
/// \file
/// Tensors out, in formats that other programs read. All writers stream: memory does not grow with
/// the model.

#include <string>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "dlv/tensor.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

struct ExportOptions {
  bool sort_by_name = false;  ///< else in the order of the source
  std::vector<std::pair<std::string, std::string>> metadata = {
      {"format",
       "pt"}};  ///< safetensors: __metadata__; PyTorch: members extra/KEY but for "format"
  /// Empty, or for each tensor of the source the one whose storage it shares (itself, or one
  /// before it of the same dtype and shape); for formats that can say so.
  std::vector<std::size_t> tied_to = {};

  std::size_t OwnerOf(std::size_t index) const {
    return index < tied_to.size() ? tied_to[index] : index;
  }
};

struct ExportReport {
  std::uint64_t size_bytes = 0;
  std::vector<std::string>
      warnings;  ///< what the format cannot say, e.g. bf16 in npz is written as uint16
};

/// Writes a safetensors file: data in descending order of element size would save padding, but
/// order is kept; the header is padded with spaces so that data begin on a multiple of 64. Errors:
/// kInvalidArgument (two tensors of one name, a name that is not UTF-8), what source and sink say.
Result<ExportReport> ExportSafetensors(TensorSource& source, const ExportOptions& options,
                                       io::ByteSink& sink);

/// Writes an .npz of stored (not deflated) members, one `NAME.npy` a tensor, which numpy.load opens
/// without pickles. bf16 and f8 become uint16 and uint8, unknown dtypes uint8, with a warning each.
/// Errors: as above; kInvalidArgument for a name that is no relative path inside the archive.
Result<ExportReport> ExportNpz(TensorSource& source, const ExportOptions& options,
                               io::ByteSink& sink);

/// Writes a zip file as torch.save does of a state dict (an OrderedDict from names to tensors): one
/// stored member a storage, its data on a multiple of 64; tied tensors share a member.
/// torch.load(weights_only=True) opens it: of 1.13 and later, with u16, u32, u64 of 2.3 and later,
/// with f8 of 2.1 and later. Errors: as above; kUnsupported (more tensors than a pickle of 1 GiB
/// names).
Result<ExportReport> ExportPyTorch(TensorSource& source, const ExportOptions& options,
                                   io::ByteSink& sink);

}  // namespace dlv::interchange
