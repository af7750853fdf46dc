#include <cmath>

#include "cli/histograms.h"
#include "cli/json_output.h"
#include "cli/json_values.h"

namespace dlv::cli {
namespace {

std::string Dump(const Json& value, OutputMode mode) {
  const int indent = mode == OutputMode::kJsonLines ? -1 : 2;
  return value.dump(indent, ' ', true, Json::error_handler_t::replace) + "\n";
}

Json HistogramValue(const Histogram& histogram) {
  if (histogram.edges.empty()) return nullptr;
  return {{"scale", histogram.scale == HistogramScale::kLinear ? "linear" : "log"},
          {"edges", histogram.edges},
          {"counts", histogram.counts}};
}

Json StatisticsValue(const TensorStatistics& figures) {
  return {{"count", figures.count},
          {"nan_count", figures.nan_count},
          {"inf_count", figures.inf_count},
          {"zero_count", figures.zero_count},
          {"negative_count", figures.negative_count},
          {"sparsity", figures.sparsity()},
          {"min", figures.min},  // NaN becomes null
          {"max", figures.max},
          {"mean", figures.mean},
          {"std", figures.std},
          {"least_magnitude", figures.least_magnitude},
          {"norm1", figures.norm1},
          {"norm2", figures.norm2},
          {"norm_inf", figures.norm_inf},
          {"histogram", HistogramValue(figures.histogram)}};
}

Json GroupsValue(const std::vector<PlaneGroup>& groups) {
  Json array = Json::array();
  for (const PlaneGroup& group : groups) {
    array.push_back({{"codec", group.codec},
                     {"first_plane", group.first_plane},
                     {"last_plane", group.last_plane},
                     {"coded_bytes", group.coded_bytes}});
  }
  return array;
}

Json ChainValue(const std::vector<ChainLink>& chain) {
  Json array = Json::array();
  for (const ChainLink& link : chain) {
    array.push_back(
        {{"id", link.id.Hex()},
         {"written_by", link.written_by.empty() ? Json(nullptr) : Json(link.written_by)},
         {"depth", link.depth},
         {"coded_bytes", link.coded_bytes}});
  }
  return array;
}

Json ReportValue(const TensorReport& report) {
  Json value = ValueOf(report.info);
  value["path"] = report.file.empty() ? Json(nullptr) : Json(report.file);
  value["slice"] = report.slice.empty() ? Json(nullptr) : Json(report.slice);
  value["slice_shape"] = report.slice_shape;
  value["statistics"] = StatisticsValue(report.statistics);
  value["head"] = report.head;
  value["storage"] = {{"stored_bytes", report.stored_bytes},
                      {"read_bytes", report.read_bytes},
                      {"groups", GroupsValue(report.groups)},
                      {"chain", ChainValue(report.chain)}};
  return value;
}

Json RequirementValue(const RequirementResult& requirement) {
  Json comparisons = Json::array();
  for (const ComparisonResult& comparison : requirement.comparisons) {
    comparisons.push_back({{"text", comparison.text},
                           {"left", comparison.left},
                           {"operation", comparison.operation},
                           {"right", comparison.right},
                           {"passed", comparison.passed}});
  }
  Json values = Json::object();
  for (const auto& [name, value] : requirement.values) values[name] = value;
  return {{"requirement", requirement.text},
          {"passed", requirement.passed},
          {"comparisons", std::move(comparisons)},
          {"values", std::move(values)}};
}

}  // namespace

Json ValueOf(const StorageReport& report) {
  return {{"reference", report.reference},
          {"tensor_count", report.tensor_count},
          {"raw_bytes", report.raw_bytes},
          {"own_bytes", report.own_bytes},
          {"shared_bytes", report.shared_bytes},
          {"base_bytes", report.base_bytes},
          {"groups", GroupsValue(report.groups)},
          {"read_bytes", report.read_bytes},
          {"chain_depth_max", report.chain_depth_max},
          {"chain_depth_mean", report.chain_depth_mean},
          {"predicted_seconds", report.predicted_seconds},
          {"assumption", report.assumption}};
}

std::string InspectDocument(const std::string& reference, const std::vector<TensorReport>& tensors,
                            OutputMode mode) {
  if (mode == OutputMode::kJsonLines) {
    std::string lines;
    for (const TensorReport& report : tensors) lines += Dump(ReportValue(report), mode);
    return lines;
  }
  Json array = Json::array();
  for (const TensorReport& report : tensors) array.push_back(ReportValue(report));
  return Dump({{"reference", reference}, {"tensors", std::move(array)}}, mode);
}

std::string HistogramsDocument(const std::vector<NamedReports>& versions, OutputMode mode) {
  Json items = Json::array();
  for (const NamedReports& version : versions) {
    for (const TensorReport& report : version.reports) {
      Json item = ValueOf(report.info);
      item["reference"] = version.version;
      item["slice"] = report.slice.empty() ? Json(nullptr) : Json(report.slice);
      item["statistics"] = StatisticsValue(report.statistics);
      items.push_back(std::move(item));
    }
  }
  if (mode != OutputMode::kJsonLines) return Dump({{"histograms", std::move(items)}}, mode);
  std::string lines;
  for (const Json& item : items) lines += Dump(item, mode);
  return lines;
}

std::string CheckDocument(const CheckResult& result, OutputMode mode) {
  Json requirements = Json::array();
  for (const RequirementResult& requirement : result.requirements) {
    requirements.push_back(RequirementValue(requirement));
  }
  Json tensors = Json::array();
  for (const NonFiniteTensor& tensor : result.non_finite) {
    tensors.push_back(
        {{"name", tensor.name}, {"nan_count", tensor.nan_count}, {"inf_count", tensor.inf_count}});
  }
  return Dump({{"reference", result.reference},
               {"passed", result.passed},
               {"requirements", std::move(requirements)},
               {"non_finite", std::move(tensors)},
               {"tensors_read", result.tensors_read},
               {"read_bytes", result.read_bytes}},
              mode);
}

}  // namespace dlv::cli
