#pragma once
/// \file
/// What PyTorch's zip checkpoints and TorchScript archives share: STEM/NAME members, storages in
/// members of their own.

#include <optional>
#include <string>
#include <vector>

#include "storage/interchange/format_table.h"
#include "storage/interchange/torch_values.h"
#include "storage/interchange/zip_recipe.h"

namespace dlv::interchange {

inline constexpr std::string_view kTorchPickle = "data.pkl";
inline constexpr std::string_view kTorchConstants = "constants.pkl";

/// Returns "STEM/" of the one member STEM/NAME; any stem is taken, also none.
std::optional<std::string> TorchStemOf(const ZipDirectory& directory, std::string_view name);

/// Returns the member of this name, or null.
const ZipMember* FindZipMember(const ZipDirectory& directory, const std::string& name);

/// Returns the contents of a pickle.  Errors: kUnsafe above kMaxPickleBytes, kCorruption.
Result<std::vector<std::byte>> ReadTorchPickle(const io::ByteSource& file,
                                               const ZipDirectory& directory,
                                               const std::string& name);

/// Describes the archive whose tensors are known; `storage_members` names the member of each
/// storage. The members have been checked against their CRC-32.
/// Errors: kCorruption: a storage that is missing or has another size.
Result<FileDescription> DescribeTorchArchive(const Probe& probe, const DescribeOptions& options,
                                             const std::string& stem,
                                             const TorchCheckpoint& checkpoint,
                                             const std::vector<std::string>& storage_members,
                                             const MakeAgain& make_again = {});

}  // namespace dlv::interchange
