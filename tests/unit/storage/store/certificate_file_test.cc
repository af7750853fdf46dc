#include "storage/store/certificate_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace dlv::store {
namespace {

namespace fs = std::filesystem;

class CertificateFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("dlv-certificates-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    path_ = (folder_ / "proofs.jsonl").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  static CertificateHeader Header() {
    CertificateHeader header;
    header.program = "0.1.0";
    header.algorithm = "a";
    header.version = std::string(64, '1');
    header.reference = "lenet:v3";
    header.network = std::string(64, '2');
    header.preprocess = "scale=1/255";
    header.data = "fashion \"quoted\" \xff";
    header.data_sha256 = std::string(64, '3');
    header.first = 32;
    header.examples = 2;
    header.method = "norms";
    header.stop = "certified";
    header.tensors = {{"fc.weight", std::string(64, '4'), "f32", {10, 5}}};
    header.steps = {{{"fc.weight", 12, false}},
                    {{"fc.weight", 32, true}},
                    {{"fc.weight", 271, false, true}},
                    {{"fc.weight", 65535, true, true}}};
    return header;
  }

  static CertificateAnswer Answer(std::uint64_t input) {
    CertificateAnswer answer;
    answer.input = input;
    answer.sha256 = std::string(64, '5');
    answer.status = "certified";
    answer.step = 1;
    answer.by_backward = true;
    answer.classes = {7};
    answer.margin = 0.1;
    answer.lower_bound = 0x1.fffffffffffffp-30;
    answer.contrasts = {{7, 0, 0.5, 0.25}, {7, 1, 0.1, 0x1.fffffffffffffp-30}};
    return answer;
  }

  void Write() {
    auto writer = CertificateWriter::Create(path_);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->Write(Header()).ok());
    for (const std::uint64_t input : {32U, 33U}) ASSERT_TRUE((*writer)->Write(Answer(input)).ok());
    CertificateFooter footer;
    footer.inputs = 2;
    footer.segments = {{"fc.weight", 12, false, std::string(64, '6')},
                       {"fc.weight", 271, true, std::string(64, '7')}};
    footer.rules = {{"fc (Gemm)", "linear"}};
    footer.bounds["norm"] = {0x1.123456789abcdp-3, std::numeric_limits<double>::infinity()};
    ASSERT_TRUE((*writer)->Finish(footer).ok());
  }

  Result<CertificateFooter> Read() {
    answers_.clear();
    return ReadCertificates(
        path_,
        [&](const CertificateHeader& header) {
          header_ = header;
          return Ok();
        },
        [&](const CertificateAnswer& answer, std::uint64_t) {
          answers_.push_back(answer);
          return Ok();
        });
  }

  std::string Text() const {
    std::stringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  void Put(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }

  fs::path folder_;
  std::string path_;
  CertificateHeader header_;
  std::vector<CertificateAnswer> answers_;
};

TEST_F(CertificateFile, ComesBackAsItWas) {
  Write();
  const auto footer = Read();
  ASSERT_TRUE(footer.ok()) << footer.error().message;
  EXPECT_EQ(header_.version, Header().version);
  EXPECT_EQ(header_.first, 32U);
  ASSERT_EQ(header_.tensors.size(), 1U);
  EXPECT_EQ(header_.tensors[0].shape, (Shape{10, 5}));
  ASSERT_EQ(header_.steps.size(), 4U);
  EXPECT_EQ(header_.steps[0][0].planes, 12U);
  EXPECT_FALSE(header_.steps[0][0].by_significance);
  EXPECT_TRUE(header_.steps[1][0].exact);
  EXPECT_NE(Text().find("\"bit_step\":271"), std::string::npos);
  EXPECT_EQ(header_.steps[2][0].planes, 271U);
  EXPECT_TRUE(header_.steps[2][0].by_significance);
  EXPECT_EQ(header_.steps[3][0].planes, 65535U);
  ASSERT_EQ(answers_.size(), 2U);
  EXPECT_EQ(answers_[1].input, 33U);
  EXPECT_TRUE(answers_[1].by_backward);
  EXPECT_EQ(answers_[1].lower_bound, Answer(33).lower_bound) << "to the last bit";
  EXPECT_EQ(answers_[1].contrasts.size(), 2U);
  ASSERT_EQ(footer->segments.size(), 2U);
  EXPECT_EQ(footer->segments[1],
            (CertificateSegment{"fc.weight", 271, true, std::string(64, '7')}));
  ASSERT_EQ(footer->rules.size(), 1U);
  EXPECT_EQ(footer->rules[0], (CertificateRule{"fc (Gemm)", "linear"}));
  EXPECT_EQ(footer->bounds.at("norm")[0], 0x1.123456789abcdp-3);
  EXPECT_TRUE(std::isinf(footer->bounds.at("norm")[1]));
}

TEST_F(CertificateFile, EveryCutIsTold) {
  Write();
  const std::string whole = Text();
  for (std::size_t size = 0; size + 1 < whole.size(); size += 11) {
    Put(whole.substr(0, size));
    const auto read = Read();
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().code, ErrorCode::kCorruption) << read.error().message;
  }
}

TEST_F(CertificateFile, WhatDoesNotFitIsToldWithItsLine) {
  Write();
  const std::string whole = Text();
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = whole;
    text.replace(text.find(from), from.size(), to);
    Put(text);
    const auto read = Read();
    return read.ok() ? Error{} : read.error();
  };
  EXPECT_EQ(changed("\"form\":2", "\"form\":3").code, ErrorCode::kUnsupported);
  EXPECT_NE(changed("\"form\":2", "\"form\":1").message.find("no key"), std::string::npos)
      << "form 1 has no segments";
  EXPECT_NE(changed("\"by\":\"backward\"", "\"by\":\"magic\"").message.find("want"),
            std::string::npos);
  EXPECT_NE(changed("\"stop\"", "\"extra\":1,\"stop\"").message.find("\"extra\" is no key"),
            std::string::npos);
  EXPECT_NE(changed("\"over\":7", "\"extra\":1,\"over\":7").message.find("line 2"),
            std::string::npos);
  EXPECT_NE(changed("\"input\":33", "\"input\":-1").message.find("line 3"), std::string::npos);
  EXPECT_NE(changed("\"classes\":[7]", "\"classes\":[[[]]]").message.find("whole numbers"),
            std::string::npos);
  EXPECT_NE(changed("\"inputs\":2", "\"inputs\":3").message.find("says 3"), std::string::npos);
  EXPECT_EQ(changed("\"dlv\":\"certificates\"", "\"dlv\":7").code, ErrorCode::kCorruption);
  Put(whole + "{}\n");
  EXPECT_NE(Read().error().message.find("behind the last line"), std::string::npos);
  Put("no JSON\n");
  EXPECT_EQ(Read().error().code, ErrorCode::kCorruption);
  path_ += "-missing";
  EXPECT_EQ(Read().error().code, ErrorCode::kNotFound);
}

// A writer that is dropped leaves nothing behind.
TEST_F(CertificateFile, IsThereWholeOrNotAtAll) {
  {
    auto writer = CertificateWriter::Create(path_);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->Write(Header()).ok());
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace dlv::store
