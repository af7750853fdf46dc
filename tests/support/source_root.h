#pragma once
/// \file
/// Where the sources lie, for tests that read documents and golden files.

#include <filesystem>

namespace dlv::testing {

/// Returns the repository's root folder. (__FILE__ will not do: a compiler cache may make it
/// relative to the build folder.)
std::filesystem::path SourceRoot();

}  // namespace dlv::testing
