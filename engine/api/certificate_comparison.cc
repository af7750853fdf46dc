#include "engine/api/certificate_comparison.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/api/progressive_run.h"

namespace dlv::api {
namespace {

/// Sums of another machine's library may come in another order.
constexpr double kSlack = 1e-6;
/// The same of differences of scores that nearly cancel, as a part of the greatest score.
constexpr double kRounding = 1e-12;

/// A smaller bound than the proved one is true, but not of the bits that are stated.
bool IsSameBound(double stated, double proved) {
  return stated <= proved * (1 + kSlack) && stated >= proved * (1 - kSlack);
}

std::string Stated(const std::string& what, double stated, double got, const char* verb) {
  return "a " + what + " of " + std::to_string(stated) + " is stated, " + std::to_string(got) +
         " " + verb;
}

class LineComparison {
 public:
  LineComparison(const store::CertificateHeader& header, const store::CertificateAnswer& stated,
                 const progressive::Answer& got)
      : header_(header), stated_(stated), got_(got) {
    for (const double score : got.scores) rounding_ = std::max(rounding_, std::abs(score));
    rounding_ = std::isfinite(rounding_) ? kRounding * rounding_ : 0;
  }

  std::string Run() const {
    for (const auto part : {&LineComparison::Status, &LineComparison::Classes,
                            &LineComparison::Numbers, &LineComparison::Contrasts}) {
      std::string what = (this->*part)();
      if (!what.empty()) return what;
    }
    return {};
  }

 private:
  bool IsProof() const {
    return got_.status == progressive::AnswerStatus::kCertified ||
           got_.status == progressive::AnswerStatus::kCertifiedFull;
  }
  bool ClaimsProof() const {
    return stated_.status == NameOf(AnswerStatus::kCertified) ||
           stated_.status == NameOf(AnswerStatus::kCertifiedFull);
  }
  bool IsLastStep() const { return stated_.step + 1 >= header_.steps.size(); }
  /// By the increment rule, which does not ask for a proof before the last step.
  bool IsIncrement() const {
    return header_.stop == "heuristic" && stated_.status == NameOf(AnswerStatus::kHeuristic) &&
           !IsLastStep();
  }

  std::string Status() const {
    const std::string step = std::to_string(stated_.step);
    if (IsIncrement()) return {};
    if (header_.stop == "heuristic" && !IsLastStep())
      return "the increment rule proves nothing before the last step, " + step + " is stated";
    if (!ClaimsProof() && !IsLastStep())
      return "\"" + stated_.status + "\" at step " + step + ", which is not the last";
    if (ClaimsProof() && !IsProof())
      return "not proved at step " + step + (got_.reason.empty() ? "" : " (" + got_.reason + ")");
    const std::string_view status = NameOf(StatusOf(got_.status));
    if (stated_.status != status) {
      return "the status \"" + stated_.status + "\" is stated, at step " + step + " it is \"" +
             std::string(status) + "\"";
    }
    if (stated_.reason != got_.reason)
      return "the reason \"" + stated_.reason + "\" is stated, it is \"" + got_.reason + "\"";
    return {};
  }

  std::string Classes() const {
    std::vector<std::int64_t> got = got_.classes, wanted = stated_.classes;
    std::ranges::sort(got);
    std::ranges::sort(wanted);
    if (got == wanted) return {};
    return ClaimsProof() ? "other classes are proved" : "the greatest scores are of other classes";
  }

  bool IsSameMargin(double stated, double got) const {
    const double off = std::abs(stated - got);
    return IsSameNumber(stated, got) || (std::isfinite(got) && off <= rounding_);
  }

  std::string Numbers() const {
    // Form 1 had no margins of answers without proof.
    const bool unknown = header_.form < 2 && !ClaimsProof();
    if (!IsSameMargin(stated_.margin, got_.margin) && !(unknown && stated_.margin == 0))
      return Stated("margin", stated_.margin, got_.margin, "is computed");
    if (!ClaimsProof()) {
      if (stated_.lower_bound != 0) return "a lower bound without a proof is stated";
      return stated_.by_backward && !unknown ? "nothing was proved backward" : "";
    }
    if (!IsSameBound(stated_.lower_bound, got_.lower_bound))
      return Stated("lower bound", stated_.lower_bound, got_.lower_bound, "is proved");
    if (stated_.by_backward != got_.by_backward)
      return got_.by_backward ? "proved backward, not forward" : "proved forward, not backward";
    return {};
  }

  std::string Contrasts() const {
    if (!ClaimsProof()) return stated_.contrasts.empty() ? "" : "contrasts without a proof";
    // Form 1 had none of intervals.
    if (header_.form < 2 && header_.method == "intervals" && stated_.contrasts.empty()) return {};
    if (stated_.contrasts.size() != got_.contrasts.size()) {
      return std::to_string(stated_.contrasts.size()) + " contrasts are stated, " +
             std::to_string(got_.contrasts.size()) + " are proved";
    }
    std::map<std::pair<std::int64_t, std::int64_t>, const progressive::Contrast*> proved;
    for (const progressive::Contrast& one : got_.contrasts)
      proved.emplace(std::pair(one.over, one.under), &one);
    for (const store::CertificateContrast& one : stated_.contrasts) {
      const auto found = proved.find({one.over, one.under});
      const std::string pair = std::to_string(one.over) + " over " + std::to_string(one.under);
      if (found == proved.end()) return pair + ": no contrast of these classes, or a second one";
      const progressive::Contrast& is = *found->second;
      proved.erase(found);
      if (!IsSameMargin(one.margin, is.margin))
        return pair + ": " + Stated("margin", one.margin, is.margin, "is computed");
      if (!IsSameBound(one.lower_bound, is.lower_bound))
        return pair + ": " + Stated("lower bound", one.lower_bound, is.lower_bound, "is proved");
    }
    return {};
  }

  const store::CertificateHeader& header_;
  const store::CertificateAnswer& stated_;
  const progressive::Answer& got_;
  double rounding_ = 0;
};

}  // namespace

bool IsSameNumber(double stated, double computed) {
  if (!std::isfinite(computed)) return !std::isfinite(stated);
  return std::abs(stated - computed) <= kSlack * std::abs(computed);
}

std::string DifferenceOf(const store::CertificateHeader& header,
                         const store::CertificateAnswer& stated, const progressive::Answer& got) {
  return LineComparison(header, stated, got).Run();
}

}  // namespace dlv::api
