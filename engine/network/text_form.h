#pragma once
/// \file
/// The text form of networks (docs/network.md, "Text form"): what `dlv network REF --text` prints.
///
///     network "resnet" {
///       operators "" 13
///       input x: f32 [?, 3, 32, 32]
///       parameter conv1.weight: f32 [16, 3, 3, 3]
///       node conv1 = Conv(x, $conv1.weight) { kernel_shape = [3, 3], pads = [1, 1, 1, 1] }
///         -> "onnx::Relu_4": f32 [?, 16, 32, 32]
///       output y = fc
///     }

#include <string>
#include <string_view>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::network {

/// The network must pass CheckNetwork. Ends with a newline; is valid UTF-8 without control
/// characters whatever the names hold.
std::string WriteText(const Network& network);

/// Returns the network: IdOf(ReadText(WriteText(n))) == IdOf(n). Types and shapes may be left out
/// by whoever writes by hand; the result is then made whole by Normalise.
/// Errors: kSyntax ("line 7, column 12: got \"}\", want an operand"), kUnsupported (limits.h).
Result<Network> ReadText(std::string_view text);

/// Returns whether the text looks like the text form: its first word, after space and comments, is
/// `network`.
bool IsTextForm(std::string_view text);

}  // namespace dlv::network
