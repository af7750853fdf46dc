#include "storage/io/foreign_versions.h"

#include <openssl/crypto.h>
#include <xxhash.h>

namespace dlv::io {

std::vector<std::pair<std::string, std::string>> ForeignVersions() {
  const unsigned number = XXH_versionNumber();
  return {{"openssl", OpenSSL_version(OPENSSL_FULL_VERSION_STRING)},
          {"xxhash", std::to_string(number / 10000) + "." + std::to_string(number / 100 % 100) +
                         "." + std::to_string(number % 100)}};
}

}  // namespace dlv::io
