#include "storage/interchange/pickle.h"

#include "tests/unit/storage/interchange/pickle_writer.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

using namespace std::literals;

Result<Pickle> ReadData(const Bytes& bytes) { return ReadPickle(bytes, "data.pkl"); }

// Keeps the bytes alive as long as the pickle.
struct Loaded {
  explicit Loaded(std::string_view opcodes) : bytes(ToBytes(opcodes)), pickle(ReadData(bytes)) {}
  Bytes bytes;
  Result<Pickle> pickle;
};

TEST(Pickle, BuildsPlainValues) {
  // {'a': [1, -2, 2**31, 1.5, None, True], 'b': (), u'c': b'x'} in protocol 4 and 2 opcodes.
  const Loaded loaded(
      "\x80\x04}(\x8c\x01"
      "a](K\x01J\xfe\xff\xff\xff\x8a\x05\x00\x00\x00\x80\x00G\x3f\xf8\x00\x00\x00\x00\x00\x00N\x88"
      "e\x8c\x01"
      "b)\x8c\x01"
      "cC\x01xu."sv);
  ASSERT_TRUE(loaded.pickle.ok()) << loaded.pickle.error().message;
  const Pickle& pickle = *loaded.pickle;
  const PickleNode* list = pickle.Find(pickle.top(), "a");
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(list->items.size(), 6u);
  EXPECT_EQ(pickle.at(list->items[0]).integer, 1);
  EXPECT_EQ(pickle.at(list->items[1]).integer, -2);
  EXPECT_EQ(pickle.at(list->items[2]).integer, std::int64_t{1} << 31);
  EXPECT_EQ(pickle.at(list->items[3]).real, 1.5);
  EXPECT_EQ(pickle.at(list->items[4]).kind, NodeKind::kNone);
  EXPECT_EQ(pickle.at(list->items[5]).kind, NodeKind::kBool);
  EXPECT_EQ(pickle.Find(pickle.top(), "c")->text, "x");
}

TEST(Pickle, ReadsProtocol0) {
  const Loaded loaded("(dp0\nS'a'\np1\n(lp2\nI1\naI01\naL5L\naF2.5\naVx\nas.");
  ASSERT_TRUE(loaded.pickle.ok()) << loaded.pickle.error().message;
  const PickleNode* list = loaded.pickle->Find(loaded.pickle->top(), "a");
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(list->items.size(), 5u);
  EXPECT_EQ(loaded.pickle->at(list->items[1]).kind, NodeKind::kBool);
  EXPECT_EQ(loaded.pickle->at(list->items[2]).integer, 5);
}

TEST(Pickle, RefusesEveryGlobalThatIsNotListed) {
  const char* attacks[] = {
      "cposix\nsystem\n(S'id'\ntR.",
      "c__builtin__\neval\n(S'1'\ntR.",
      "cbuiltins\ngetattr\n(S'1'\ntR.",
      "cbuiltins\nexec\n(S'1'\ntR.",
      "(S'id'\nios\nsystem\n.",
      "(cos\nsystem\nS'id'\no.",
      "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.",
      "cos\nsystem\n)\x81.",
      "ctorch.storage\n_load_from_bytes\n(S'x'\ntR.",
      "ctorch\nload\n.",
      "ctorch.hub\nload\n.",
      "cnumpy\nload\n.",
      "c_codecs\nlookup\n.",
      "ccollections\nnamedtuple\n.",
      "c__main__\nNet\n)\x81}b.",
      "cpickle\nloads\n.",
      "cfunctools\npartial\n.",
      "cbuiltins.set\n__init__\n.",
      "ccollections\nOrderedDict.fromkeys\n.",
  };
  for (const char* attack : attacks) {
    const Loaded loaded(attack);
    ASSERT_TRUE(loaded.pickle.ok()) << attack << loaded.pickle.error().message;
    EXPECT_EQ(loaded.pickle->refused.size(), 1u) << attack;
    EXPECT_EQ(RefusedError(*loaded.pickle).code, ErrorCode::kUnsafe);
  }
}

TEST(Pickle, NamesRefusedGlobalAndOffset) {
  const Loaded loaded("\x80\x02(NNcposix\nsystem\n(S'id'\ntRcother\nname\n1N.");
  ASSERT_TRUE(loaded.pickle.ok()) << loaded.pickle.error().message;
  EXPECT_EQ(
      RefusedError(*loaded.pickle).message,
      "needs code to load: GLOBAL 'posix.system' at data.pkl+0x5, 'other.name' at data.pkl+0x1c");
}

TEST(Pickle, NamesEachRefusedGlobalOnce) {
  std::string opcodes = "\x80\x02(";
  for (int i = 0; i < 2000; ++i) opcodes += "cposix\nsystem\n";
  for (int i = 0; i < 9; ++i) opcodes += "cother\nname" + std::to_string(i) + "\n";
  const Loaded loaded(opcodes + "t.");
  ASSERT_TRUE(loaded.pickle.ok()) << loaded.pickle.error().message;
  const std::string message = RefusedError(*loaded.pickle).message;
  EXPECT_EQ(loaded.pickle->refused.size(), 10u);
  for (int i = 0; i < 9; ++i) {
    EXPECT_NE(message.find("'other.name" + std::to_string(i) + "'"), std::string::npos) << i;
  }
}

TEST(Pickle, RefusesWhatReachesOutside) {
  for (const std::string_view opcodes : {"\x82\x01.", "\x97.", "\x98."}) {
    const Loaded loaded(opcodes);
    ASSERT_FALSE(loaded.pickle.ok());
    EXPECT_EQ(loaded.pickle.error().code, ErrorCode::kUnsafe);
  }
}

TEST(Pickle, DamageIsCorruptionWithOffset) {
  for (const std::string_view opcodes : {"",
                                         "(",
                                         "N",
                                         "R.",
                                         "t.",
                                         "K",
                                         "Xabc",
                                         "h\x01.",
                                         "}N(u.",
                                         "Na.",
                                         "](s.",
                                         "NNR.",
                                         "0.",
                                         "(1.",
                                         "\xff.",
                                         "\x80\x09N.",
                                         "I1x\n.",
                                         "F1x\n.",
                                         "Sabc\n.",
                                         "cno newline",
                                         "NN\x93.",
                                         "(NR.",
                                         "\x95\xff\xff\xff\xff\xff\xff\xff\x7fN."}) {
    const Loaded loaded(opcodes);
    ASSERT_FALSE(loaded.pickle.ok()) << opcodes;
    EXPECT_EQ(loaded.pickle.error().code, ErrorCode::kCorruption) << opcodes;
    EXPECT_NE(loaded.pickle.error().message.find("data.pkl+0x"), std::string::npos);
  }
}

TEST(Pickle, LimitsStackMarksAndMemo) {
  const Loaded marks(std::string(5000, '('));
  ASSERT_FALSE(marks.pickle.ok());
  EXPECT_EQ(marks.pickle.error().code, ErrorCode::kUnsafe);
  const Loaded stack(std::string(2'000'000, 'N'));
  ASSERT_FALSE(stack.pickle.ok());
  EXPECT_EQ(stack.pickle.error().code, ErrorCode::kUnsafe);
  const Loaded memo("Nr\xff\xff\xff\x7f.");
  ASSERT_FALSE(memo.pickle.ok());
  EXPECT_EQ(memo.pickle.error().code, ErrorCode::kUnsafe);
}

TEST(Pickle, RefusesBillionLaughs) {
  // Each list holds the one before it twenty times: 20^12 leaves in 400 bytes. Reading is cheap,
  // walking is refused.
  std::string opcodes = "\x80\x02N\x94";
  opcodes[1] = 4;
  for (int level = 0; level < 12; ++level) {
    opcodes += "](";
    for (int i = 0; i < 20; ++i) {
      opcodes += 'h';
      opcodes += static_cast<char>(level);
    }
    opcodes += "e\x94";
  }
  PickleWriter tensor;
  const std::string wrapped = opcodes + ".";
  const Bytes zip = BuildTorchZip(ToBytes(wrapped), {});
  const auto file = io::MakeViewSource(zip);
  const auto result = DescribeFile(*file, "x");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsafe);
}

TEST(Pickle, ListThatHoldsItselfEnds) {
  const Bytes zip = BuildTorchZip(ToBytes("\x80\x04]\x94h\x01"
                                          "0h\x00h\x00"
                                          "a."),
                                  {});
  const auto file = io::MakeViewSource(zip);
  EXPECT_FALSE(DescribeFile(*file, "x").ok());
}

}  // namespace
}  // namespace dlv::interchange
