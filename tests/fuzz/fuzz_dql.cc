// links: dlv_query
// Statements: cutting, parsing, printing, binding, and showing errors. What parses prints to
// something that parses to the same tree.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/query/bind.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "engine/query/split.h"

namespace {

using namespace dlv;
using namespace dlv::query;

class Names final : public NameSource {
 public:
  bool Has(NameKind kind, std::string_view name) const override {
    const auto& names = All(kind);
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  const std::vector<std::string>& All(NameKind kind) const override {
    return lists_[static_cast<std::size_t>(kind)];
  }
  std::optional<std::string> StoredQuery(std::string_view name) const override {
    if (name == "q") return "select m where m.number = 1";
    if (name == "r") return "select m from \"r\"";
    return std::nullopt;
  }

 private:
  std::vector<std::string> lists_[kNameKinds] = {{"lenet", "resnet"}, {"best"}, {"loss", "acc"},
                                                 {"loss", "acc"},     {"loss"}, {"q", "r"}};
};

void Check(std::string_view text) {
  const ParseLimits limits{.max_depth = 50, .max_statement_bytes = 4096};
  Place place;
  const auto tree = Parse(text, limits, &place);
  if (!tree.ok()) {
    DLV_CHECK(!Diagnose(text, tree.error(), place).rendered.empty(), "an error has a text");
    return;
  }
  const std::string printed = Print(*tree);
  const ParseLimits wider{.max_depth = 200, .max_statement_bytes = 1 << 20};  // for added brackets
  const auto again = Parse(printed, wider, &place);
  DLV_CHECK(again.ok(), "what was printed parses");
  DLV_CHECK(*again == *tree, "printing keeps the meaning");
  const Names names;
  const auto bound =
      Bind(*tree, text, {.names = &names, .previous = nullptr, .limits = limits}, &place);
  if (!bound.ok()) {
    DLV_CHECK(!Diagnose(text, bound.error(), place).rendered.empty(), "an error has a text");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 2048) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(SplitStatements(text));
  Check(text);
  return 0;
}
