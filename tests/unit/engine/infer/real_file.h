#pragma once
/// \file
/// Real networks for tests.

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "tests/support/foreign_network.h"

namespace dlv::infer {

inline const char* SharedFolder() { return std::getenv("DLV_SHARED_DATA"); }

}  // namespace dlv::infer
