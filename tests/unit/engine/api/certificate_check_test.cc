// Certificate files that say something false: each key of the form is altered by itself, and none
// of them may pass.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "dlv/progressive.h"
#include "dlv/repository.h"
#include "engine/api/certificate_comparison.h"
#include "tests/unit/engine/api/small_network.h"

namespace dlv {
namespace {

using namespace small_network;  // NOLINT
using Lines = std::vector<nlohmann::json>;

/// What becomes of a file that was altered.
enum class Verdict {
  kRefused,  ///< a fault, or an error
  kNoticed,  ///< still proved; the report says that the file says it
};

struct Mutation {
  std::string key;  ///< "header data.sha256", with [] behind lists
  std::function<void(Lines&)> change;
  Verdict verdict = Verdict::kRefused;
};

/// The keys of a value, those of the elements of a list once. Bounds have names of their own.
void CollectKeys(const std::string& at, const nlohmann::json& value, std::set<std::string>& keys) {
  if (value.is_array()) {
    for (const auto& one : value)
      if (one.is_object()) CollectKeys(at + "[]", one, keys);
  }
  if (!value.is_object()) return;
  for (const auto& [name, part] : value.items()) {
    const std::string key = at + (at.back() == ' ' ? "" : ".") + name;
    keys.insert(key);
    if (key != "footer bounds") CollectKeys(key, part, keys);
  }
}

class CertificateCheckTest : public ProgressiveEvaluationTest {
 protected:
  Lines Written() {
    options_.limit = 12;
    progressive_.certificate = root_ / "proofs.jsonl";
    run_ = Evaluated();
    EXPECT_GT(run_.certified, 0U);
    Lines lines;
    std::ifstream file(progressive_.certificate);
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  Result<CertificateReport> Check(const Lines& lines) {
    CertificateOptions check;
    check.file = root_ / "checked.jsonl";
    std::ofstream file(check.file);
    for (const auto& line : lines) file << line.dump() << "\n";
    file.close();
    return repository_->VerifyCertificate(check);
  }

  /// A line that says "certified".
  static nlohmann::json& Proof(Lines& lines) {
    for (auto& line : lines)
      if (line.value("status", "") == "certified") return line;
    ADD_FAILURE() << "nothing is certified";
    return lines.at(1);
  }
  static nlohmann::json& UsedStep(Lines& lines) {
    return lines[0]["steps"][Proof(lines)["step"].get<std::size_t>()];
  }
  static nlohmann::json& UsedLevel(Lines& lines) {
    for (auto& level : UsedStep(lines)["levels"])
      if (!level["exact"].get<bool>()) return level;
    ADD_FAILURE() << "every level is exact";
    return UsedStep(lines)["levels"][0];
  }

  static Mutation Text(const std::string& key, const std::function<nlohmann::json&(Lines&)>& at,
                       const std::string& text, Verdict verdict = Verdict::kRefused) {
    return {key, [=](Lines& lines) { at(lines) = text; }, verdict};
  }
  static Mutation Header(const char* key, const nlohmann::json& value,
                         Verdict verdict = Verdict::kRefused) {
    return {std::string("header ") + key, [=](Lines& lines) { lines[0][key] = value; }, verdict};
  }
  static Mutation Data(const char* key, const nlohmann::json& value) {
    return {std::string("header data.") + key,
            [=](Lines& lines) { lines[0]["data"][key] = value; }};
  }
  static Mutation Tensor(const char* key, const nlohmann::json& value) {
    return {std::string("header tensors[].") + key,
            [=](Lines& lines) { lines[0]["tensors"][0][key] = value; }};
  }
  static Mutation Input(const char* key, const nlohmann::json& value) {
    return {std::string("input ") + key, [=](Lines& lines) { Proof(lines)[key] = value; }};
  }
  static Mutation Contrast(const char* key, const nlohmann::json& value) {
    return {std::string("input contrasts[].") + key,
            [=](Lines& lines) { Proof(lines)["contrasts"][3][key] = value; }};
  }
  static Mutation Footer(const char* key, const nlohmann::json& value) {
    return {std::string("footer ") + key, [=](Lines& lines) { lines.back()[key] = value; }};
  }
  static Mutation Part(const char* list, const char* key, const nlohmann::json& value) {
    return {std::string("footer ") + list + "[]." + key,
            [=](Lines& lines) { lines.back()[list][0][key] = value; }};
  }

  static std::vector<Mutation> HeaderMutations() {
    const std::string zeros(64, '0');
    return {
        Header("dlv", "certificate"),
        Header("form", 1),
        Header("form", 3),
        Header("program", "9.9", Verdict::kNoticed),
        Header("algorithm", "dlv-progressive-2"),
        Header("version", zeros),
        Header("reference", "other:v1", Verdict::kNoticed),
        Header("network", zeros),
        Header("preprocess", "scale=1/2"),
        Header("preprocess", "scale=2/4"),
        Header("data", nullptr),
        Data("path", "elsewhere"),
        Data("sha256", zeros),
        Data("first", 1),
        Data("examples", 7),
        Data("examples", 13),
        Data("examples", 1U << 30),
        Header("top_k", 2),
        Header("top_k", 0),
        Header("method", "intervals"),
        Header("method", "magic"),
        Header("stop", "heuristic"),
        Header("stop", "magic"),
        Header("precision", "f32"),
        Header("tensors", nlohmann::json::array()),
        Tensor("parameter", "other"),
        Tensor("id", zeros),
        Tensor("dtype", "f64"),
        Tensor("shape", {64, 48}),
        Header("steps", nlohmann::json::array()),
        {"header steps[].levels",
         [](Lines& lines) { UsedStep(lines)["levels"] = nlohmann::json::array(); }},
        {"header steps[].levels[].parameter",
         [](Lines& lines) { UsedLevel(lines)["parameter"] = "other"; }},
        {"header steps[].levels[].planes",
         [](Lines& lines) {
           auto& planes = UsedLevel(lines)["planes"];
           planes = planes.get<unsigned>() == 13 ? 16 : 13;
         }},
        {"header steps[].levels[].exact", [](Lines& lines) { UsedLevel(lines)["exact"] = true; }}};
  }

  static std::vector<Mutation> InputMutations() {
    return {Input("input", 5'000),
            Input("input", 11),
            Input("sha256", std::string(64, '0')),
            Input("status", "certified-full"),
            Input("status", "heuristic"),
            Input("status", "computed"),
            Input("status", "magic"),
            Input("reason", "tie"),
            {"input step",
             [](Lines& lines) {
               auto& step = Proof(lines)["step"];
               step = step.get<std::size_t>() + 1;
             }},
            Input("step", 99),
            {"input by",
             [](Lines& lines) {
               auto& by = Proof(lines)["by"];
               by = by == "forward" ? "backward" : "forward";
             }},
            Input("by", "magic"),
            Input("classes", {39}),
            Input("classes", {-1}),
            Input("classes", {1'000'000'000}),
            Input("classes", nlohmann::json::array()),
            Input("margin", 99.0),
            Input("margin", nullptr),
            Input("lower_bound", 99.0),
            Input("lower_bound", 1e-9),
            Input("lower_bound", nullptr),
            Input("contrasts", nlohmann::json::array()),
            {"input contrasts",
             [](Lines& lines) {
               auto& contrasts = Proof(lines)["contrasts"];
               contrasts.erase(contrasts.begin() + 3);
             }},
            {"input contrasts",
             [](Lines& lines) {
               auto& contrasts = Proof(lines)["contrasts"];
               contrasts[3] = contrasts[4];
             }},
            Contrast("over", 41),
            Contrast("under", 41),
            Contrast("margin", 99.0),
            Contrast("lower_bound", 98.0),
            Contrast("lower_bound", 1e-9)};
  }

  static std::vector<Mutation> FooterMutations() {
    return {Footer("inputs", 11),
            Footer("segments", nlohmann::json::array()),
            Part("segments", "parameter", "other"),
            Part("segments", "planes", 32),
            Part("segments", "sha256", std::string(64, '0')),
            Footer("rules", nlohmann::json::array()),
            Part("rules", "node", "other (Gemm)"),
            Part("rules", "rule", "magic"),
            Footer("bounds", nlohmann::json::object()),
            {"footer bounds", [](Lines& lines) { lines.back()["bounds"]["more"] = {1.0}; }},
            {"footer bounds", [](Lines& lines) {
               auto& first = lines.back()["bounds"].begin().value()[0];
               first = first.get<double>() / 2;
             }}};
  }

  static std::vector<Mutation> EveryMutation() {
    std::vector<Mutation> all = HeaderMutations();
    for (Mutation& one : InputMutations()) all.push_back(std::move(one));
    for (Mutation& one : FooterMutations()) all.push_back(std::move(one));
    return all;
  }

  ProgressiveReport run_;
};

TEST_F(CertificateCheckTest, EveryKeyIsLookedAt) {
  const Lines written = Written();
  const auto honest = Check(written);
  ASSERT_TRUE(honest.ok()) << honest.error().message;
  ASSERT_EQ(honest->fault_count, 0U) << honest->faults.front().what;
  EXPECT_TRUE(honest->notices.empty()) << honest->notices.front();
  std::set<std::string> keys, tried;
  CollectKeys("header ", written.front(), keys);
  CollectKeys("footer ", written.back(), keys);
  for (std::size_t i = 1; i + 1 < written.size(); ++i) CollectKeys("input ", written[i], keys);
  for (const Mutation& mutation : EveryMutation()) {
    SCOPED_TRACE(mutation.key);
    tried.insert(mutation.key);
    Lines lines = written;
    mutation.change(lines);
    ASSERT_NE(lines, written) << "nothing is altered";
    const auto report = Check(lines);
    const bool refused = !report.ok() || report->fault_count > 0;
    EXPECT_EQ(refused, mutation.verdict == Verdict::kRefused)
        << (report.ok() ? "" : report.error().message);
    if (!refused) {
      EXPECT_EQ(report->notices.size(), 1U);
    }
  }
  EXPECT_EQ(keys, tried) << "a key of the form and no mutation of it, or the other way round";
}

TEST_F(CertificateCheckTest, KeysThatTheFormDoesNotHaveAreRefused) {
  const Lines written = Written();
  for (const std::size_t line : {std::size_t{0}, std::size_t{1}, written.size() - 1}) {
    Lines lines = written;
    lines[line]["proved_by"] = "me";
    const auto report = Check(lines);
    ASSERT_FALSE(report.ok());
    EXPECT_NE(report.error().message.find("\"proved_by\" is no key"), std::string::npos)
        << report.error().message;
  }
  Lines lines = written;
  Proof(lines)["contrasts"][0]["weight"] = 1;
  EXPECT_FALSE(Check(lines).ok());
  lines = written;
  lines.push_back(written[1]);
  EXPECT_FALSE(Check(lines).ok()) << "a line behind the last";
}

// Products come out otherwise in the last place where their operands lie otherwise in memory.
TEST_F(CertificateCheckTest, BoundsThatRoundOtherwiseAreTheSame) {
  Lines lines = Written();
  for (auto& values : lines.back()["bounds"])
    for (auto& value : values)
      if (value.is_number() && value > 0) value = std::nextafter(value.get<double>(), 1e300);
  const auto report = Check(lines);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->fault_count, 0U) << report->faults.front().what;
}

TEST_F(CertificateCheckTest, LinesThatAreMissingOrTwiceAreFaults) {
  const Lines written = Written();
  Lines lines = written;
  lines.erase(lines.begin() + 4);
  lines.back()["inputs"] = 11;
  EXPECT_GT(Check(lines)->fault_count, 0U) << "one is cut out";
  lines = written;
  lines.erase(lines.end() - 2);
  lines.back()["inputs"] = 11;
  EXPECT_GT(Check(lines)->fault_count, 0U) << "the last one is cut off";
  lines = written;
  lines.insert(lines.begin() + 2, written[1]);
  lines.back()["inputs"] = 13;
  EXPECT_GT(Check(lines)->fault_count, 0U);
}

// As releases before wrote it: no segments, no rules, tables of profiles among the bounds.
TEST_F(CertificateCheckTest, FilesOfFormOneAreStillProved) {
  Lines lines = Written();
  lines[0]["form"] = 1;
  lines.back().erase("segments");
  lines.back().erase("rules");
  lines.back()["bounds"]["profile-8 0123"] = {1.0};
  const auto report = Check(lines);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->fault_count, 0U) << report->faults.front().what;
  EXPECT_EQ(report->proved, run_.certified + run_.certified_full);
  ASSERT_EQ(report->notices.size(), 1U);
  EXPECT_NE(report->notices[0].find("form 1"), std::string::npos);
  lines.back()["bounds"] = nlohmann::json::object();
  EXPECT_GT(Check(lines)->fault_count, 0U);
}

TEST_F(CertificateCheckTest, AnswersWithoutProofAreComparedToo) {
  progressive_.stop = ProgressiveStop::kHeuristic;
  progressive_.tau = 2;
  options_.limit = 12;
  progressive_.certificate = root_ / "proofs.jsonl";
  const ProgressiveReport run = Evaluated();
  ASSERT_GT(run.heuristic, 0U);
  Lines written;
  std::ifstream file(progressive_.certificate);
  for (std::string line; std::getline(file, line);) written.push_back(nlohmann::json::parse(line));
  const auto honest = Check(written);
  ASSERT_TRUE(honest.ok()) << honest.error().message;
  EXPECT_EQ(honest->fault_count, 0U) << honest->faults.front().what;
  EXPECT_EQ(honest->unproved, run.heuristic);
  std::size_t guess = 1;
  while (written[guess]["status"] != "heuristic") ++guess;
  EXPECT_GT(written[guess]["margin"].get<double>(), 0)
      << "what no proof needs is told all the same";
  const std::pair<const char*, nlohmann::json> changes[] = {
      {"status", "certified"}, {"status", "computed"}, {"margin", 99.0},
      {"lower_bound", 1.0},    {"classes", {39}},      {"sha256", std::string(64, '0')},
      {"by", "backward"}};
  for (const auto& [key, value] : changes) {
    Lines lines = written;
    lines[guess][key] = value;
    const auto report = Check(lines);
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_GT(report->fault_count, 0U) << key;
  }
}

TEST_F(CertificateCheckTest, IntervalsSayTheirContrasts) {
  progressive_.method = ProgressiveMethod::kIntervals;
  const Lines written = Written();
  const auto honest = Check(written);
  ASSERT_TRUE(honest.ok()) << honest.error().message;
  EXPECT_EQ(honest->fault_count, 0U) << honest->faults.front().what;
  Lines lines = written;
  Proof(lines)["contrasts"] = nlohmann::json::array();
  EXPECT_GT(Check(lines)->fault_count, 0U);
}

TEST_F(CertificateCheckTest, ComputedAnswersAreComputedAgain) {
  CommitNetwork("mlp", Weights(true));  // tied
  options_.limit = 4;
  progressive_.certificate = root_ / "proofs.jsonl";
  ASSERT_EQ(Evaluated().computed, 4U);
  Lines written;
  std::ifstream file(progressive_.certificate);
  for (std::string line; std::getline(file, line);) written.push_back(nlohmann::json::parse(line));
  const auto honest = Check(written);
  ASSERT_TRUE(honest.ok()) << honest.error().message;
  EXPECT_EQ(honest->fault_count, 0U) << honest->faults.front().what;
  const std::pair<const char*, nlohmann::json> changes[] = {
      {"status", "certified-full"}, {"reason", "not a number"}, {"classes", {7}}, {"margin", 1.0}};
  for (const auto& [key, value] : changes) {
    Lines lines = written;
    lines[2][key] = value;
    EXPECT_GT(Check(lines)->fault_count, 0U) << key;
  }
}

/// null stands for both in a file, and neither bounds anything.
TEST(CertificateNumbers, NaNIsWrittenAsInfinite) {
  const double infinite = std::numeric_limits<double>::infinity(), none = std::nan("");
  EXPECT_TRUE(api::IsSameNumber(infinite, none));
  EXPECT_TRUE(api::IsSameNumber(infinite, infinite));
  EXPECT_FALSE(api::IsSameNumber(infinite, 1));
  EXPECT_FALSE(api::IsSameNumber(1, infinite));
  EXPECT_FALSE(api::IsSameNumber(1, none));
  EXPECT_TRUE(api::IsSameNumber(1 + 1e-9, 1));
  EXPECT_FALSE(api::IsSameNumber(1 + 1e-5, 1));
}

}  // namespace
}  // namespace dlv
