#include "cli/query/query_text.h"

#include <charconv>
#include <cmath>
#include <ctime>

#include "cli/human.h"
#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kItemsShown = 16;  // of a list

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string NumberForPeople(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return HumanNumber(value, 6);
}

std::string NodeText(const QueryNode& node) {
  return (node.version.empty() ? "" : node.version + "/") + node.name;
}

/// `write` is one of the two functions below.
std::string ListText(const QueryList& list, std::size_t most,
                     std::string (*write)(const QueryValue&)) {
  std::string text = "[";
  for (std::size_t i = 0; i < list.size() && i < most; ++i) {
    if (i > 0) text += ", ";
    text += IsNull(list[i]) ? "NULL" : write(list[i]);
  }
  if (list.size() > most) text += ", +" + std::to_string(list.size() - most);
  return text + "]";
}

}  // namespace

bool IsNull(const QueryValue& value) { return std::holds_alternative<std::monostate>(value.value); }

bool IsNumberType(const std::string& type) { return type == "integer" || type == "real"; }

std::string TimeText(const QueryTime& time) {
  const auto seconds = static_cast<std::time_t>(time.seconds);
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return std::to_string(time.seconds);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

std::string ExactNumber(double value) {
  if (std::isnan(value)) return "nan";
  char text[64];
  const auto [end, status] = std::to_chars(text, text + sizeof text, value);
  return status == std::errc() ? std::string(text, end) : "nan";
}

std::string ValueForPeople(const QueryValue& value) {
  return std::visit(
      Overloaded{[](std::monostate) -> std::string { return "NULL"; },
                 [](bool flag) -> std::string { return flag ? "true" : "false"; },
                 [](std::int64_t number) { return std::to_string(number); },
                 [](double number) { return NumberForPeople(number); },
                 [](const std::string& text) { return Sanitize(text); },
                 [](const QueryTime& time) { return TimeText(time); },
                 [](const QueryVersion& version) { return Sanitize(version.reference); },
                 [](const QueryNode& node) { return Sanitize(NodeText(node)); },
                 [](const QueryList& list) { return ListText(list, kItemsShown, ValueForPeople); }},
      value.value);
}

std::string ValueForPrograms(const QueryValue& value) {
  return std::visit(Overloaded{[](std::monostate) -> std::string { return ""; },
                               [](bool flag) -> std::string { return flag ? "true" : "false"; },
                               [](std::int64_t number) { return std::to_string(number); },
                               [](double number) { return ExactNumber(number); },
                               [](const std::string& text) { return text; },
                               [](const QueryTime& time) { return TimeText(time); },
                               [](const QueryVersion& version) { return version.reference; },
                               [](const QueryNode& node) { return NodeText(node); },
                               [](const QueryList& list) {
                                 return ListText(list, list.size(), ValueForPrograms);
                               }},
                    value.value);
}

}  // namespace dlv::cli
