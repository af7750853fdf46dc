// links: dlv_archive dlv_io
// Manifests, envelopes and layouts. What is taken must come back byte for byte: they are canonical.

#include <algorithm>
#include <cstdint>
#include <span>

#include "storage/archive/layout.h"
#include "storage/archive/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlv;
  const auto bytes = std::as_bytes(std::span(data, size));
  if (const auto manifest = archive::DecodeManifest(bytes); manifest.ok()) {
    const auto again = archive::EncodeManifest(*manifest);
    DLV_CHECK(again.ok() && std::ranges::equal(*again, bytes),
              "a manifest comes back from its encoding");
  }
  if (const auto layout = archive::DecodeLayout(bytes); layout.ok()) {
    const auto again = archive::EncodeLayout(*layout);
    DLV_CHECK(again.ok() && std::ranges::equal(*again, bytes),
              "a layout comes back from its encoding");
  }
  if (const auto envelope = archive::DecodeEnvelope(bytes); envelope.ok()) {
    const auto again = archive::EncodeEnvelope(*envelope);
    DLV_CHECK(std::ranges::equal(again, bytes), "an envelope comes back from its encoding");
  }
  return 0;
}
