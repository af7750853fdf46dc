// The metadata inside checkpoints.

#include <array>

#include "storage/interchange/side_information.h"

namespace dlv::interchange {
namespace {

bool IsTorch(std::string_view format) { return format.starts_with("pytorch"); }

// Under which keys trainers keep the settings of a run.
constexpr std::array<std::string_view, 9> kSettings = {
    "hyper_parameters.", "hparams.",    "args.",      "config.", "cfg.", "opt.",
    "params.",           "model_args.", "train_args."};
constexpr std::array<std::string_view, 6> kPlain = {"epoch",     "step",     "global_step",
                                                    "iteration", "best_acc", "arch"};

void AddTorch(std::string_view key, const std::string& value, SideCollector& out) {
  for (const std::string_view prefix : kSettings) {
    if (key.starts_with(prefix)) return out.AddHparam(key.substr(prefix.size()), value);
  }
  for (const std::string_view plain : kPlain) {
    if (key == plain) return out.AddHparam(key, value);
  }
}

// "general.license" is a tag; lists of a tokenizer are no settings.
void AddGguf(std::string_view key, const std::string& value, SideCollector& out) {
  if (key.starts_with("tokenizer.")) return;
  constexpr std::string_view kGeneral = "general.";
  if (!key.starts_with(kGeneral)) return out.AddHparam(key, value);
  const std::string_view name = key.substr(kGeneral.size());
  if (name == "license" || name.starts_with("license.") || name.starts_with("base_model.") ||
      name == "tags" || name == "languages" || name == "datasets") {
    return out.AddTag(name, value);
  }
  out.AddHparam(key, value);
}

void AddSafetensors(std::string_view key, const std::string& value, SideCollector& out) {
  constexpr std::size_t kLongest = 1024;  // whole histograms and captions stand there, too
  if (key == "format" || value.size() > kLongest) return;
  if (key == "license" || key == "modelspec.license") return out.AddTag("license", value);
  out.AddHparam(key, value);
}

// "data//gamma": settings of stable-baselines3.
void AddZip(std::string_view key, const std::string& value, SideCollector& out) {
  constexpr std::string_view kDataPrefix = "data//";
  if (key.starts_with(kDataPrefix) && value != "null" &&
      !key.substr(kDataPrefix.size()).starts_with('_')) {
    out.AddHparam(key.substr(kDataPrefix.size()), value);
  }
}

}  // namespace

SideInformation ReadSideMetadata(std::string_view format,
                                 const std::vector<std::pair<std::string, std::string>>& metadata,
                                 const std::string& path) {
  SideCollector out(path);
  for (const auto& [key, value] : metadata) {
    if (format == "gguf") AddGguf(key, value, out);
    if (format == "safetensors") AddSafetensors(key, value, out);
    if (format == "zip") AddZip(key, value, out);
    if (IsTorch(format)) AddTorch(key, value, out);
  }
  SideInformation found = out.Finish();
  found.warnings.clear();  // that some long text is no hyper-parameter surprises nobody
  return found;
}

}  // namespace dlv::interchange
