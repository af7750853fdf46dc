#include "engine/network/encoding.h"
#include "engine/network/field_reader.h"
#include "engine/network/normalise.h"

namespace dlv::network {

Result<Network> Decode(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxEncodedBytes) {
    return Error{ErrorCode::kUnsupported,
                 "network: an encoding of " + std::to_string(bytes.size()) +
                     " bytes, want at most " + std::to_string(kMaxEncodedBytes)};
  }
  FieldReader reader(bytes);
  DLV_TRY(reader.Head());
  Network network;
  reader.Body(network, 0);
  DLV_TRY(reader.End());
  const Status good = CheckNetwork(network);
  if (good.ok()) return network;
  const bool beyond = good.error().code == ErrorCode::kUnsupported;
  return Error{beyond ? ErrorCode::kUnsupported : ErrorCode::kCorruption,
               "network: " + good.error().message};
}

}  // namespace dlv::network
