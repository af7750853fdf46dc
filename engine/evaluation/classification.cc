#include "engine/evaluation/classification.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace dlv::evaluation {
namespace {

bool HasNan(std::span<const float> scores) {
  return std::ranges::any_of(scores, [](float score) { return std::isnan(score); });
}

/// -log softmax(scores)[label], with the greatest score taken off first so that nothing overflows.
double LogitLoss(std::span<const float> scores, std::size_t label) {
  const auto greatest = static_cast<double>(*std::ranges::max_element(scores));
  const auto own = static_cast<double>(scores[label]);
  if (std::isinf(greatest)) {  // several infinite ones share what there is
    const auto as_great = static_cast<double>(std::ranges::count(scores, scores[label]));
    return own == greatest ? std::log(as_great) : std::numeric_limits<double>::infinity();
  }
  double sum = 0;
  for (const float score : scores) sum += std::exp(static_cast<double>(score) - greatest);
  return std::log(sum) - (own - greatest);
}

double Share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Result<Metric> Metric::Parse(std::string_view name) {
  if (name == "loss") return Metric{};
  Metric metric;
  if (name.starts_with("top")) {
    const std::string_view number = name.substr(3);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), metric.top);
    if (read.ec == std::errc() && read.ptr == number.data() + number.size() && metric.top > 0)
      return metric;
  }
  return Error{ErrorCode::kSyntax, "no metric \"" + std::string(name) + "\"",
               "metrics: top1, top5 (any number), loss"};
}

std::string Metric::Name() const { return top == 0 ? "loss" : "top" + std::to_string(top); }

std::int64_t PredictedClass(std::span<const float> scores) {
  if (scores.empty() || HasNan(scores)) return -1;
  return std::ranges::max_element(scores) - scores.begin();
}

std::uint64_t RankOf(std::span<const float> scores, std::size_t label) {
  if (HasNan(scores)) return scores.size();
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > scores[label] || (scores[i] == scores[label] && i < label)) ++before;
  }
  return before;
}

double LossOf(ScoreKind kind, std::span<const float> scores, std::size_t label) {
  if (HasNan(scores)) return std::numeric_limits<double>::quiet_NaN();
  const auto own = static_cast<double>(scores[label]);
  if (kind == ScoreKind::kProbabilities) return -std::log(own);
  return kind == ScoreKind::kLogProbabilities ? -own : LogitLoss(scores, label);
}

double Classification::Class::recall() const { return Share(right, examples); }
double Classification::Class::precision() const { return Share(right, predicted); }

Result<Classification> Classification::Make(std::size_t classes, std::vector<Metric> metrics,
                                            ScoreKind kind, bool confusion) {
  const auto wrong = [](const std::string& what) {
    return Error{ErrorCode::kInvalidArgument, what};
  };
  if (classes == 0) return wrong("scores of no class");
  if (metrics.empty()) return wrong("no metric");
  if (confusion && classes > kMostConfused) {
    return wrong("a confusion matrix of " + std::to_string(classes) + " classes, at most " +
                 std::to_string(kMostConfused));
  }
  for (const Metric& metric : metrics) {
    if (metric.top > classes)
      return wrong(metric.Name() + " of " + std::to_string(classes) + " classes");
  }
  Classification made;
  made.classes_ = classes;
  made.sums_.resize(metrics.size());
  made.metrics_ = std::move(metrics);
  made.kind_ = kind;
  made.by_class_.resize(classes);
  if (confusion) made.confusion_.resize(classes * classes);
  return made;
}

Status Classification::Add(std::span<const float> scores, std::span<const std::int64_t> labels,
                           std::span<const float> logits) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0 && static_cast<std::uint64_t>(labels[i]) < classes_) continue;
    return Error{ErrorCode::kInvalidArgument, "example " + std::to_string(examples_ + i) +
                                                  ": label " + std::to_string(labels[i]) +
                                                  ", the network has " + std::to_string(classes_) +
                                                  (classes_ == 1 ? " class" : " classes")};
  }
  if (scores.size() != labels.size() * classes_) {
    return Error{ErrorCode::kInvalidArgument, std::to_string(scores.size()) + " scores for " +
                                                  std::to_string(labels.size()) + " examples of " +
                                                  std::to_string(classes_) + " classes"};
  }
  if (!logits.empty() && logits.size() != scores.size()) {
    return Error{ErrorCode::kInvalidArgument, std::to_string(logits.size()) + " logits for " +
                                                  std::to_string(scores.size()) + " scores"};
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    AddOne(scores.subspan(i * classes_, classes_),
           logits.empty() ? logits : logits.subspan(i * classes_, classes_),
           static_cast<std::size_t>(labels[i]));
  }
  return Ok();
}

void Classification::AddOne(std::span<const float> scores, std::span<const float> logits,
                            std::size_t label) {
  const std::uint64_t rank = RankOf(scores, label);
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    if (metrics_[i].top == 0) {
      sums_[i] += logits.empty() || HasNan(scores) ? LossOf(kind_, scores, label)
                                                   : LossOf(ScoreKind::kLogits, logits, label);
    } else if (rank < metrics_[i].top) {
      sums_[i] += 1;
    }
  }
  ++examples_;
  Class& own = by_class_[label];
  ++own.examples;
  const std::int64_t predicted = PredictedClass(scores);
  if (predicted < 0) {
    ++undefined_;
    return;
  }
  const auto named = static_cast<std::size_t>(predicted);
  ++by_class_[named].predicted;
  if (named == label) ++own.right;
  if (!confusion_.empty()) ++confusion_[label * classes_ + named];
}

std::vector<double> Classification::Values() const {
  std::vector<double> values = sums_;
  for (double& value : values) value /= static_cast<double>(examples_);
  return values;
}

}  // namespace dlv::evaluation
