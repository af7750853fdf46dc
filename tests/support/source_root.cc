#include "tests/support/source_root.h"

namespace dlv::testing {

std::filesystem::path SourceRoot() { return DLV_SOURCE_ROOT; }

}  // namespace dlv::testing
