#include "engine/progressive/level_digest.h"

#include <vector>

#include "engine/bounds/centre.h"
#include "engine/progressive/layer_graph.h"
#include "storage/io/hash.h"

namespace dlv::progressive {
namespace {

Result<std::vector<double>> CentresOf(const LeveledTensor& tensor) {
  if (tensor.exact) return NumbersOf(tensor);
  std::vector<double> centres(tensor.bytes.size() / SizeOf(tensor.dtype));
  if (tensor.by_significance) {
    DLV_TRY(bounds::CentreBySignificance(tensor.dtype, tensor.planes, tensor.bytes, centres, {}));
  } else {
    DLV_TRY(bounds::CentreOf(tensor.dtype, tensor.planes, false, tensor.bytes, centres, {}));
  }
  return centres;
}

}  // namespace

Result<std::string> DigestOf(const LeveledTensor& tensor) {
  DLV_ASSIGN(const std::vector<double> centres, CentresOf(tensor));
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(centres)));
  return hash.Finish<FileDigest>().Hex();
}

}  // namespace dlv::progressive
