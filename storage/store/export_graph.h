#pragma once
/// \file
/// Writing the ONNX files of one version with the tensors of another.
///
/// A committed file is a recipe over its tensors; made from other tensors of the same types and
/// shapes it is the same file with other weights. Nothing of the format need be known for that.

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/store/store.h"
#include "storage/store/stored_file.h"
#include "storage/store/version_content.h"

namespace dlv::store {

struct GraphExport {
  Store& store;
  Readers readers;
  const VersionSummary& version;  ///< whose tensors are written
  const archive::Manifest& manifest;
  const SnapshotContent& content;
};

/// Errors: kNotFound (the graph's version has no ONNX file, or one whose bytes were not kept),
/// kInvalidArgument listing the tensors that are missing or differ in type or shape; those of
/// Repository::Checkout.
Status ExportIntoGraph(const GraphExport& request, const CheckoutOptions& options,
                       const Operation& operation, CheckoutResult& result);

}  // namespace dlv::store
