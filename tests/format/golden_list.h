#pragma once
/// \file
/// Tensors of the golden packs, and the list of what a pack holds (expected.json).

#include <string>

#include "storage/archive/section_sink.h"
#include "storage/archive/section_writer.h"
#include "tests/format/golden_values.h"

namespace dlv::testing::golden {

struct Golden {
  std::string name;
  DType dtype;
  Bytes bytes;
  archive::TensorHash hash = {};
};

/// Gathers expected.json.
class GoldenList {
 public:
  void AddTensor(const Golden& tensor);
  void AddBlob(const BlobId& id, const Bytes& bytes);
  void AddVersion(const VersionId& id, const archive::Manifest& manifest, std::size_t tensor_count);
  /// A tensor in a strip.
  void AddMember(const Golden& tensor);
  std::string Json() const;

 private:
  std::string tensors_, blobs_, versions_, members_;
};

/// Fills `hash` of what is added.
Result<archive::TensorHash> Hash(const Golden& tensor);

/// Gives the file at `path` for a pack.
archive::PackFactory OnePack(io::FileSystem& file_system, const std::string& path);

/// A chunk of its own although small: the writer would put it into a cluster, a reader takes both.
Status AddChunked(archive::SectionSink& sink, Golden& tensor, const Golden* base, unsigned depth,
                  GoldenList& list, codec::EncodeOptions options = {},
                  const Golden* second = nullptr);

/// By the writer, which chooses how it is stored.
Status Add(archive::SectionWriter& writer, Golden& tensor, const Golden* base, GoldenList& list,
           const Golden* second = nullptr);

archive::WriterOptions OneThread();

/// Writes folder/expected.json.
Status WriteExpected(io::FileSystem& file_system, const std::string& folder,
                     const GoldenList& list);

}  // namespace dlv::testing::golden
