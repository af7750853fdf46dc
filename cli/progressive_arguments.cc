#include "cli/progressive_arguments.h"

#include <charconv>
#include <cmath>
#include <vector>

#include "cli/suggest.h"

namespace dlv::cli {
namespace {

/// The bits of the largest element.
constexpr std::uint64_t kMostPlanes = 64;

Error Unknown(const std::string& option, const std::string& value, const std::string& wanted,
              const std::vector<std::string>& known) {
  const std::vector<std::string> near = Nearest(value.substr(0, value.find(':')), known);
  return {ErrorCode::kInvalidArgument, option + " " + value + ", want " + wanted, DidYouMean(near)};
}

Status SetStop(const std::string& text, ProgressiveOptions& options) {
  const auto colon = text.find(':');
  const std::string rule = text.substr(0, colon);
  if (rule == "certified" && colon == std::string::npos) return Ok();
  if (rule != "heuristic")
    return Unknown("--stop", text, "certified or heuristic[:TAU]", {"certified", "heuristic"});
  options.stop = ProgressiveStop::kHeuristic;
  if (colon == std::string::npos) return Ok();
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, options.tau);
  if (error != std::errc() || stop != end || !(options.tau > 0) || std::isinf(options.tau)) {
    return Error{ErrorCode::kInvalidArgument,
                 "--stop " + text + ", want a number above 0 after the colon",
                 "as in --stop heuristic:8"};
  }
  return Ok();
}

}  // namespace

void ProgressiveArguments::Declare(Arguments& arguments) {
  arguments.Flag("--progressive", &progressive_,
                 "a few bits of every weight first, more only for answers that they do not prove");
  arguments.Value("--stop", &stop_, "RULE",
                  "certified (default), or heuristic[:TAU], without proof (TAU 8)");
  arguments.Number("--planes-max", &planes_max_, "K",
                   "at most K leading bits of a weight; then without proof");
  arguments.Value("--method", &method_, "METHOD", "norms (default), or intervals as a baseline");
  arguments.Value("--calibrate", &calibrate_, "PATH",
                  "other examples, from which it is found how deep to read");
  arguments.Number("--calibrate-limit", &calibrate_limit_, "N", "at most N of them (default 256)");
  arguments.Value("--certificate", &certificate_, "FILE",
                  "write certificates (JSON lines) for verify-certificate");
  arguments.Value("--plot", &plot_, "FILE", "draw the share of proved answers (SVG)");
  arguments.Flag("--materialised", &materialised_,
                 "also what it would read if no tensor were stored as a difference (a second run)");
  arguments.Flag("--prepare", &prepare_, "only compute what --progressive needs, and keep it");
}

Status ProgressiveArguments::Check(const std::string& reference) const {
  if (progressive_ && prepare_) {
    return Error{ErrorCode::kInvalidArgument, "--prepare evaluates nothing",
                 "either it or --progressive"};
  }
  const std::pair<const char*, bool> given[] = {
      {"--stop", stop_.has_value()},     {"--planes-max", planes_max_.has_value()},
      {"--method", method_.has_value()}, {"--certificate", certificate_.has_value()},
      {"--plot", plot_.has_value()},     {"--calibrate", calibrate_.has_value()},
      {"--materialised", materialised_}};
  for (const auto& [name, is_given] : given) {
    const bool fits_prepare = std::string_view(name).starts_with("--calibrate");
    if (!is_given || progressive_ || (prepare_ && fits_prepare)) continue;
    return Error{
        ErrorCode::kInvalidArgument,
        std::string(name) + " belongs to --progressive" + (fits_prepare ? " or --prepare" : ""),
        "as in dlv eval " + reference + " --data PATH --progressive " + name +
            (std::string_view(name) == "--materialised" ? "" : " ...")};
  }
  if (calibrate_limit_ && !calibrate_) {
    return Error{ErrorCode::kInvalidArgument, "--calibrate-limit belongs to --calibrate",
                 "as in --calibrate PATH --calibrate-limit 32"};
  }
  return Ok();
}

Result<ProgressiveOptions> ProgressiveArguments::Options() const {
  ProgressiveOptions options;
  if (stop_) DLV_TRY(SetStop(*stop_, options));
  if (method_ && *method_ == "intervals") {
    options.method = ProgressiveMethod::kIntervals;
  } else if (method_ && *method_ != "norms") {
    return Unknown("--method", *method_, "norms or intervals", {"norms", "intervals"});
  }
  if (planes_max_) {
    if (*planes_max_ == 0 || *planes_max_ > kMostPlanes)
      return Error{ErrorCode::kInvalidArgument,
                   "--planes-max " + std::to_string(*planes_max_) + ", want 1 to 64"};
    options.most_planes = static_cast<unsigned>(*planes_max_);
  }
  options.calibration = calibrate_.value_or("");
  if (calibrate_limit_) options.calibration_examples = *calibrate_limit_;
  options.certificate = certificate_.value_or("");
  options.count_materialised = materialised_;
  return options;
}

}  // namespace dlv::cli
