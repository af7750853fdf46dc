#pragma once
/// \file
/// Writing the tensors of a version in a format of other programs.

#include <string>
#include <utility>
#include <vector>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/archive/tensor_reader.h"
#include "storage/store/store.h"
#include "storage/store/version_content.h"

namespace dlv::store {

struct TensorExport {
  Store& store;
  archive::TensorReader& reader;
  const VersionSummary& version;
  const archive::Manifest& manifest;
  const SnapshotContent& content;
  std::vector<std::size_t> chosen;  ///< places in the layout, ascending
};

/// Writes the files and adds them, the planes read and the warnings to `result`. Nothing has its
/// final name before it is whole; an index is written last.
/// Errors: those of Repository::Checkout.
Status ExportTensors(const TensorExport& request, const CheckoutOptions& options,
                     const Operation& operation, CheckoutResult& result);

/// Returns what --stamp writes into a file: names and values.
std::vector<std::pair<std::string, std::string>> StampOf(const VersionSummary& version);

/// Errors: kInvalidArgument where an option does not go with the format.
Status CheckExportOptions(const CheckoutOptions& options);

/// A version from elsewhere may say anything: its paths are checked before anything is written.
/// Errors: kUnsafe.
Status CheckPaths(const std::string& version, const std::vector<std::string>& paths);

}  // namespace dlv::store
