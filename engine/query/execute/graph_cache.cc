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
  std::unique_ptr<GraphView> view = TakeOldest();
  if (view == nullptr) view = std::make_unique<GraphView>();
  DLV_TRY(view->Read(encoding));
  entries_[id] = {std::move(view), false};
  passing_.push_back(id);
  return Ok();
}

/// The view that may go, if there are enough of them; its memory serves the next one.
std::unique_ptr<GraphView> GraphCache::TakeOldest() {
  if (passing_.size() < kMostPassing) return nullptr;
  const auto oldest = entries_.find(passing_.front());
  passing_.pop_front();
  if (oldest == entries_.end() || oldest->second.kept) return nullptr;
  std::unique_ptr<GraphView> view = std::move(oldest->second.view);
  entries_.erase(oldest);
  return view;
}

}  // namespace dlv::query
