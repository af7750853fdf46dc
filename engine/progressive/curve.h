#pragma once
/// \file
/// Functions of one number, with bounds of their slopes and bends between any two places: what the
/// layers that apply them to each element are bounded by.

#include <optional>
#include <vector>

namespace dlv::progressive {

/// f = h plus the sum of jump (x - at)+ over some kinks, where h' changes at most as fast as f''
/// says. Between neighbouring turns f' and f'' only rise or only fall.
class Curve {
 public:
  /// f, f' and f'' at a place; on a kink those of one side.
  struct Jet {
    double value = 0, slope = 0, bend = 0;
  };
  struct Kink {
    double at = 0, jump = 0;  ///< of f'
    double off = 0;           ///< at most so far from `at`
  };
  /// What f' and f'' are between, between two places, and f at the places as it is computed.
  struct Stretch {
    double least_slope = 0, greatest_slope = 0, least_bend = 0, greatest_bend = 0;
    double low_value = 0, high_value = 0;
  };

  static Curve Tanh();
  static Curve Sigmoid();
  static Curve Softplus();
  static Curve Softsign();
  static Curve Erf();
  static Curve Gelu();  ///< x times the distribution function of the normal distribution
  static Curve Silu();  ///< x sigmoid(x)
  // Nothing where a parameter is not finite, or alpha not above 0 where it divides.
  static std::optional<Curve> PRelu(double slope);
  static std::optional<Curve> Elu(double alpha);
  static std::optional<Curve> Selu(double alpha, double gamma);
  static std::optional<Curve> Celu(double alpha);
  /// scale x (1 + erf(rate x)); the rate may be off by 4 units of rounding.
  static std::optional<Curve> ErfGate(double rate, double scale);
  static std::optional<Curve> HardSigmoid(double alpha, double beta);
  /// x times the hard sigmoid; alpha may be off by a rounding.
  static std::optional<Curve> HardSwish(double alpha, double beta);

  /// x f(x), where that is a curve, too.
  std::optional<Curve> TimesX() const;

  Jet At(double x) const { return function_(x, alpha_, beta_); }
  /// At least what the computed value y at x, a finite number, is off; y itself may have been
  /// rounded to f32.
  double ErrorAbove(double x, double y) const;
  /// At least what computed slopes and bends are off.
  double slack() const { return slack_; }
  /// Between finite places, low first.
  Stretch Between(double low, double high) const;
  const std::vector<Kink>& kinks() const { return kinks_; }
  /// At most the distance from a finite x to a kink.
  static double AwayBelow(const Kink& kink, double x);
  bool rises() const { return rises_; }
  bool is_error_function() const;

 private:
  using Function = Jet (*)(double x, double alpha, double beta);
  /// A place where f' or f'' turns or jumps, with what they are there.
  struct Turn {
    double at = 0, slope = 0, bend = 0;
    double off = 0;  ///< at most so far from `at`
  };
  /// Values are off by u (relative |y| + of_x |x|) + least, at most.
  struct Errors {
    double relative = 0, of_x = 0, least = 0;
  };

  Curve(Function function, Errors errors, bool rises, double alpha = 0, double beta = 0)
      : function_(function), alpha_(alpha), beta_(beta), errors_(errors), rises_(rises) {}
  /// Turns at +-`at`, or at 0 alone, where f' and f'' do not jump.
  void TurnsAt(double at);
  /// f' and f'' jump between what they are on both sides.
  void Breaks(double at, double off, const Jet& left, const Jet& right);

  Function function_;
  double alpha_ = 0, beta_ = 0;
  Errors errors_;
  double slack_ = 0x1p-45;  ///< some hundred roundings of numbers of about 1
  bool rises_;
  std::vector<Turn> turns_;
  std::vector<Kink> kinks_;
};

}  // namespace dlv::progressive
