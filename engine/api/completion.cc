#include "dlv/completion.h"

#include "storage/store/complete.h"

namespace dlv {

Result<std::vector<std::string>> CompleteReference(const std::filesystem::path& root,
                                                   std::string_view text, std::size_t limit) {
  store::StoreOptions options;
  options.read_only = true;
  options.lock_timeout_ms = 0;
  DLV_ASSIGN(const auto store,
             store::Store::Open(root.empty() ? "." : root.string(), std::move(options)));
  return store::CompleteReference(*store, text, limit);
}

}  // namespace dlv
