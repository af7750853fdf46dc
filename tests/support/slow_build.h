#pragma once
/// \file
/// Whether this build has AddressSanitizer, under which a loop takes five to ten times as long.
/// Long searches take samples there; the release build, which has the same tests, goes through all.

namespace dlv::testing {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSlowBuild = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kSlowBuild = true;
#else
inline constexpr bool kSlowBuild = false;
#endif
#else
inline constexpr bool kSlowBuild = false;
#endif

}  // namespace dlv::testing
