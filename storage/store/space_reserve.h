#pragma once
/// \file
/// Room for the moment in which the disk is full. Removing versions and collecting garbage need
/// some before they free any: for the lock, the operation log and the journal of the catalog. So
/// .dlv/reserve takes some that can be given back. It holds nothing and may be deleted.

#include <cstdint>
#include <string>

#include "storage/store/store.h"

namespace dlv::store {

inline constexpr std::uint64_t kReserveBytes = 256u << 10;
/// The reserve is made once the packs are this large, so that it does not count beside them.
inline constexpr std::uint64_t kReservedFromBytes = 4u << 20;

std::string ReservePath(const RepositoryPaths& paths);

/// Makes the reserve where it is missing, the packs are large enough and the disk has some more
/// room. What goes wrong is no error: the next commit tries again.
void KeepReserve(Store& store);

/// Gives the reserve back where the disk has less room left than that. The next commit that finds
/// room makes it anew.
void SpendReserve(Store& store);

}  // namespace dlv::store
