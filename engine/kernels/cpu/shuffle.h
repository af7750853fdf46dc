#pragma once
/// \file
/// The shuffle of channels by which groups exchange them: Reshape to [N, parts, each, ...],
/// Transpose of these two axes, Reshape back.

#include <cstdint>
#include <optional>
#include <span>

#include "engine/kernels/call.h"

namespace dlv::kernels {

inline constexpr std::size_t kShuffleNodes = 3;

/// Returns the number of parts where the first three followers shuffle the channels of a value of
/// `shape`, and nothing else.
std::optional<std::int64_t> ReadShuffle(const Call& call, std::span<const Follower> followers,
                                        const Shape& shape);

/// Whether `next` may be a node of a shuffle behind `before`.
bool MayShuffle(std::span<const NetworkNode* const> before, const NetworkNode& next);

}  // namespace dlv::kernels
