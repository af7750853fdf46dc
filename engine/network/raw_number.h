#pragma once
/// \file
/// Numbers in bytes of constants.

#include <cstddef>
#include <cstring>

namespace dlv::network {

/// The number that begins at `at`, wherever that lies.
template <class T>
T LoadAs(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace dlv::network
