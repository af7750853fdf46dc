#pragma once
/// \file
/// The packs of one commit (or rewrite) while they are being made.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/section_writer.h"
#include "storage/io/background_sync.h"
#include "storage/io/lease.h"
#include "storage/store/store.h"

namespace dlv::store {

/// New packs stand in .dlv/tmp under a lease of the same name, and keep that name in .dlv/packs:
/// tmp/ID.lease, tmp/ID-0.pack, packs/ID-0.pack. While the lease lives, gc leaves all of them
/// alone. Dropping this object before Keep removes everything that it made.
class NewPacks {
 public:
  /// Errors: kIo.
  static Result<std::unique_ptr<NewPacks>> Begin(Store& store, std::string_view command);
  ~NewPacks();
  NewPacks(const NewPacks&) = delete;
  NewPacks& operator=(const NewPacks&) = delete;

  /// For SectionWriter; this object must outlive it.
  archive::PackFactory Factory();
  Result<archive::NewPack> MakePack();
  std::uint32_t count() const { return count_; }

  /// Waits until the finished packs are on the disk, renames them into .dlv/packs and syncs that
  /// folder. They stay without meaning until the catalog names them.
  Status MoveIntoPlace();
  /// Returns the name of pack `index` below .dlv/packs.
  std::string Name(std::uint32_t index) const;
  /// Path of pack `index`, wherever it is now.
  std::string Path(std::uint32_t index) const;

  /// The catalog names the packs now: they stay.
  void Keep() { kept_ = true; }

 private:
  explicit NewPacks(Store& store) : store_(store) {}
  void RemoveAll();

  Store& store_;
  std::string id_;
  std::unique_ptr<io::Lease> lease_;
  io::BackgroundSync syncs_;
  std::uint32_t count_ = 0;
  std::uint32_t moved_ = 0;
  bool kept_ = false;
};

/// Returns the lease id that a pack or temporary file belongs to by its name; empty: none.
std::string LeaseIdOf(std::string_view file_name);

}  // namespace dlv::store
