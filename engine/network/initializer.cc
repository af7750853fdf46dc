#include "engine/network/initializer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace dlv::network {
namespace {

struct InitializerKind {
  std::string_view name;
  std::size_t arguments;
  bool random;
  std::string_view form;
};

constexpr InitializerKind kInitializers[] = {
    {"zeros", 0, false, "zeros"},
    {"ones", 0, false, "ones"},
    {"constant", 1, false, "constant(VALUE)"},
    {"normal", 2, true, "normal(MEAN, DEVIATION, seed=N)"},
    {"uniform", 2, true, "uniform(LOW, HIGH, seed=N)"},
    {"xavier", 0, true, "xavier(seed=N)"},
    {"kaiming", 0, true, "kaiming(seed=N)"},
};

const InitializerKind* FindKind(std::string_view name) {
  const auto* at = std::find_if(std::begin(kInitializers), std::end(kInitializers),
                                [&](const InitializerKind& kind) { return kind.name == name; });
  return at == std::end(kInitializers) ? nullptr : at;
}

std::string AllForms() {
  std::string text;
  for (const InitializerKind& kind : kInitializers) {
    text += (text.empty() ? "" : ", ") + std::string(kind.form);
  }
  return text;
}

std::string_view WithoutSpaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

template <class T>
std::optional<T> NumberFrom(std::string_view text) {
  T value{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

Error BadInitializer(std::string_view text, const std::string& why) {
  return Error{ErrorCode::kSyntax,
               "initializer \"" + std::string(text.substr(0, 60)) + "\": " + why};
}

/// One argument, by place or `seed=N`.
Status Argument(std::string_view whole, std::string_view text, Initializer& initializer) {
  const std::size_t equals = text.find('=');
  if (equals != std::string_view::npos) {
    const auto seed = NumberFrom<std::uint64_t>(WithoutSpaces(text.substr(equals + 1)));
    if (WithoutSpaces(text.substr(0, equals)) != "seed" || !seed) {
      return BadInitializer(whole, "got \"" + std::string(text) + "\", want seed=N");
    }
    initializer.seed = *seed;
    return Ok();
  }
  const auto number = NumberFrom<double>(text);
  if (!number || !std::isfinite(*number)) {
    return BadInitializer(whole, "got \"" + std::string(text) + "\", want a number");
  }
  initializer.arguments.push_back(*number);
  return Ok();
}

Status CheckArguments(std::string_view text, const InitializerKind& kind,
                      const Initializer& initializer) {
  const auto& arguments = initializer.arguments;
  const auto refuse = [&](const std::string& why) {
    return Error{ErrorCode::kInvalidArgument, "initializer \"" + std::string(text) + "\": " + why};
  };
  if (arguments.size() != kind.arguments || (!kind.random && initializer.seed != 0)) {
    return refuse("want " + std::string(kind.form));
  }
  if (kind.name == "normal" && arguments[1] < 0) return refuse("the deviation is negative");
  if (kind.name == "uniform" && !(arguments[0] < arguments[1])) {
    return refuse("the low end is not below the high end");
  }
  return Ok();
}

std::string NumberText(double value) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, result.ptr);
}

}  // namespace

Result<Initializer> ParseInitializer(std::string_view text) {
  const std::string_view whole = WithoutSpaces(text);
  const std::size_t open = whole.find('(');
  Initializer initializer;
  initializer.name = WithoutSpaces(whole.substr(0, open));
  const InitializerKind* kind = FindKind(initializer.name);
  if (kind == nullptr) {
    return Error{ErrorCode::kNotFound, "no initializer \"" + initializer.name.substr(0, 60) +
                                           "\"; there are " + AllForms()};
  }
  if (open != std::string_view::npos) {
    if (whole.back() != ')') return BadInitializer(whole, "want \")\" at the end");
    std::string_view rest = whole.substr(open + 1, whole.size() - open - 2);
    while (!WithoutSpaces(rest).empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      DLV_TRY(Argument(whole, WithoutSpaces(rest.substr(0, comma)), initializer));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  DLV_TRY(CheckArguments(whole, *kind, initializer));
  return initializer;
}

std::string TextOf(const Initializer& initializer) {
  std::string inner;
  for (const double argument : initializer.arguments) {
    inner += (inner.empty() ? "" : ", ") + NumberText(argument);
  }
  const InitializerKind* kind = FindKind(initializer.name);
  if (kind != nullptr && kind->random) {
    inner += (inner.empty() ? "" : ", ") + ("seed=" + std::to_string(initializer.seed));
  }
  return inner.empty() ? initializer.name : initializer.name + "(" + inner + ")";
}

std::uint64_t SeedOf(std::string_view parameter) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : parameter) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return (hash ^ hash >> 32) & 0x7fffffff;
}

}  // namespace dlv::network
