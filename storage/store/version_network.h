#pragma once
/// \file
/// The network of a version: found among its files, kept in the catalog.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/catalog/catalog.h"
#include "storage/store/network_importer.h"
#include "storage/store/store.h"
#include "storage/store/stored_file.h"
#include "storage/store/version_content.h"

namespace dlv::store {

/// Notes in the manifest of the file that was given as the network of the others (commit --graph).
/// On disk: do not change.
inline constexpr std::string_view kGraphNote = "the network of this version";
inline constexpr std::string_view kGraphGuessNote =
    "the network of this version, joined by guesses too";
inline bool IsGraphNote(std::string_view note) {
  return note == kGraphNote || note == kGraphGuessNote;
}

struct FoundNetwork {
  std::string file;                        ///< that it was read from; or that could not be read
  std::optional<ImportedNetwork> network;  ///< nothing: there is none
  std::string warning;                     ///< why the file could not be read; else empty
};

/// Reads the network of a version from its files: the one given as network, dlv's text form, ONNX,
/// prototxt, and the graph inside a .caffemodel; of several of one kind the first by path that has
/// one. A file that cannot be read is a warning.  Errors: kIo.
Result<FoundNetwork> FindNetwork(Store& store, Readers readers, const archive::Manifest& manifest);

/// Reads the network of a file: dlv's text form (by the suffix .dlvnet), or as
/// interchange::ReadNetworkFile. Nothing where the file describes none.
Result<std::optional<ImportedNetwork>> ImportNetwork(const NetworkImporter& importer,
                                                     const io::ByteSource& file,
                                                     std::string_view path,
                                                     std::string_view format);

/// Says in the catalog which network a version has.
Status InsertNetwork(catalog::Transaction& transaction, catalog::Row version,
                     const FoundNetwork& found);

/// Reads the networks of versions that nobody has looked at yet, of at most `limit` (0: all).
Result<std::vector<std::pair<catalog::Row, FoundNetwork>>> ReadMissingNetworks(
    Store& store, std::size_t limit = 0);
/// The same, and keeps them. Does nothing where there are none.  Errors: those of Store::Write.
Status FillNetworks(Store& store, std::size_t limit = 0);

/// The network of a version as the catalog has it, or read from the files.
struct StoredNetwork {
  std::string file;
  NetworkId id;
  std::vector<std::byte> form;
};
/// Errors: kNotFound (it has none; or none that can be read: why), kCorruption, kIo.
Result<StoredNetwork> ReadStoredNetwork(Store& store, const catalog::VersionRow& version,
                                        const archive::Manifest& manifest);

/// The tensors that a file of the version brings when it is read as what it is, with their ids: of
/// a graph file, whose weights are no tensors of the version.
struct OwnTensor {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;
  TensorId id;
  std::vector<std::byte> vector;  ///< the numbers of one with one axis, up to kMaxOwnVectorBytes
};
inline constexpr std::uint64_t kMaxOwnVectorBytes = 1u << 20;
/// Only those that `wanted` says yes to are read.
/// Errors: kCorruption, kUnsafe, kUnsupported, kIo; kNotFound where there is no such file.
using WantsTensor = std::function<bool(const std::string& name, std::uint64_t element_count)>;
Result<std::vector<OwnTensor>> ReadOwnTensors(Store& store, const archive::Manifest& manifest,
                                              std::string_view path, const WantsTensor& wanted);

}  // namespace dlv::store
