#include "cli/json_lineage.h"

#include "cli/json_values.h"

namespace dlv::cli {
namespace {

// A listing: the object with the array under `key`, or one line for each item.
std::string RenderList(Json object, const std::string& key, Json items, OutputMode mode) {
  if (mode != OutputMode::kJsonLines) {
    object[key] = std::move(items);
    return Render(object, mode);
  }
  std::string lines;
  for (const Json& item : items) lines += Render(item, mode);
  return lines;
}

Json ValueOf(const LineageVersion& version) {
  return {{"reference", version.reference},
          {"id", version.id.Hex()},
          {"model", version.model},
          {"number", version.present ? Json(version.number) : Json(nullptr)},
          {"created", version.present ? Json(IsoTime(version.created)) : Json(nullptr)},
          {"present", version.present}};
}

Json ValueOf(const LineageItem& item, bool with_value) {
  Json value = ValueOf(item.version);
  Json parents = Json::array();
  for (const LineageEdge& edge : item.parents) {
    parents.push_back({{"reference", edge.parent.reference},
                       {"id", edge.parent.id.Hex()},
                       {"relation", std::string(NameOf(edge.relation))},
                       {"inferred", edge.inferred}});
  }
  value["parents"] = std::move(parents);
  if (with_value) value["value"] = item.value ? NumberOf(*item.value) : Json(nullptr);
  return value;
}

}  // namespace

std::string LineageDocument(const LineageView& view, OutputMode mode) {
  Json object = {{"reference", view.focus.empty() ? Json(nullptr) : Json(view.focus)},
                 {"metric", view.metric.empty() ? Json(nullptr) : Json(view.metric)}};
  Json items = Json::array();
  for (const LineageItem& item : view.items) items.push_back(ValueOf(item, !view.metric.empty()));
  Json line = Json::array();
  for (const LineageMetric& point : view.line)
    line.push_back({{"reference", point.version.reference},
                    {"value", point.value ? NumberOf(*point.value) : Json(nullptr)}});
  object["line"] = std::move(line);
  return RenderList(std::move(object), "versions", std::move(items), mode);
}

std::string LineageVersionsDocument(const std::string& key,
                                    const std::vector<LineageVersion>& versions, OutputMode mode) {
  Json items = Json::array();
  for (const LineageVersion& version : versions) items.push_back(ValueOf(version));
  return RenderList(Json::object(), key, std::move(items), mode);
}

std::string BlameDocument(const std::string& reference, const std::vector<BlameLine>& lines,
                          OutputMode mode) {
  Json items = Json::array();
  for (const BlameLine& line : lines) {
    items.push_back(
        {{"tensor", line.tensor},
         {"elements", line.elements},
         {"version", ValueOf(line.version)},
         {"relation", line.relation ? Json(std::string(NameOf(*line.relation))) : Json(nullptr)},
         {"name_then", line.name_then.empty() ? Json(nullptr) : Json(line.name_then)}});
  }
  return RenderList({{"reference", reference}}, "tensors", std::move(items), mode);
}

std::string SearchDocument(const std::vector<SearchHit>& hits, OutputMode mode) {
  Json items = Json::array();
  for (const SearchHit& hit : hits) {
    items.push_back(
        {{"version", cli::ValueOf(hit.version)}, {"score", hit.score}, {"reasons", hit.reasons}});
  }
  return RenderList(Json::object(), "hits", std::move(items), mode);
}

}  // namespace dlv::cli
