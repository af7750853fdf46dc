#include "cli/completer.h"

#include <algorithm>
#include <optional>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/settings.h"

namespace dlv::cli {
namespace {

using Words = std::vector<std::string>;

void Offer(Completion& completion, std::string_view typed, const std::string& word,
           const std::string& meaning = "") {
  if (word.starts_with(typed)) completion.words.push_back({word, meaning});
}

// "-o" and "--output" of "-o,--output".
Words NamesOf(const Arguments::Entry& entry) {
  const std::size_t comma = entry.names.find(',');
  if (comma == std::string::npos) return {entry.names};
  return {entry.names.substr(0, comma), entry.names.substr(comma + 1)};
}

const CommandEntry* CommandNamed(std::string_view name) {
  for (const CommandEntry* entry : AllCommands()) {
    if (name == entry->name) return entry;
  }
  return nullptr;
}

// The options and operands of one command, or those that every command has.
struct Declared {
  explicit Declared(const CommandEntry* entry) : command(entry ? entry->make() : nullptr) {
    if (command) command->Declare(arguments);
    options.Declare(arguments);
  }
  const Arguments::Entry* Find(std::string_view name) const {
    for (const Arguments::Entry& entry : arguments.entries()) {
      for (const std::string& known : NamesOf(entry)) {
        if (name == known) return &entry;
      }
    }
    return nullptr;
  }
  std::unique_ptr<Command> command;
  GlobalOptions options;
  Arguments arguments;
};

class Line {
 public:
  Line(const Words& words, const CompletionSource& source)
      : words_(words), source_(source), typed_(words.empty() ? "" : words.back()) {}

  Completion Run() {
    const CommandEntry* command = ReadWords();
    const Declared declared(command);
    if (waiting_ != nullptr) return OfValue(ValueName(waiting_name_, declared), typed_);
    const std::size_t equals = typed_.find('=');
    if (typed_.starts_with("--") && equals != std::string::npos)
      return OfAssignment(declared, equals);
    if (typed_.starts_with("-") && !plain_) return OfOptions(declared);
    if (command == nullptr) return help_ ? OfTopics() : OfCommands();
    return OfOperand(*command, declared);
  }

 private:
  struct Value {
    std::string name, help, option;
  };

  // Walks over the words before the cursor: finds the command, counts operands, and sees whether an
  // option waits for its value.
  const CommandEntry* ReadWords() {
    const CommandEntry* command = nullptr;
    auto declared = std::make_unique<Declared>(nullptr);
    for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
      const std::string& word = words_[i];
      if (word.empty()) continue;  // zsh has one where there is no word
      if (waiting_ != nullptr) {
        waiting_ = nullptr;
      } else if (!plain_ && word == "--") {
        plain_ = true;
      } else if (!plain_ && word.size() > 1 && word[0] == '-') {
        const Arguments::Entry* entry = declared->Find(word);
        if (entry != nullptr && !entry->value_name.empty()) {
          waiting_ = entry;
          waiting_name_ = word;
        }
      } else if (command == nullptr && !help_) {
        command = CommandNamed(word);
        help_ = command == nullptr;
        unknown_ = help_ && word != "help";
        declared = std::make_unique<Declared>(command);
      } else {
        operands_.push_back(word);
      }
    }
    return command;
  }

  static Value ValueName(const std::string& option, const Declared& declared) {
    const Arguments::Entry* entry = declared.Find(option);
    if (entry == nullptr) return {};
    return {entry->value_name, entry->help, NamesOf(*entry).back()};
  }

  Completion OfCommands() const {
    Completion completion;
    for (const CommandEntry* entry : AllCommands())
      Offer(completion, typed_, entry->name, entry->summary);
    Offer(completion, typed_, "help", "help of a command or a topic");
    return completion;
  }

  Completion OfTopics() const {
    if (unknown_ || !operands_.empty()) return {};
    Completion completion;
    for (const char* topic : AllTopics()) Offer(completion, typed_, topic, "topic");
    for (const CommandEntry* entry : AllCommands())
      Offer(completion, typed_, entry->name, entry->summary);
    return completion;
  }

  Completion OfOptions(const Declared& declared) const {
    Completion completion;
    for (const Arguments::Entry& entry : declared.arguments.entries()) {
      const Words names = NamesOf(entry);
      // The long name; a short one only where it was begun with a single dash.
      if (typed_.starts_with("--") || typed_ == "-") {
        Offer(completion, typed_, names.back(), entry.help);
      } else {
        Offer(completion, typed_, names.front(), entry.help);
      }
    }
    if (words_.size() == 1) Offer(completion, typed_, "--version", "the version of dlv");
    return completion;
  }

  Completion OfAssignment(const Declared& declared, std::size_t equals) const {
    const std::string option = typed_.substr(0, equals);
    Completion completion = OfValue(ValueName(option, declared), typed_.substr(equals + 1));
    for (Candidate& candidate : completion.words) candidate.word.insert(0, option + "=");
    return completion;
  }

  Completion OfOperand(const CommandEntry& command, const Declared& declared) const {
    const auto& known = declared.arguments.operands();
    if (known.empty()) return {};
    const std::size_t at = std::min(operands_.size(), known.size() - 1);
    if (at < operands_.size() && !known[at].many) return {};
    if (known[at].name == "KIND" && operands_.empty()) return OfKind(command.usage);
    if (known[at].name == "KIND") return OfValue({"REF", "", ""}, typed_);
    return OfValue({known[at].name, "", ""}, typed_);
  }

  // The words in front of a usage such as "curves|lineage|sizes [REF...]".
  Completion OfKind(std::string_view usage) const {
    Completion completion;
    usage = usage.substr(0, usage.find(' '));
    while (!usage.empty()) {
      const std::size_t end = std::min(usage.find('|'), usage.size());
      Offer(completion, typed_, std::string(usage.substr(0, end)));
      usage.remove_prefix(std::min(end + 1, usage.size()));
    }
    return completion;
  }

  Completion OfValue(const Value& value, const std::string& text) const {
    const auto is = [&](std::string_view name) { return value.name == name; };
    Completion completion;
    if (is("FILE") || is("PATH") || (is("GLOB") && value.option == "--snapshots")) {
      completion.kind = Completion::Kind::kFiles;
    } else if (is("DIR")) {
      completion.kind = Completion::Kind::kFolders;
    } else if (is("REF") || is("SRC")) {
      for (const std::string& name : source_.references(words_, text))
        Offer(completion, text, name);
    } else if (is("NAME") || is("OLD") || (is("GLOB") && value.option.empty())) {
      OfModels(completion, value, text);
    } else if (is("KEY")) {
      for (const Setting& setting : AllSettings())
        Offer(completion, text, setting.key, setting.meaning);
    } else if (is("VALUE")) {
      OfSetting(completion, text);
    } else if (!value.name.empty() && value.name[0] >= 'a') {
      Offer(completion, text, value.name);  // a word that stands there as it is
    } else if (is("SHELL")) {
      for (const char* shell : {"bash", "zsh", "fish"}) Offer(completion, text, shell);
    } else {
      for (const std::string& word : ChoicesInHelp(value.help)) Offer(completion, text, word);
    }
    return completion;
  }

  // Names of people and aliases are NAMEs too: only where a model is meant.
  void OfModels(Completion& completion, const Value& value, const std::string& text) const {
    if (value.option == "--author" || value.option == "--alias") return;
    if (text.find_first_of(":/#") != std::string::npos) return;
    for (const std::string& name : source_.references(words_, text)) Offer(completion, text, name);
  }

  void OfSetting(Completion& completion, const std::string& text) const {
    const Setting* setting = operands_.empty() ? nullptr : FindSetting(operands_.back());
    if (setting == nullptr) return;
    if (setting->kind == SettingKind::kFlag) {
      for (const char* word : {"true", "false"}) Offer(completion, text, word);
    }
    std::string_view rest(setting->choices);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      Offer(completion, text, std::string(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  const Words& words_;
  const CompletionSource& source_;
  const std::string typed_;
  const Arguments::Entry* waiting_ = nullptr;  // only whether there is one: it is not followed
  std::string waiting_name_;
  Words operands_;
  bool plain_ = false, help_ = false, unknown_ = false;
};

}  // namespace

Completion Complete(const Words& words, const CompletionSource& source) {
  return Line(words, source).Run();
}

Words ChoicesInHelp(std::string_view help) {
  Words words;
  while (!help.empty()) {
    const std::size_t end = help.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-");
    if (end == 0) return {};
    words.emplace_back(help.substr(0, end));
    if (end == std::string_view::npos) return words.size() > 1 ? words : Words{};
    help.remove_prefix(end);
    if (help.starts_with(" (") && help.find(')') != std::string_view::npos)
      help.remove_prefix(help.find(')') + 1);
    if (help.empty()) return words.size() > 1 ? words : Words{};
    const std::string_view between = help.starts_with(", ") ? ", " : " or ";
    if (!help.starts_with(between)) return {};
    help.remove_prefix(between.size());
  }
  return {};
}

}  // namespace dlv::cli
