#include "cli/json_portable.h"

#include "cli/json_values.h"

namespace dlv::cli {
namespace {

const char* StateName(ImportItem::State state) {
  switch (state) {
    case ImportItem::State::kImported:
      return "imported";
    case ImportItem::State::kThere:
      return "there";
    case ImportItem::State::kSkipped:
      return "skipped";
  }
  return "skipped";
}

Json ItemValue(const ImportItem& item) {
  return {{"source", item.source},
          {"reference", item.reference},
          {"state", StateName(item.state)},
          {"note", item.note},
          {"bytes", item.bytes}};
}

}  // namespace

std::string ExportDocument(const std::string& folder, const ExportResult& result, OutputMode mode) {
  return Render({{"folder", folder},
                 {"models", result.models},
                 {"versions", result.versions},
                 {"files", result.files},
                 {"bytes", result.bytes},
                 {"written", result.written},
                 {"warnings", result.warnings}},
                mode);
}

std::string ImportDocument(const ImportResult& result, bool executed, OutputMode mode) {
  if (mode == OutputMode::kJsonLines) {
    std::string lines;
    for (const ImportItem& item : result.items) lines += Render(ItemValue(item), mode);
    return lines;
  }
  Json items = Json::array();
  for (const ImportItem& item : result.items) items.push_back(ItemValue(item));
  Json document = {{"executed", executed},
                   {"kind", std::string(NameOf(result.kind))},
                   {"imported", result.imported},
                   {"there", result.there},
                   {"skipped", result.skipped}};
  document["items"] = std::move(items);
  document["warnings"] = result.warnings;
  return Render(document, mode);
}

}  // namespace dlv::cli
