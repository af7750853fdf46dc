#include "storage/codec/foreign_versions.h"

#include <lz4.h>
#include <zstd.h>

namespace dlv::codec {

std::vector<std::pair<std::string, std::string>> ForeignVersions() {
  return {{"lz4", LZ4_versionString()}, {"zstd", ZSTD_versionString()}};
}

}  // namespace dlv::codec
