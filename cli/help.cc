#include "cli/help.h"

#include <algorithm>
#include <cstring>

#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kPlainWidth = 100;
constexpr std::size_t kOptionColumn = 26;

std::string Repeat(std::size_t count) { return std::string(count, ' '); }

// "  left        right", the right part broken to the width and hung under itself.
std::string Row(std::string left, std::string_view right, std::size_t column, std::size_t width) {
  left.insert(0, "  ");
  std::string text;
  if (DisplayWidth(left) + 2 > column) {
    text = left + "\n" + Repeat(column);
  } else {
    text = PadRight(left, column);
  }
  return text + Wrap(right, width, column, column) + "\n";
}

std::string OptionNames(const Arguments::Entry& entry) {
  std::string names = entry.names;
  const std::size_t comma = names.find(',');
  if (comma != std::string::npos) names.replace(comma, 1, ", ");
  return entry.value_name.empty() ? names : names + " " + entry.value_name;
}

// A narrow terminal gets a narrower left column.
std::size_t ColumnFor(std::size_t width, std::size_t wanted) {
  return std::min(wanted, std::max<std::size_t>(width / 3, 8));
}

// The end where it is not there. (g++ 12 sees overreads in find once it is inlined here.)
std::size_t PlaceOf(char sought, std::string_view text) {
  return static_cast<std::size_t>(std::find(text.begin(), text.end(), sought) - text.begin());
}

std::string Examples(const CommandEntry& entry, std::size_t width, const Style& style) {
  std::string text;
  std::string_view rest(entry.examples);
  while (!rest.empty()) {
    const std::size_t end = PlaceOf('\n', rest);
    const std::string_view line = rest.substr(0, end);
    const std::size_t tab = PlaceOf('\t', line);
    const std::string command = "  " + std::string(line.substr(0, tab));
    const std::string comment = tab < line.size() ? "# " + std::string(line.substr(tab + 1)) : "";
    const std::size_t cells = std::max<std::size_t>(DisplayWidth(command) + 2, 44);
    if (comment.empty() || cells + DisplayWidth(comment) <= width) {
      text += comment.empty() ? command : PadRight(command, cells) + style(Paint::kDim, comment);
      text += "\n";
    } else {
      text += "  " + style(Paint::kDim, Wrap(comment, width, 2, 2)) + "\n" + command + "\n";
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

std::string Sentence(std::string text, std::size_t width) {
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return Wrap(text, width, 0) + ".\n";
}

std::string Options(const Arguments& arguments, bool global, std::size_t width) {
  std::string text;
  for (const Arguments::Entry& entry : arguments.entries()) {
    if (entry.global == global)
      text += Row(OptionNames(entry), entry.help, ColumnFor(width, kOptionColumn), width);
  }
  return text;
}

}  // namespace

std::string MainHelp(std::size_t terminal_width, const Style& style) {
  const std::size_t width = terminal_width == 0 ? kPlainWidth : terminal_width;
  std::string text = Wrap(
                         "dlv keeps versions of neural networks: every checkpoint back exactly, in "
                         "a fraction of the space.",
                         width, 0) +
                     "\n\n";
  text += style(Paint::kBold, "A first session") + "\n";
  text +=
      "  dlv init\n"
      "  dlv commit -n lenet run/model.pt -m \"baseline\" --metric val_acc=0.91\n"
      "  dlv commit -n lenet --snapshots 'run/step_*.pt'\n"
      "  dlv log lenet\n"
      "  dlv checkout lenet:v1 -o restored\n";
  const char* group = "";
  for (const CommandEntry* entry : AllCommands()) {
    if (std::strcmp(group, entry->group) != 0) {
      group = entry->group;
      text += "\n" + style(Paint::kBold, group) + "\n";
    }
    text += Row(entry->name, entry->summary, 14, width);
  }
  text += Row("dlv COMMAND --help", "examples and options of a command",
              ColumnFor(width, kOptionColumn), width);
  std::string topics;
  for (const char* topic : AllTopics()) topics += (topics.empty() ? "" : ", ") + std::string(topic);
  text += Row("dlv help TOPIC", topics, ColumnFor(width, kOptionColumn), width);
  text += Row("dlv --version", "the version of dlv", ColumnFor(width, kOptionColumn), width);
  return text;
}

std::string CommandHelp(const CommandEntry& entry, const Arguments& arguments,
                        std::size_t terminal_width, const Style& style) {
  const std::size_t width = terminal_width == 0 ? kPlainWidth : terminal_width;
  std::string text = style(Paint::kBold, "Examples") + "\n" + Examples(entry, width, style) + "\n";
  text += style(Paint::kBold, "Usage") + "\n  " +
          Wrap("dlv " + std::string(entry.name) + " " + entry.usage, width, 6, 2) + "\n\n";
  text += Sentence(entry.summary, width);
  std::string_view notes(entry.notes);
  while (!notes.empty()) {
    const std::size_t end = std::min(notes.find('\n'), notes.size());
    text += Wrap(notes.substr(0, end), width, 0) + "\n";
    notes.remove_prefix(std::min(end + 1, notes.size()));
  }
  const std::string own = Options(arguments, false, width);
  if (!own.empty()) text += "\n" + style(Paint::kBold, "Options") + "\n" + own;
  text += "\n" + style(Paint::kBold, "Options of every command") + "\n" +
          Options(arguments, true, width);
  return text;
}

}  // namespace dlv::cli
