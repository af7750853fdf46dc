#pragma once
/// \file
/// The part of a recipe that is the same for all formats in a zip: headers, descriptors, directory,
/// with CRC-32 computed, not kept.

#include <functional>

#include "storage/interchange/recipe_builder.h"
#include "storage/interchange/zip_directory.h"
#include "storage/interchange/zlib_streams.h"

namespace dlv::interchange {

/// Appends the instructions of one member's contents (inflated, if it is deflated) to the builder.
using MemberWriter = std::function<Status(std::size_t member, RecipeBuilder& builder)>;

/// Says of a deflated member whether it is inflated and made again, or left as it is. Empty: all
/// are made again.
using MakeAgain = std::function<bool(std::size_t member)>;

/// Walks the zip from front to back. `write` is called for stored members, and for deflated ones
/// where zlib makes the same bytes again; the compressed bytes of others are kept and named in
/// `description.warnings`. The contents of the members have been checked against their CRC-32
/// before.
Status BuildZipRecipe(const io::ByteSource& file, const ZipDirectory& directory,
                      const MemberWriter& write, RecipeBuilder& builder,
                      FileDescription& description, const MakeAgain& make_again = {});

/// Returns the contents of a member (inflated).
std::shared_ptr<const io::ByteSource> MemberSource(const io::ByteSource& file,
                                                   const ZipMember& member,
                                                   std::shared_ptr<InflatePool> pool = nullptr);

/// Checks the CRC-32 of all members.
Status CheckZipMembers(const io::ByteSource& file, const ZipDirectory& directory);

}  // namespace dlv::interchange
