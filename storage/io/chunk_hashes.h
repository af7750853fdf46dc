#pragma once
/// \file
/// Ids of several chunks at a time: faster than HashChunk of each where the processor has wide
/// vectors (sha256_lanes.h).

#include <cstddef>
#include <span>

#include "dlv/dtype.h"
#include "dlv/ids.h"

namespace dlv::io {

/// HashChunk of each chunk, in their order. Those of one length that stand together are hashed side
/// by side; HashChunksAtOnce() of them are a full load.
void HashChunks(DType dtype, std::span<const std::span<const std::byte>> chunks,
                std::span<ChunkId> ids);

/// 1 where nothing is gained by giving several.
std::size_t HashChunksAtOnce();

}  // namespace dlv::io
