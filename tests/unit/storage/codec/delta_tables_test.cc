#include "storage/codec/delta_tables.h"
#include "tests/support/source_root.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace dlv::codec {
namespace {

std::map<std::string, std::vector<std::vector<unsigned>>> ReadDocument() {
  std::ifstream in(testing::SourceRoot() / "docs/format/delta_tables.txt");
  std::map<std::string, std::vector<std::vector<unsigned>>> tables;
  std::string section;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      section = line.substr(1, line.size() - 2);
      continue;
    }
    std::istringstream numbers(line);
    auto& row = tables[section].emplace_back();
    for (unsigned value; numbers >> value;) row.push_back(value);
  }
  return tables;
}

TEST(DeltaTables, AreThoseOfTheDocument) {
  const auto document = ReadDocument();
  const std::map<std::string, DeltaTableKind> kinds = {{"First32", DeltaTableKind::kFirst32},
                                                       {"Second32", DeltaTableKind::kSecond32},
                                                       {"Third32", DeltaTableKind::kThird32},
                                                       {"First16", DeltaTableKind::kFirst16}};
  ASSERT_EQ(document.size(), kinds.size());
  for (const auto& [name, kind] : kinds) {
    const auto& rows = document.at(name);
    ASSERT_EQ(rows.size(), DeltaContextsOf(name.starts_with("First") ? 0 : 1)) << name;
    for (unsigned context = 0; context < rows.size(); ++context) {
      const DeltaFrequencies& table = BuiltInDeltaTable(kind, context);
      ASSERT_EQ(std::accumulate(rows[context].begin(), rows[context].end(), 0u), 1024u);
      for (unsigned s = 0; s < rows[context].size(); ++s) {
        ASSERT_EQ(table[s], rows[context][s]) << name << " context " << context;
        ASSERT_GE(table[s], 1u);
      }
    }
  }
}

TEST(DeltaTables, OwnTablesComeBack) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    DeltaHistogram histogram{};
    const unsigned contexts = kDeltaMaxContexts;
    const unsigned symbols = 9;
    for (unsigned context = 0; context < contexts; ++context) {
      if (random() % 3 == 0) continue;
      for (unsigned s = 0; s < symbols; ++s) {
        if (random() % 2 == 0)
          histogram[context * kDeltaHistogramRow + s] =
              static_cast<std::uint32_t>(random() >> (random() % 32));
      }
    }
    DeltaTableSet written;
    ChooseDeltaTables(DeltaTableKind::kSecond32, contexts, symbols, histogram, written);
    std::vector<std::byte> bytes;
    BitWriter out(bytes);
    WriteDeltaTables(written, contexts, out);
    out.Finish();
    BitReader in(bytes);
    DeltaTableSet read;
    ASSERT_TRUE(ReadDeltaTables(in, DeltaTableKind::kSecond32, contexts, symbols, read));
    EXPECT_TRUE(in.Finish());
    for (unsigned context = 0; context < contexts; ++context) {
      ASSERT_EQ(read.frequencies[context], written.frequencies[context]);
      const auto& f = read.frequencies[context];
      ASSERT_EQ(std::accumulate(f.begin(), f.end(), 0u), 1024u);
      for (unsigned s = 0; s < symbols; ++s) {
        ASSERT_LT(f[s], 1024u);
        ASSERT_TRUE(f[s] != 0 || histogram[context * kDeltaHistogramRow + s] == 0);
      }
    }
  }
}

TEST(DeltaTables, RefuseRandomBits) {
  std::mt19937 random(2);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::byte> bytes(random() % 300);
    for (auto& byte : bytes) byte = static_cast<std::byte>(random());
    BitReader in(bytes);
    DeltaTableSet read;
    if (!ReadDeltaTables(in, DeltaTableKind::kFirst32, kDeltaScales, 32, read)) {
      ++refused;
      continue;
    }
    for (unsigned context = 0; context < kDeltaScales; ++context) {
      const auto& f = read.frequencies[context];
      ASSERT_EQ(std::accumulate(f.begin(), f.end(), 0u), 1024u);
    }
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace dlv::codec
