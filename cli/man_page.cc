#include "cli/man_page.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/environment.h"
#include "cli/help.h"

namespace dlv::cli {
namespace {

// Of the text, not of the build: the same source gives the same page.
constexpr const char* kDate = DLV_SOURCE_DATE;  // cli/CMakeLists.txt

// A backslash, a dash that must stay one, and a dot or quote that would begin a request.
std::string Escaped(std::string_view text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    at_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '`') {
      out += "\\(ga";
    } else if (c == '^') {
      out += "\\(ha";
    } else if (c == '~') {
      out += "\\(ti";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string Title(std::string_view name) {
  return ".TH " + Upper(name) + " 1 " + kDate + " \"dlv " + std::string(LibraryVersion()) +
         "\" \"dlv manual\"\n";
}

std::string Section(const char* name) { return std::string(".SH ") + name + "\n"; }

// Where the first part of `text` ends. (g++ 12 sees overreads in find once it is inlined here.)
std::size_t EndOfPart(std::string_view text, char separator) {
  return static_cast<std::size_t>(std::find(text.begin(), text.end(), separator) - text.begin());
}

template <class F>
void ForEachLine(std::string_view text, F&& body) {
  while (!text.empty()) {
    const std::size_t end = EndOfPart(text, '\n');
    body(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string Paragraphs(std::string_view text) {
  std::string out;
  ForEachLine(text, [&](std::string_view line) {
    if (!line.empty()) out += ".PP\n" + Escaped(line) + "\n";
  });
  return out;
}

std::string Literal(std::string_view text) { return ".nf\n" + Escaped(text) + ".fi\n"; }

std::string Sentence(std::string_view text) {
  std::string sentence(text);
  if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z')
    sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
  return sentence + ".";
}

std::string OptionList(const Arguments& arguments, bool global) {
  std::string out;
  for (const Arguments::Entry& entry : arguments.entries()) {
    if (entry.global != global) continue;
    std::string names = "\\fB" + Escaped(entry.names) + "\\fR";
    const std::size_t comma = names.find(',');
    if (comma != std::string::npos) names.replace(comma, 1, "\\fR, \\fB");
    if (!entry.value_name.empty()) names += " \\fI" + Escaped(entry.value_name) + "\\fR";
    out += ".TP\n" + names + "\n" + Escaped(entry.help) + "\n";
  }
  return out;
}

std::string Examples(const CommandEntry& entry) {
  std::string out;
  ForEachLine(entry.examples, [&](std::string_view line) {
    const std::size_t tab = EndOfPart(line, '\t');
    if (!out.empty()) out += ".PP\n";
    if (tab < line.size()) out += Escaped(Sentence(line.substr(tab + 1))) + "\n";
    out += ".RS 4\n.nf\n" + Escaped(line.substr(0, tab)) + "\n.fi\n.RE\n";
  });
  return out;
}

std::string Environment() {
  std::string out;
  for (const Variable& variable : AllVariables())
    out += ".TP\n\\fB" + Escaped(variable.name) + "\\fR\n" + Escaped(variable.meaning) + "\n";
  return out;
}

std::string SeeAlso(std::string_view own) {
  std::string out;
  if (own != "dlv") out = ".BR dlv (1)";
  for (const CommandEntry* entry : AllCommands()) {
    if (own != "dlv" && own == entry->name) continue;
    out += (out.empty() ? "" : ",\n") + std::string(".BR dlv\\-") + Escaped(entry->name) + " (1)";
  }
  return out + "\n";
}

Status WritePage(const std::filesystem::path& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (stream) return Ok();
  return Error{ErrorCode::kIo, path.string() + ": cannot be written"};
}

}  // namespace

std::string MainManPage() {
  std::string out = Title("dlv") + Section("NAME") + "dlv \\- versions of neural networks\n";
  out += Section("SYNOPSIS") + ".B dlv\n.I COMMAND\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n";
  out += Section("DESCRIPTION") +
         "dlv keeps versions of neural networks: every checkpoint back exactly, in a fraction of "
         "the space.\n";
  out += Section("COMMANDS");
  for (const CommandEntry* entry : AllCommands()) {
    out += ".TP\n\\fBdlv\\-" + Escaped(entry->name) + "\\fR(1)\n" +
           Escaped(Sentence(entry->summary)) + "\n";
  }
  Arguments arguments;
  GlobalOptions options;
  options.Declare(arguments);
  out += Section("OPTIONS OF EVERY COMMAND") + OptionList(arguments, true);
  for (const char* topic : AllTopics()) {
    const std::string text = TopicHelp(topic).value_or("");
    const std::size_t line = EndOfPart(text, '\n');
    if (std::string_view(topic) == "environment") continue;
    out += ".SH \"" + Upper(text.substr(0, line)) + "\"\n" +
           Literal(std::string_view(text).substr(std::min(line + 2, text.size())));
  }
  out += Section("ENVIRONMENT") + Environment();
  out += Section("FILES") +
         ".TP\n.I .dlv\nthe repository, in the folder of the work tree\n"
         ".TP\n.I .dlv/config\nsettings of the repository\n"
         ".TP\n.I \\(ti/.config/dlv/config\nsettings of the user\n";
  return out + Section("SEE ALSO") + SeeAlso("dlv");
}

std::string CommandManPage(const CommandEntry& entry, const Arguments& arguments) {
  const std::string name(entry.name);
  std::string out = Title("dlv-" + name) + Section("NAME") + "dlv\\-" + Escaped(name) + " \\- " +
                    Escaped(entry.summary) + "\n";
  out += Section("SYNOPSIS") + ".B dlv " + Escaped(name) + "\n";
  if (*entry.usage != '\0') out += Escaped(entry.usage) + "\n";
  const std::string notes = Paragraphs(entry.notes);
  out += Section("DESCRIPTION") + Escaped(Sentence(entry.summary)) + "\n" + notes;
  const std::string own = OptionList(arguments, false);
  if (!own.empty()) out += Section("OPTIONS") + own;
  out += ".PP\nThe options of every command are described in\n.BR dlv (1).\n";
  out += Section("EXAMPLES") + Examples(entry);
  return out + Section("SEE ALSO") + SeeAlso(entry.name);
}

Status WriteManPages(const std::string& folder) {
  const std::filesystem::path target(folder);
  std::error_code error;
  std::filesystem::create_directories(target, error);
  if (error) return Error{ErrorCode::kIo, folder + ": " + error.message()};
  DLV_TRY(WritePage(target / "dlv.1", MainManPage()));
  for (const CommandEntry* entry : AllCommands()) {
    Arguments arguments;
    GlobalOptions options;
    const std::unique_ptr<Command> command = entry->make();
    command->Declare(arguments);
    options.Declare(arguments);
    DLV_TRY(WritePage(target / ("dlv-" + std::string(entry->name) + ".1"),
                      CommandManPage(*entry, arguments)));
  }
  return Ok();
}

}  // namespace dlv::cli
