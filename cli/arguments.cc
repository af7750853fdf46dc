#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/suggest.h"

namespace dlv::cli {

namespace {

// "--output" of "-o,--output".
std::string LongName(const std::string& names) {
  const std::size_t dashes = names.find("--");
  return dashes == std::string::npos ? names
                                     : names.substr(dashes, names.find(',', dashes) - dashes);
}

}  // namespace

class Arguments::Parser {
 public:
  Parser() {
    app.set_help_flag();
    app.allow_extras();
  }
  CLI::App app;
  std::vector<std::pair<std::string, CLI::Option*>> required;
};

Arguments::Arguments() : parser_(std::make_unique<Parser>()) {}
Arguments::~Arguments() = default;

void Arguments::AddEntry(const std::string& names, const std::string& value_name,
                         const std::string& help) {
  entries_.push_back({names, value_name, help, global_});
}

void Arguments::Flag(const std::string& names, bool* target, const std::string& help) {
  AddEntry(names, "", help);
  parser_->app.add_flag(names, *target);
}

void Arguments::Value(const std::string& names, std::optional<std::string>* target,
                      const std::string& value_name, const std::string& help) {
  AddEntry(names, value_name, help);
  parser_->app
      .add_option_function<std::string>(names,
                                        [target](const std::string& value) { *target = value; })
      ->option_text(value_name)
      ->take_last();
}

void Arguments::Values(const std::string& names, std::vector<std::string>* target,
                       const std::string& value_name, const std::string& help) {
  AddEntry(names, value_name, help);
  parser_->app.add_option(names, *target)->option_text(value_name)->allow_extra_args(false);
}

void Arguments::Number(const std::string& names, std::optional<std::uint64_t>* target,
                       const std::string& value_name, const std::string& help) {
  AddEntry(names, value_name, help);
  const auto parse = [target, names](const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc() || end != text.data() + text.size()) {
      throw CLI::ConversionError(LongName(names) + ": got \"" + text +
                                 "\", want a whole number");  // for Parse, below
    }
    *target = value;
  };
  parser_->app.add_option_function<std::string>(names, parse)->option_text(value_name)->take_last();
}

void Arguments::Operand(const std::string& name, std::optional<std::string>* target,
                        bool required) {
  operands_.push_back({name, false});
  CLI::Option* option = parser_->app.add_option_function<std::string>(
      name, [target](const std::string& value) { *target = value; });
  if (required) parser_->required.emplace_back(name, option);
}

void Arguments::Operands(const std::string& name, std::vector<std::string>* target, bool required) {
  operands_.push_back({name, true});
  CLI::Option* option = parser_->app.add_option(name, *target);
  if (required) parser_->required.emplace_back(name, option);
}

Status Arguments::Parse(std::vector<std::string> args) {
  std::reverse(args.begin(), args.end());  // CLI11 takes them last first
  try {
    parser_->app.parse(std::move(args));
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string message = error.what();  // "--output: 1 required TEXT missing"
    return Error{ErrorCode::kInvalidArgument,
                 message.substr(0, message.find(':')) + ": a value is missing"};
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    while (!message.empty() && (message.back() == '.' || message.back() == ' ')) message.pop_back();
    return Error{ErrorCode::kInvalidArgument, message};
  }
  return RefuseExtras();
}

Status Arguments::RefuseExtras() const {
  std::vector<std::string> extras = parser_->app.remaining();
  std::erase(extras, "--");  // CLI11 keeps the mark itself
  if (extras.empty()) return Ok();
  const std::string word = extras.front().substr(0, extras.front().find('='));
  if (!word.starts_with("-") || word == "-") {
    return Error{ErrorCode::kInvalidArgument, "one argument too many: " + extras.front()};
  }
  std::vector<std::string> known;
  for (const Entry& entry : entries_) known.push_back(LongName(entry.names));
  return Error{ErrorCode::kInvalidArgument, "unknown option " + word,
               DidYouMean(Nearest(word, known))};
}

Status Arguments::CheckRequired() const {
  for (const auto& [name, option] : parser_->required) {
    if (option->count() == 0) return Error{ErrorCode::kInvalidArgument, name + " is missing"};
  }
  return Ok();
}

}  // namespace dlv::cli
