#include "storage/interchange/foreign_versions.h"

#include <zlib.h>

namespace dlv::interchange {

std::vector<std::pair<std::string, std::string>> ForeignVersions() {
  return {{"zlib", zlibVersion()}};
}

}  // namespace dlv::interchange
