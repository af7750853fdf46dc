#pragma once
/// \file
/// Where the coded bytes of tensors are: by codec and planes, and along the chain of bases.

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "dlv/result.h"
#include "dlv/tensor_report.h"
#include "storage/archive/tensor_reader.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Adds up coded bytes by codec and planes. Reads chunk headers, nothing else.
class PlaneGroupCounter {
 public:
  /// Errors: kCorruption, kIo.
  Status Add(const archive::TensorHandle& tensor);
  /// Ascending by planes, then by codec.
  std::vector<PlaneGroup> Groups() const;

 private:
  Status AddUnit(const archive::SectionReader& section, const archive::UnitPlace& place,
                 std::uint64_t share, std::uint64_t whole);
  std::map<std::tuple<unsigned, unsigned, std::string>, std::uint64_t> bytes_;
  std::vector<std::byte> header_;
};

/// Returns the tensor and its bases in order, each with the version that wrote it.
/// Errors: kNotFound (a base), kCorruption (a cycle), kIo.
Result<std::vector<ChainLink>> TraceChain(Store& store, const archive::TensorHandle& tensor);

/// As Repository::DescribeStorage.
Result<StorageReport> DescribeStorage(Store& store, std::string_view reference);

}  // namespace dlv::store
