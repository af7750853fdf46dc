#include "storage/catalog/foreign_versions.h"

#include <sqlite3.h>

namespace dlv::catalog {

std::vector<std::pair<std::string, std::string>> ForeignVersions() {
  return {{"sqlite", sqlite3_libversion()}};
}

}  // namespace dlv::catalog
