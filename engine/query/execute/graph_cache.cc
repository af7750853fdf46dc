#include "engine/query/execute/graph_cache.h"

#include <utility>

namespace dlv::query {

GraphView* GraphCache::Find(const NetworkId& id, bool keep) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return nullptr;
  found->second.kept |= keep;
  return found->second.view.get();
}

Status GraphCache::Add(const NetworkId& id, std::span<const std::byte> encoding) {
  Entries::node_type entry = TakeOldest();
  const bool is_new = entry.empty();
  std::unique_ptr<GraphView> view =
      is_new ? std::make_unique<GraphView>() : std::move(entry.mapped().view);
  if (view.get() == last_) last_ = nullptr;
  DLV_TRY(view->Read(encoding, last_, records_));
  last_ = view.get();
  if (is_new) {
    entries_[id] = {std::move(view), false};
  } else {
    entry.key() = id;
    entry.mapped() = {std::move(view), false};
    entries_.insert(std::move(entry));
  }
  passing_.push_back(id);
  return Ok();
}

/// The one that may go, if there are enough of them; its memory serves the next one.
GraphCache::Entries::node_type GraphCache::TakeOldest() {
  if (passing_.size() < kMostPassing) return {};
  const auto oldest = entries_.find(passing_.front());
  passing_.pop_front();
  if (oldest == entries_.end() || oldest->second.kept) return {};
  return entries_.extract(oldest);
}

}  // namespace dlv::query
