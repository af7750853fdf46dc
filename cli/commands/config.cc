#include "cli/config.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/json_config.h"

namespace dlv::cli {
namespace {

class ConfigCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("KEY", &key_);
    arguments.Operand("VALUE", &value_);
    arguments.Operand("TEXT", &third_);
    arguments.Flag("--global", &global_, "the user's file, for all repositories");
    arguments.Flag("--local", &local_, "this repository's file, .dlv/config (the default)");
    arguments.Flag("--unset", &unset_, "take KEY out of the file");
    arguments.Flag("-l,--list", &list_, "what is set, and where it stands");
    arguments.Flag("--show-origin", &origin_, "also say where the value comes from");
    arguments.Flag("--keys", &keys_, "all settings with their values");
  }

  Result<int> Run(Context& context) override {
    DLV_TRY(TakeVerb());
    if (global_ && local_)
      return Error{ErrorCode::kInvalidArgument, "--global and --local exclude each other"};
    const Result<std::filesystem::path> root = context.Root();
    if (local_ && !root.ok()) return root.error();
    std::optional<std::filesystem::path> folder;
    if (root.ok()) folder = *root;
    DLV_ASSIGN(const Config config, Config::Load(folder, false));
    if (!key_) return ShowAll(context.out(), config);
    const Setting* setting = FindSetting(*key_);
    const std::string key = LowerCase(*key_);
    if (unset_) return Change(context.out(), config, root, key, nullptr);
    if (setting == nullptr) return UnknownSetting(*key_);
    if (!value_) return ShowOne(context.out(), config, *setting);
    DLV_TRY(CheckSetting(*setting, *value_, ""));
    if (setting->user_only && !global_) {
      return Error{ErrorCode::kInvalidArgument,
                   key + " names a program: it is read from the user's file only",
                   "dlv config --global " + key + " ..."};
    }
    return Change(context.out(), config, root, key, &*value_);
  }

 private:
  /// "get KEY", "set KEY VALUE", "unset KEY" and "list" are understood too: keys have a dot.
  Status TakeVerb() {
    const std::string verb = key_.value_or("");
    const bool changes = verb == "get" || verb == "set" || verb == "unset";
    if (changes) {
      if (!value_)
        return Error{ErrorCode::kInvalidArgument, "dlv config " + verb + ": KEY is missing"};
      if (verb == "set" && !third_)
        return Error{ErrorCode::kInvalidArgument, "dlv config set: VALUE is missing"};
      key_ = value_;
      value_ = third_;
      third_.reset();
      unset_ = unset_ || verb == "unset";
    } else if (verb == "list" && !value_) {
      key_.reset();
      list_ = true;
    }
    if (third_) return Error{ErrorCode::kInvalidArgument, "one argument too many: " + *third_};
    if (unset_ && value_)
      return Error{ErrorCode::kInvalidArgument, "one argument too many: " + *value_};
    if (unset_ && !key_) return Error{ErrorCode::kInvalidArgument, "--unset: KEY is missing"};
    return Ok();
  }

  SettingValue ValueFor(const Config& config, const Setting& setting) const {
    if (!global_ && !local_) return config.Get(setting.key);
    const ConfigFile& file = global_ ? config.global() : *config.local();
    const ConfigEntry* entry = file.Find(setting.key);
    if (entry == nullptr) return {"", "default", true};
    return {entry->value, (global_ ? "global " : "local ") + file.path().string() + ":" +
                              std::to_string(entry->line)};
  }

  Result<int> ShowOne(Output& out, const Config& config, const Setting& setting) const {
    const ShownSetting shown{setting.key, ValueFor(config, setting), ""};
    const bool unset = shown.value.is_default && shown.value.text.empty();
    if (out.json()) {
      out.Text(SettingDocument(shown, out.mode()));
    } else if (!unset) {
      const std::string origin = origin_ ? Sanitize(shown.value.origin) + "\t" : "";
      out.Line(origin + Sanitize(shown.value.text));
    }
    return unset ? kExitNo : kExitOk;
  }

  Result<int> ShowAll(Output& out, const Config& config) const {
    std::vector<ShownSetting> shown;
    for (const Setting& setting : AllSettings()) {
      const SettingValue value = ValueFor(config, setting);
      if (keys_ || !value.is_default)
        shown.push_back({setting.key, value, keys_ ? setting.meaning : ""});
    }
    if (out.json()) {
      out.Text(SettingsDocument(shown, out.mode()));
    } else if (out.quiet()) {
      for (const ShownSetting& setting : shown) out.Line(setting.key);
    } else if (shown.empty()) {
      out.Paragraph("Nothing is set: all settings have their defaults.", 0);
      out.Next("dlv config --keys");
    } else if (keys_) {
      ShowTable(out, shown);
    } else {
      for (const ShownSetting& setting : shown)
        out.Line((origin_ ? Sanitize(setting.value.origin) + "\t" : "") + setting.key + "=" +
                 Sanitize(setting.value.text));
    }
    for (const std::string& complaint : config.Complaints()) out.Warn(complaint);
    return kExitOk;
  }

  static void ShowTable(Output& out, const std::vector<ShownSetting>& shown) {
    Table table({{"KEY"},
                 {"VALUE", Align::kLeft, 0, 8},
                 {"FROM", Align::kLeft, 2, 8, Cut::kMiddle},
                 {"MEANING", Align::kLeft, 1, 12}});
    for (const ShownSetting& setting : shown)
      table.AddRow({setting.key, setting.value.text.empty() ? "-" : setting.value.text,
                    setting.value.origin, setting.meaning},
                   {Paint::kBold});
    out.Print(table);
    out.Next("dlv config KEY VALUE");
  }

  Result<int> Change(Output& out, const Config& config, const Result<std::filesystem::path>& root,
                     const std::string& key, const std::string* value) const {
    if (!global_ && !root.ok()) {
      Error error = root.error();
      error.hint = "dlv config --global sets it for all repositories";
      return error;
    }
    const std::filesystem::path target = (global_ ? config.global() : *config.local()).path();
    if (target.empty())
      return Error{ErrorCode::kNotFound, "no home folder: neither DLV_CONFIG nor HOME is set"};
    DLV_ASSIGN(ConfigFile file,
               ConfigFile::Read(target));  // one that cannot be read is not replaced
    if (value != nullptr) {
      file.Set(key, *value);
    } else if (!file.Unset(key)) {
      return Error{ErrorCode::kNotFound, key + " is not set in " + file.path().string(),
                   "dlv config --list --show-origin shows what is set, and where"};
    }
    DLV_TRY(file.Write());
    const std::string path = file.path().string();
    if (out.json()) {
      out.Text(ConfigChangeDocument(key, value, path, out.mode()));
    } else if (!out.quiet()) {
      out.Paragraph(value == nullptr
                        ? key + " taken out of " + Sanitize(path)
                        : key + " = " + Sanitize(*value) + "  (" + Sanitize(path) + ")");
    }
    if (value != nullptr) WarnIfHidden(out, root, key, *value);
    return kExitOk;
  }

  // A value that something stronger hides would seem not to work.
  static void WarnIfHidden(Output& out, const Result<std::filesystem::path>& root,
                           const std::string& key, const std::string& value) {
    std::optional<std::filesystem::path> folder;
    if (root.ok()) folder = *root;
    const Result<Config> now = Config::Load(folder, false);
    if (!now.ok()) return;
    const SettingValue holds = now->Get(key);
    if (holds.text != value)
      out.Warn(key + " is still \"" + holds.text + "\": " + holds.origin + " is stronger");
  }

  std::optional<std::string> key_, value_, third_;
  bool global_ = false, local_ = false, unset_ = false, list_ = false, origin_ = false,
       keys_ = false;
};

}  // namespace

extern const CommandEntry kConfigCommand;
const CommandEntry kConfigCommand = {
    "config",
    "More",
    "show and change settings",
    "[KEY [VALUE]] [--global | --local] [--unset] [--keys]",
    "dlv config --keys\tall settings with their values\n"
    "dlv config --global user.name \"Hui Miao\"\tset one for all repositories\n"
    "dlv config gc.grace 30d\tset one for this repository\n"
    "dlv config --list --show-origin\twhat is set, and where\n"
    "dlv config gc.grace 30d && dlv config --unset gc.grace\tand take it out again",
    "The environment is stronger than .dlv/config, that is stronger than the user's file, and an "
    "option of a command is stronger than all of them. The files are in the manner of git: "
    "sections in brackets, name = value below them; both can be edited by hand.\n"
    "The user's file is $DLV_CONFIG, else dlv/config in $XDG_CONFIG_HOME or ~/.config. "
    "get KEY, set KEY VALUE, unset KEY and list are understood, too. A setting without a value: "
    "status 1.",
    Make<ConfigCommand>,
    true};

}  // namespace dlv::cli
