// Arrays of Python objects as data: told by name, and what is to be done.

#include "tests/unit/storage/dataset/data_files.h"
#include "tests/unit/storage/interchange/build_files.h"

namespace dlv::dataset {
namespace {

using interchange::BuildNpy;
using interchange::BuildZip;
using interchange::ToBytes;
using testing::DataTest;

using namespace std::literals;

// The pickle of one array as numpy writes it; `data` is an opcode that pushes the elements.
std::string PickledArray(const std::string& type, const std::string& order,
                         const std::string& shape, const std::string& data) {
  return "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85U\1btR(K\1"s + shape +
         "cnumpy\ndtype\n(U\2"s + type + "K\0K\1tR(K\3U\1"s + order +
         "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89"s + data + "tb";
}

/// An array of two Python objects, which is what `inside` pushes.
interchange::Bytes Objects(const std::string& inside) {
  return BuildNpy(
      "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
      ToBytes("\x80\x02" + PickledArray("O8", "|", "K\2\x85", "](" + inside + "e") + "."));
}

interchange::Bytes TwoNumbers() { return Objects("K\3K\4"); }

interchange::Bytes TwoArrays() {
  const std::string one = PickledArray("f4", "<", "K\1\x85", "U\4\0\0\0\0"s);
  return Objects(one + one);
}

interchange::Bytes Numbers() {
  return BuildNpy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", ToBytes("\1\2"));
}

std::string TextOf(const interchange::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ObjectArraysTest : public DataTest {
 protected:
  std::string PutArchive(const std::string& name,
                         const std::vector<interchange::TestMember>& members) const {
    return Put(name, TextOf(BuildZip(members)));
  }
  static void ExpectToldOf(const Error& error, const std::string& array,
                           const std::string& hint = "array.astype(\"float32\")") {
    EXPECT_EQ(error.code, ErrorCode::kUnsupported);
    EXPECT_NE(error.message.find("array " + array + " holds Python objects"), std::string::npos)
        << error.message;
    EXPECT_NE(error.hint.find("save it as numbers"), std::string::npos) << error.hint;
    EXPECT_NE(error.hint.find(hint), std::string::npos) << error.hint;
  }
};

TEST_F(ObjectArraysTest, ExamplesAreTold) {
  for (const auto& objects : {TwoNumbers(), TwoArrays()})
    ExpectToldOf(FailureOf(PutArchive("a.npz", {{"x.npy", objects}, {"y.npy", Numbers()}})), "x");
  ExpectToldOf(FailureOf(PutArchive("b.npz", {{"other.npy", TwoNumbers()}})), "other");
  for (const auto& npy : {TwoNumbers(), TwoArrays()})
    ExpectToldOf(FailureOf(Put("alone.npy", TextOf(npy))), "alone");
  const auto both = PutArchive("c.npz", {{"mine.npy", TwoNumbers()}, {"x.npy", Numbers()}});
  ExpectToldOf(FailureOf(both, {"", "mine", ""}), "mine");
  EXPECT_EQ(FailureOf(both, {"", "yours", ""}).code, ErrorCode::kNotFound);
}

TEST_F(ObjectArraysTest, LabelsAreTold) {
  const auto path = PutArchive("a.npz", {{"x.npy", Numbers()}, {"y.npy", TwoNumbers()}});
  const auto data = Open(path);  // for predictions nobody needs them
  ASSERT_TRUE(data);
  EXPECT_FALSE(data->description().has_labels);
  std::vector<std::int64_t> labels(1);
  const Status read = data->ReadLabels(0, labels);
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("array y holds Python objects"), std::string::npos);
  const std::string hint = "labels.astype(\"int64\")";
  EXPECT_NE(data->description().labels_hint.find(hint), std::string::npos);
  ExpectToldOf(FailureOf(path, {"", "", "y"}), "y", hint);
  const auto labels_alone = PutArchive("b.npz", {{"l.npy", TwoNumbers()}});
  ExpectToldOf(FailureOf(path, {labels_alone, "", ""}), "l", hint);
  ExpectToldOf(FailureOf(path, {labels_alone, "", "l"}), "l", hint);
}

TEST_F(ObjectArraysTest, ArraysOfNumbersInsideAreData) {
  const std::string inside = PickledArray("f4", "<", "K\2\x85", "U\10\0\0\0\0\0\0\0\0"s);
  for (const std::string& path : {PutArchive("a.npz", {{"x.npy", Objects("N" + inside)}}),
                                  Put("x.npy", TextOf(Objects("N" + inside)))}) {
    const auto data = Open(path);
    ASSERT_TRUE(data);
    EXPECT_EQ(data->description().count, 2U);
  }
}

}  // namespace
}  // namespace dlv::dataset
