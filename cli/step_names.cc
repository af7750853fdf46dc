#include "cli/step_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace dlv::cli {
namespace {

constexpr std::size_t kLongestNumber =
    18;  // more digits (a hash, say) do not fit 64 bits and are no step

struct StepNumber {
  std::size_t begin = 0, end = 0;
  std::int64_t value = 0;
  bool fraction = false;  // beside a decimal point
  bool after_time_word = false;
  bool after_step_word = false;  // one that leaves no doubt
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Words for training time; the first kStepWords of them mean nothing else.
constexpr std::array<std::string_view, 20> kTimeWords = {
    "step", "steps", "iter", "iters", "iteration",  "it",   "epoch", "epochs",   "ep",     "e",
    "ckpt", "chk",   "cp",   "round", "checkpoint", "snap", "s",     "snapshot", "update", "v"};
constexpr std::size_t kStepWords = 5;

// Returns the place in kTimeWords of the letters in front of position `at` (separators skipped).
std::size_t TimeWordBefore(std::string_view name, std::size_t at) {
  while (at > 0 && std::string_view("_-=.: ").find(name[at - 1]) != std::string_view::npos) --at;
  std::size_t begin = at;
  while (begin > 0 && IsLetter(name[begin - 1])) --begin;
  std::string word(name.substr(begin, at - begin));
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return static_cast<std::size_t>(std::find(kTimeWords.begin(), kTimeWords.end(), word) -
                                  kTimeWords.begin());
}

// Returns the end of a number that goes on as in "1e3", and its power of ten; nothing in "3e7a".
std::optional<std::pair<std::size_t, unsigned>> ExponentAt(std::string_view name, std::size_t at) {
  if (at >= name.size() || (name[at] != 'e' && name[at] != 'E')) return std::nullopt;
  std::size_t end = at + 1;
  unsigned power = 0;
  for (; end < name.size() && IsDigit(name[end]); ++end) {
    power = std::min(power * 10 + static_cast<unsigned>(name[end] - '0'),
                     static_cast<unsigned>(kLongestNumber));
  }
  if (end == at + 1) return std::nullopt;
  if (end < name.size() && IsLetter(name[end])) return std::nullopt;
  return std::pair(end, power);
}

// Sets the value of the digits in [begin, end), `power` zeros behind them.
void SetValue(std::string_view name, std::size_t end, unsigned power, StepNumber& number) {
  if (end - number.begin + power > kLongestNumber) {
    number.value = -1;
    return;
  }
  for (std::size_t i = number.begin; i < end; ++i) {
    number.value = number.value * 10 + (name[i] - '0');
  }
  for (; power > 0; --power) number.value *= 10;
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
    const std::size_t digits_end = at;
    const bool after_point =
        number.begin >= 2 && name[number.begin - 1] == '.' && IsDigit(name[number.begin - 2]);
    const bool before_point = at + 1 < name.size() && name[at] == '.' && IsDigit(name[at + 1]);
    number.fraction = after_point || before_point;
    const std::size_t word = TimeWordBefore(name, number.begin);
    number.after_time_word = !number.fraction && word < kTimeWords.size();
    number.after_step_word = !number.fraction && word < kStepWords;
    unsigned power = 0;
    const auto exponent = number.fraction ? std::nullopt : ExponentAt(name, at);
    if (exponent) std::tie(at, power) = *exponent;
    number.end = at;
    SetValue(name, digits_end, power, number);
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

// Returns one of the names that are alike, of which there are most: what differs from it is odd.
const std::string& MostCommon(std::span<const std::string> names) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& name : names) ++counts[NamePattern(name)];
  const auto rank = [&](const std::string& name) {
    const std::string pattern = NamePattern(name);
    return std::pair(counts.at(pattern), pattern.find('#') != std::string::npos);
  };
  const std::string* best = &names.front();
  for (const std::string& name : names) {
    if (rank(name) > rank(*best)) best = &name;
  }
  return *best;
}

// Returns the step that all names say in so many words, where what varies is something else.
std::optional<std::int64_t> SharedStep(const std::vector<StepNumber>& numbers,
                                       const std::vector<bool>& varies) {
  std::optional<std::int64_t> shared;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (varies[i] && numbers[i].after_time_word) return std::nullopt;
    if (!varies[i] && numbers[i].after_step_word) shared = numbers[i].value;
  }
  return shared;
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
  const std::string& like = MostCommon(names);
  const std::string pattern = NamePattern(like);
  std::vector<std::vector<StepNumber>> all;
  for (const std::string& name : names) {
    if (NamePattern(name) != pattern) {
      return Error{
          ErrorCode::kInvalidArgument,
          "no step can be read from \"" + name + "\": it is not named like \"" + like + "\"",
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
  }
  if (const auto shared = SharedStep(all.front(), allowed); shared && names.size() > 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "\"" + names.front() + "\" and \"" + names.back() + "\" are both of step " +
                     std::to_string(*shared),
                 "commit each run on its own, or name the files like step_0100.pt, step_0200.pt"};
  }
  for (std::size_t i = 0; i < count; ++i) {
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
