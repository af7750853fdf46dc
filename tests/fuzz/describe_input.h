#pragma once
/// \file
/// What every file-reading target does with its input: describe it, read its tensors, make the file
/// again.

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/io/byte_source.h"
#include "tests/unit/storage/interchange/build_files.h"

namespace dlv::interchange {

/// Stops the program where a description was made that does not give the file back.
inline void DescribeInput(std::span<const std::byte> bytes, std::string_view name = "input",
                          const std::string& format = {}) {
  const auto file = io::MakeViewSource(bytes);
  DescribeOptions options;
  options.format = format;
  const Result<FileDescription> description = DescribeFile(*file, name, options);
  if (!description.ok() || !description->recipe) return;
  for (const DescribedTensor& tensor : description->tensors) {
    std::vector<std::byte> head(
        static_cast<std::size_t>(std::min<std::uint64_t>(tensor.source->size(), 1u << 16)));
    const Status read = tensor.source->ReadAt(0, head);
    DLV_CHECK(read.ok(), "a described tensor can be read");
  }
  VectorSink sink;
  const Status replayed = ReplayFromSources(*description, sink);
  DLV_CHECK(replayed.ok(), "a described file can be replayed");
  DLV_CHECK(std::equal(sink.bytes().begin(), sink.bytes().end(), bytes.begin(), bytes.end()),
            "the replay is the file");
  const auto encoded = EncodeRecipe(*description->recipe);
  const auto decoded = DecodeRecipe(encoded);
  DLV_CHECK(decoded.ok() && *decoded == *description->recipe,
            "a recipe comes back from its encoding");
}

inline std::span<const std::byte> InputBytes(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

}  // namespace dlv::interchange
