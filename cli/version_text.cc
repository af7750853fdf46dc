#include "cli/version_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "cli/human.h"
#include "cli/text.h"

namespace dlv::cli {
int MetricRank(std::string_view name) {
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  const bool held_out = has("val") || has("test") || has("eval");
  const bool success =
      has("acc") || has("top1") || has("f1") || has("auc") || has("map") || has("bleu");
  const bool loss = has("loss") || has("err") || has("perplexity") || has("ppl");
  return (held_out ? 0 : 3) + (success ? 0 : loss ? 1 : 2);
}

std::string ShortId(const VersionId& id) { return id.Hex(8); }

std::string JoinNames(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + Sanitize(name);
  return text;
}

std::string MetricsText(const std::vector<std::pair<std::string, double>>& metrics,
                        std::size_t most) {
  std::vector<std::pair<std::string, double>> sorted = metrics;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return MetricRank(a.first) < MetricRank(b.first);
  });
  std::string text;
  for (std::size_t i = 0; i < sorted.size() && i < most; ++i) {
    text +=
        (i == 0 ? "" : "  ") + Sanitize(sorted[i].first) + " " + HumanNumber(sorted[i].second, 4);
  }
  if (sorted.size() > most) text += "  +" + std::to_string(sorted.size() - most);
  return text;
}

std::string ParentsText(const std::vector<ParentInfo>& parents) {
  std::string text;
  for (const ParentInfo& parent : parents) {
    text += text.empty() ? std::string(NameOf(parent.relation)) + " of " : ", ";
    text += Sanitize(parent.reference);
  }
  return text;
}

bool HasNoWeightsOf(const ParentInfo& parent) {
  const auto weights = parent.attributes.find("weights");
  return weights != parent.attributes.end() && weights->second == "unlike";
}

std::string KeyValuesText(const KeyValues& values, std::size_t most) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [key, value] : values) {
    if (most > 0 && shown == most) break;
    text += shown++ == 0 ? "" : "  ";
    text += Sanitize(key) + (value.empty() ? "" : "=" + Sanitize(value));
  }
  if (shown < values.size()) text += "  +" + std::to_string(values.size() - shown);
  return text;
}

std::string FoundText(const FoundInformation& found) {
  constexpr std::size_t kSpelled = 3;
  const auto few = [&](const std::vector<std::string>& names, std::string_view many) {
    if (names.size() > kSpelled) return Plural(names.size(), many);
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + Sanitize(name);
    return text;
  };
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (!found.hparams.empty()) add(few(found.hparams, "hyper-parameter"));
  if (!found.metrics.empty()) {
    add(few(found.metrics, "metric") + " (" + Plural(found.point_count, "point") + ")");
  }
  if (!found.tags.empty()) add(few(found.tags, "tag"));
  return text;
}

std::string SourcesText(const VersionDetails& details) {
  std::map<std::string, std::string> by_path;
  const auto count = [&](const KeyValues& sources, std::string_view word) {
    std::map<std::string, std::size_t> counts;
    for (const auto& [name, path] : sources) ++counts[path];
    for (const auto& [path, number] : counts) {
      std::string& text = by_path[path];
      text += (text.empty() ? "" : ", ") + Plural(number, word);
    }
  };
  count(details.hparam_sources, "hyper-parameter");
  count(details.metric_sources, "metric");
  count(details.tag_sources, "tag");
  std::string text;
  for (const auto& [path, what] : by_path) {
    text += (text.empty() ? "" : ", ") + Sanitize(path) + " (" + what + ")";
  }
  return text;
}

std::string StepsText(const std::vector<std::int64_t>& steps) {
  constexpr std::size_t kSpelled = 6;
  std::string text;
  if (steps.size() > kSpelled) {
    return std::to_string(steps.front()) + " .. " + std::to_string(steps.back());
  }
  for (const std::int64_t step : steps) text += (text.empty() ? "" : ", ") + std::to_string(step);
  return text;
}

std::string SubjectOf(const std::string& message) {
  std::string subject;
  const std::size_t begin = std::min(message.find_first_not_of("\n"), message.size());
  for (std::size_t at = begin; at < message.size(); ++at) {
    if (message[at] != '\n') {
      subject += message[at];
    } else if (at + 1 == message.size() || message[at + 1] == '\n') {
      break;
    } else {
      subject += ' ';
    }
  }
  return subject;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(Sanitize(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return lines;
}

std::string_view TypeText(const TensorInfo& tensor) {
  return tensor.foreign_dtype.empty() ? NameOf(tensor.dtype) : tensor.foreign_dtype;
}

const Shape& SeenShape(const TensorInfo& tensor) {
  return tensor.logical_shape.empty() ? tensor.shape : tensor.logical_shape;
}

std::string ShapeText(const Shape& shape) {
  if (shape.empty()) return "scalar";
  std::string text;
  for (const std::int64_t extent : shape)
    text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text;
}

std::string ShellWord(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:@%+,=~^").find(c) != std::string_view::npos;
  };
  if (!text.empty() && text.front() != '~' && std::all_of(text.begin(), text.end(), plain))
    return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace dlv::cli
