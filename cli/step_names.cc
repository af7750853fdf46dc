#include "cli/step_names.h"

#include <algorithm>
#include <array>
#include <optional>

namespace dlv::cli {
namespace {

constexpr std::size_t kLongestNumber =
    18;  // more digits (a hash, say) do not fit 64 bits and are no step

struct StepNumber {
  std::size_t begin = 0, end = 0;
  std::int64_t value = 0;
  bool fraction = false;  // beside a decimal point
  bool after_time_word = false;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Whether the letters in front of position `at` (separators skipped) are a word for training time.
bool FollowsTimeWord(std::string_view name, std::size_t at) {
  static constexpr std::array<std::string_view, 20> kWords = {
      "step", "steps", "iter", "iters", "iteration",  "it",   "epoch", "epochs",   "ep",     "e",
      "ckpt", "chk",   "cp",   "round", "checkpoint", "snap", "s",     "snapshot", "update", "v"};
  while (at > 0 && std::string_view("_-=.: ").find(name[at - 1]) != std::string_view::npos) --at;
  std::size_t begin = at;
  while (begin > 0 && IsLetter(name[begin - 1])) --begin;
  std::string word(name.substr(begin, at - begin));
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

std::vector<StepNumber> NumbersIn(std::string_view name) {
  std::vector<StepNumber> numbers;
  for (std::size_t at = 0; at < name.size();) {
    if (!IsDigit(name[at])) {
      ++at;
      continue;
    }
    StepNumber number;
    number.begin = at;
    while (at < name.size() && IsDigit(name[at])) ++at;
    number.end = at;
    const bool after_point =
        number.begin >= 2 && name[number.begin - 1] == '.' && IsDigit(name[number.begin - 2]);
    const bool before_point = at + 1 < name.size() && name[at] == '.' && IsDigit(name[at + 1]);
    number.fraction = after_point || before_point;
    number.after_time_word = !number.fraction && FollowsTimeWord(name, number.begin);
    if (number.end - number.begin > kLongestNumber) {
      number.value = -1;
    } else {
      for (std::size_t i = number.begin; i < number.end; ++i)
        number.value = number.value * 10 + (name[i] - '0');
    }
    numbers.push_back(number);
  }
  return numbers;
}

// Returns which number of the names is the step, among those that `allowed`.
std::optional<std::size_t> ChooseNumber(const std::vector<StepNumber>& numbers,
                                        const std::vector<bool>& allowed) {
  const auto last = [&](auto&& fits) -> std::optional<std::size_t> {
    for (std::size_t i = numbers.size(); i-- > 0;) {
      if (allowed[i] && fits(numbers[i])) return i;
    }
    return std::nullopt;
  };
  if (const auto named = last([](const StepNumber& n) { return n.after_time_word; })) return named;
  if (const auto whole = last([](const StepNumber& n) { return !n.fraction; })) return whole;
  return last([](const StepNumber&) { return true; });
}

}  // namespace

std::string NamePattern(std::string_view name) {
  std::string pattern;
  std::size_t at = 0;
  for (const StepNumber& number : NumbersIn(name)) {
    pattern.append(name.substr(at, number.begin - at)).append("#");
    at = number.end;
  }
  return pattern.append(name.substr(at));
}

Result<std::vector<std::int64_t>> StepsFromNames(std::span<const std::string> names) {
  if (names.empty()) return std::vector<std::int64_t>{};
  const std::string pattern = NamePattern(names.front());
  std::vector<std::vector<StepNumber>> all;
  for (const std::string& name : names) {
    if (NamePattern(name) != pattern) {
      return Error{ErrorCode::kInvalidArgument,
                   "no step can be read from \"" + name + "\": it is not named like \"" +
                       names.front() + "\"",
                   "give the odd file beside the series: --snapshots GLOB FILE"};
    }
    all.push_back(NumbersIn(name));
  }
  const std::size_t count = all.front().size();
  std::vector<bool> allowed(count, names.size() == 1);
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& numbers : all) {
      if (numbers[i].value != all.front()[i].value) allowed[i] = true;
    }
    for (const auto& numbers : all) {
      if (numbers[i].value < 0) allowed[i] = false;
    }
  }
  const std::optional<std::size_t> chosen = ChooseNumber(all.front(), allowed);
  if (!chosen) {
    return Error{ErrorCode::kInvalidArgument,
                 "no step can be read from \"" + names.front() + "\": no number in it varies",
                 "name the files like step_0100.pt, step_0200.pt"};
  }
  std::vector<std::int64_t> steps;
  for (const auto& numbers : all) steps.push_back(numbers[*chosen].value);
  return steps;
}

}  // namespace dlv::cli
