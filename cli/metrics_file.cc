#include "cli/metrics_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

namespace dlv::cli {
namespace {

constexpr std::size_t kMostBytes = 256U << 20U;
constexpr std::array<std::string_view, 5> kStepNames = {"step", "global_step", "iteration", "iter",
                                                        "epoch"};

using EpochRow = std::vector<std::pair<std::string, double>>;

std::string_view WithoutQuotes(std::string_view text) {
  const std::string_view blanks = " \t\r\"";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::optional<double> NumberIn(std::string_view text) {
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> Split(std::string_view line, char separator) {
  std::vector<std::string_view> cells;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find(separator, at), line.size());
    cells.push_back(WithoutQuotes(line.substr(at, end - at)));
    at = end + 1;
  }
  return cells;
}

Error SyntaxError(const std::string& name, std::size_t line, const std::string& what) {
  return {ErrorCode::kSyntax, name + ", line " + std::to_string(line) + ": " + what};
}

Result<EpochRow> RowOfJson(std::string_view line, const std::string& name, std::size_t number) {
  const nlohmann::json value = nlohmann::json::parse(line, nullptr, false);
  if (!value.is_object()) return SyntaxError(name, number, "not a JSON object");
  EpochRow row;
  for (const auto& [key, item] : value.items()) {
    if (item.is_number()) row.emplace_back(key, item.get<double>());
  }
  return row;
}

Result<EpochRow> RowOfCsv(std::string_view line, const std::vector<std::string>& header,
                          char separator, const std::string& name, std::size_t number) {
  const std::vector<std::string_view> cells = Split(line, separator);
  if (cells.size() > header.size()) {
    return SyntaxError(
        name, number,
        "got " + std::to_string(cells.size()) + " columns, want " + std::to_string(header.size()));
  }
  EpochRow row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (const std::optional<double> value = NumberIn(cells[i])) row.emplace_back(header[i], *value);
  }
  return row;
}

// Adds a row's numbers to the series; rows without a step (a summary at the end, say) are left out.
bool AddRow(const EpochRow& row, std::vector<Metric>& metrics) {
  const std::pair<std::string, double>* step = nullptr;
  for (const std::string_view wanted : kStepNames) {
    for (const auto& cell : row) {
      if (step == nullptr && cell.first == wanted) step = &cell;
    }
  }
  constexpr double kMostSteps = 9e15;
  if (step == nullptr || !(step->second >= 0) || step->second > kMostSteps) return false;
  for (const auto& cell : row) {
    const bool is_step =
        std::find(kStepNames.begin(), kStepNames.end(), cell.first) != kStepNames.end();
    if (!is_step)
      MergeMetric({cell.first, {{static_cast<std::int64_t>(step->second), cell.second}}}, metrics);
  }
  return true;
}

}  // namespace

void MergeMetric(Metric metric, std::vector<Metric>& metrics) {
  const auto same = std::find_if(metrics.begin(), metrics.end(),
                                 [&](const Metric& other) { return other.name == metric.name; });
  if (same == metrics.end()) {
    metrics.push_back(std::move(metric));
    return;
  }
  same->points.insert(same->points.end(), metric.points.begin(), metric.points.end());
}

Result<std::vector<Metric>> ParseMetrics(std::string_view text, const std::string& name) {
  std::vector<Metric> metrics;
  std::vector<std::string> header;
  char separator = ',';
  bool any = false;
  bool json = false;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    if (WithoutQuotes(line).empty()) continue;
    json = json || (header.empty() && line.front() == '{');
    if (!json && header.empty()) {
      separator = line.find('\t') != std::string_view::npos ? '\t' : ',';
      for (const std::string_view cell : Split(line, separator)) header.emplace_back(cell);
      continue;
    }
    DLV_ASSIGN(const EpochRow row, json ? RowOfJson(line, name, number)
                                        : RowOfCsv(line, header, separator, name, number));
    any = AddRow(row, metrics) || any;
  }
  if (!any) {
    return Error{ErrorCode::kInvalidArgument, name + ": no line with a step in it",
                 "want CSV with a header, or JSON lines, with step, iteration or epoch"};
  }
  return metrics;
}

Result<std::vector<Metric>> ReadMetricsFile(const std::string& path) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
  if (!file) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
    return Error{code, "--metrics " + path + ": " + std::strerror(errno)};
  }
  std::string text;
  char buffer[65536];
  for (;;) {
    const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get());
    text.append(buffer, got);
    if (text.size() > kMostBytes)
      return Error{ErrorCode::kInvalidArgument, path + ": larger than 256 MiB"};
    if (got < sizeof buffer) break;
  }
  if (std::ferror(file.get()) != 0)
    return Error{ErrorCode::kIo, path + ": " + std::strerror(errno)};
  return ParseMetrics(text, path);
}

}  // namespace dlv::cli
