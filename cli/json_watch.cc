#include "cli/json_watch.h"

#include "cli/json_values.h"

namespace dlv::cli {
namespace {

Json EventJson(const WatchEvent& event) {
  switch (event.kind) {
    case WatchEvent::Kind::kCommit:
      return {{"event", "commit"},
              {"checkpoint", event.checkpoint},
              {"step", OrNull(event.step)},
              {"version", ValueOf(event.commit->version)},
              {"unchanged", event.commit->unchanged},
              {"raw_bytes", event.commit->raw_bytes},
              {"added_bytes", event.commit->added_bytes}};
    case WatchEvent::Kind::kRemove:
      return {{"event", "remove"}, {"removed", event.removed}};
    case WatchEvent::Kind::kRefuse:
      break;
  }
  return {{"event", "refuse"}, {"checkpoint", event.checkpoint}, {"reason", event.reason}};
}

}  // namespace

std::string WatchEventLine(const WatchEvent& event) {
  return EventJson(event).dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string WatchDocument(const std::vector<WatchEvent>& events) {
  Json list = Json::array();
  for (const WatchEvent& event : events) list.push_back(EventJson(event));
  Json document = Json::object();
  document["events"] = std::move(list);
  return document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace dlv::cli
