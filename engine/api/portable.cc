#include "dlv/portable.h"

#include <array>

namespace dlv {
namespace {

constexpr std::array<std::string_view, 5> kSourceNames = {"detect", "export", "hf-cache", "mlflow",
                                                          "dvc"};

}  // namespace

std::string_view NameOf(ImportKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  return index < kSourceNames.size() ? kSourceNames[index] : std::string_view("other");
}

}  // namespace dlv
