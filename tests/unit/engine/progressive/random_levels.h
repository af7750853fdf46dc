#pragma once
/// \file
/// Levels of tensors in memory that tests choose.

#include <map>
#include <string>
#include <vector>

#include "tests/unit/engine/progressive/levels.h"

namespace dlv::progressive {

/// Two random levels and the exact one, of planes or by significance; content ids from the content.
class RandomLevels : public MemoryLevels {
 public:
  /// Tensors that are set from now on.
  void UseSignificance() { use_significance_ = true; }
  void Set(const std::string& name, Shape shape, const std::vector<float>& values,
           std::vector<unsigned> fractions) {
    Add(name, std::move(shape), values);
    std::vector<Level>& levels = levels_[name];
    levels.clear();
    constexpr unsigned kOne = 127;  // the exponent of weights of about 1
    for (const unsigned m : fractions) {
      levels.push_back(
          {use_significance_ ? StepOfBit(kOne, m + 1) : 9 + m, false, 1, 1, use_significance_});
    }
    levels.push_back({use_significance_ ? kWholeStep : 32, true, 4, 4, use_significance_});
    kept_[name] = {values, fractions};
    std::string& id = ids_[name];
    id.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  }
  /// What was set, with other values.
  void Replace(const NetworkParameter& parameter, const std::vector<float>& values) {
    Set(parameter.name, *parameter.shape, values, kept_.at(parameter.name).fractions);
  }
  const std::vector<float>& ValuesOf(const std::string& name) const {
    return kept_.at(name).values;
  }
  Result<std::vector<Level>> Levels(const NetworkParameter& parameter) override {
    return levels_.at(parameter.name);
  }
  Result<std::string> ContentId(const NetworkParameter& parameter) override {
    return ids_.at(parameter.name);
  }

 private:
  struct Kept {
    std::vector<float> values;
    std::vector<unsigned> fractions;
  };
  bool use_significance_ = false;
  std::map<std::string, std::vector<Level>> levels_;
  std::map<std::string, std::string> ids_;
  std::map<std::string, Kept> kept_;
};

}  // namespace dlv::progressive
