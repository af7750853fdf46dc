#include "engine/api/answer_tally.h"

#include <algorithm>

namespace dlv::api {
namespace {

constexpr std::size_t kMostConfused = 4096;

}  // namespace

Status AnswerTally::Add(const std::vector<progressive::Answer>& answers,
                        const std::vector<std::int64_t>& labels) {
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const progressive::Answer& answer = answers[i];
    if (classes_.empty()) {
      classes_.resize(answer.scores.size());
      if (confusion_ && classes_.size() <= kMostConfused)
        counts_.resize(classes_.size() * classes_.size());
    }
    const auto label = static_cast<std::size_t>(labels[i]);
    if (labels[i] < 0 || label >= classes_.size()) {
      return Error{ErrorCode::kInvalidArgument, "label " + std::to_string(labels[i]) +
                                                    " of example " + std::to_string(examples_) +
                                                    ", its network names " +
                                                    std::to_string(classes_.size()) +
                                                    (classes_.size() == 1 ? " class" : " classes")};
    }
    ++examples_;
    ++classes_[label].examples;
    if (answer.classes.empty()) {
      ++undefined_;
      continue;
    }
    const auto named = static_cast<std::size_t>(answer.classes.front());
    if (named < classes_.size()) {
      ++classes_[named].predicted;
      if (named == label) ++classes_[label].right;
      if (!counts_.empty()) ++counts_[label * classes_.size() + named];
    }
    if (std::ranges::find(answer.classes, labels[i]) != answer.classes.end()) ++right_;
  }
  return Ok();
}

void AnswerTally::Finish(const std::vector<std::string>& class_names,
                         VersionEvaluation& result) const {
  result.examples = examples_;
  result.undefined = undefined_;
  result.classes = classes_;
  for (std::size_t i = 0; i < classes_.size(); ++i)
    result.classes[i].name = i < class_names.size() ? class_names[i] : std::to_string(i);
  result.confusion = counts_;
  const double share =
      examples_ == 0 ? 0 : static_cast<double>(right_) / static_cast<double>(examples_);
  result.metrics = {{"top" + std::to_string(top_k_), share}};
}

}  // namespace dlv::api
