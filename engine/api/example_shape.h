#pragma once
/// \file
/// How the numbers of an example lie as a network's input.

#include <optional>
#include <span>

#include "dlv/network.h"

namespace dlv::api {

/// What an example is once it is preprocessed.
struct ExampleForm {
  NetworkShape shape;     ///< of an image: channels, height, width
  bool is_image = false;  ///< the three axes are these
};

struct InputForm {
  NetworkShape shape;          ///< of one example, without the batch
  bool channels_last = false;  ///< an image is given as height, width, channels
  bool operator==(const InputForm&) const = default;
};

/// Returns how an example is given to a network whose input is `wanted`, with the batch first; what
/// the network does not say fits. The first that fits of: as it is; an image with its channels
/// last; an image of one channel without that axis; everything in a row, for two axes; a row as
/// anything of as many elements. Nothing where none fits.
std::optional<InputForm> FitExample(const ExampleForm& example,
                                    const std::optional<NetworkShape>& wanted);

/// Writes an image with its channels last, from one with its channels first.
void PutChannelsLast(std::span<const double> planes, std::int64_t channels, std::span<double> out);

}  // namespace dlv::api
