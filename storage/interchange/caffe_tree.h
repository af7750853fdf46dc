#pragma once
/// \file
/// A Caffe network in its binary form as the tree that its text form would give: of the layers,
/// what they read and make, their parameters, and of their blobs the shapes.

#include "dlv/result.h"
#include "storage/interchange/side_tree.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// Errors: kCorruption with the offset, kUnsafe: too deep, too many values.
Result<Tree> ReadCaffeTree(const io::ByteSource& file);

}  // namespace dlv::interchange
