#include "cli/json_output.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace dlv::cli {
namespace {

VersionSummary HostileVersion() {
  VersionSummary version;
  version.model = "a\x1b[31m\u202E\xff";
  version.number = 2;
  version.metrics = {{"loss", std::nan("")}, {"acc", 0.5}};
  return version;
}

TEST(JsonOutput, EscapesEverythingBeyondAscii) {
  const std::string text = VersionsDocument({HostileVersion()}, OutputMode::kJson);
  for (const char c : text)
    EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
  const auto document = nlohmann::json::parse(text);
  EXPECT_EQ(document["versions"][0]["model"], "a\x1b[31m\u202E\uFFFD");
}

TEST(JsonOutput, WritesNullForNumbersThatJsonHasNot) {
  const auto document =
      nlohmann::json::parse(VersionsDocument({HostileVersion()}, OutputMode::kJson));
  EXPECT_TRUE(document["versions"][0]["metrics"]["loss"].is_null());
  EXPECT_EQ(document["versions"][0]["metrics"]["acc"], 0.5);
}

TEST(JsonOutput, WritesOneLineForEachRow) {
  const std::string text =
      VersionsDocument({HostileVersion(), HostileVersion()}, OutputMode::kJsonLines);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(nlohmann::json::parse(text.substr(0, text.find('\n')))["number"], 2);
  EXPECT_EQ(VersionsDocument({}, OutputMode::kJsonLines), "");
  EXPECT_EQ(nlohmann::json::parse(VersionsDocument({}, OutputMode::kJson))["versions"].size(), 0U);
}

TEST(JsonOutput, ErrorsCarryStatusAndSuggestions) {
  const Error error{ErrorCode::kNotFound, "no model \"x\"", "did you mean \"y\"?"};
  const auto document = nlohmann::json::parse(ErrorDocument(error, 3, OutputMode::kJson));
  EXPECT_EQ(document["error"]["code"], "NOT_FOUND");
  EXPECT_EQ(document["error"]["exit"], 3);
  EXPECT_EQ(document["error"]["did_you_mean"], nlohmann::json::array({"y"}));
}

}  // namespace
}  // namespace dlv::cli
