// Exports opened by numpy and safetensors themselves, and their files opened by dlv. Skipped where
// Python has not got them; DLV_TEST_PYTHON names another interpreter.

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "storage/interchange/export.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

namespace fs = std::filesystem;

class DescribedSource final : public TensorSource {
 public:
  explicit DescribedSource(const FileDescription& description) : description_(description) {}
  std::size_t size() const override { return description_.tensors.size(); }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info;
    info.name = description_.tensors[index].name;
    info.dtype = description_.tensors[index].dtype;
    info.shape = description_.tensors[index].shape;
    return info;
  }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    return description_.tensors[index].source->ReadAt(offset, out);
  }

 private:
  const FileDescription& description_;
};

int RunCommand(const std::string& command) {
  return std::system((command + " 2>&1").c_str());  // NOLINT: a test's own command
}

/// Returns the first interpreter that has numpy; empty where none has.
std::string NumpyPython() {
  const char* named = std::getenv("DLV_TEST_PYTHON");
  for (const std::string& python :
       {std::string(named != nullptr ? named : "python3"), std::string("/usr/bin/python3")}) {
    if (RunCommand(python + " -c 'import numpy' > /dev/null") == 0) return python;
  }
  return {};
}

Bytes ReadWritten(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  Bytes bytes(fs::file_size(path));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

constexpr const char* kMake = R"PY(
import sys
import numpy as np
r = np.random.default_rng(5)
arrays = {"f4": r.normal(size=(3, 4, 5)).astype("<f4"), "be": r.normal(size=(7,)).astype(">f8"),
          "fortran": np.asfortranarray(r.normal(size=(20, 30))), "scalar": np.float32(2.5), "empty": np.zeros((0, 3)),
          "bool": r.normal(size=9) > 0, "i8": r.integers(-9, 9, (4, 4)).astype(np.int8), "u8": np.arange(5, dtype="<u8"),
          "c8": (r.normal(size=4) + 1j).astype(">c8"), "half": r.normal(size=(2, 2)).astype("<f2"),
          "many": r.normal(size=(400, 500)).astype("<f4")}
np.savez(sys.argv[1] + "/stored.npz", **arrays)
np.savez_compressed(sys.argv[1] + "/deflated.npz", **arrays)
)PY";

constexpr const char* kCompareNumpy = R"PY(
import sys
import numpy as np
want = np.load(sys.argv[1] + "/stored.npz")
got = np.load(sys.argv[1] + "/export.npz", allow_pickle=False)
assert sorted(want.files) == sorted(got.files), (want.files, got.files)
for name in want.files:
    assert want[name].shape == got[name].shape, name
    np.testing.assert_array_equal(want[name], got[name], err_msg=name)
try:
    from safetensors.numpy import load_file
except ImportError:
    sys.exit(0)
got = load_file(sys.argv[1] + "/export.safetensors")
for name in want.files:
    if name != "c8":
        np.testing.assert_array_equal(want[name], got[name], err_msg=name)
)PY";

TEST(Numpy, ReadsWhatDlvWritesAndTheOtherWayRound) {
  const std::string python = NumpyPython();
  if (python.empty()) {
    GTEST_SKIP() << "numpy is not installed: EXPORTS ARE NOT COMPARED WITH NUMPY";
  }
  const fs::path folder = fs::temp_directory_path() / ("dlv-numpy-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "make.py") << kMake;
  std::ofstream(folder / "compare.py") << kCompareNumpy;
  ASSERT_EQ(RunCommand(python + " " + (folder / "make.py").string() + " " + folder.string()), 0);
  for (const char* name : {"deflated.npz", "stored.npz"}) {
    const Bytes bytes = ReadWritten(folder / name);
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file, name);
    ASSERT_TRUE(result.ok()) << TextOf(result);
    EXPECT_TRUE(result->warnings.empty()) << result->warnings[0];
    EXPECT_EQ(result->tensors.size(), 11u);
    DescribedSource source(*result);
    VectorSink npz;
    VectorSink safetensors;
    ASSERT_TRUE(ExportNpz(source, {}, npz).ok());
    ASSERT_TRUE(ExportSafetensors(source, {}, safetensors).ok());
    const auto write = [&](const char* to, const Bytes& out) {
      std::ofstream(folder / to, std::ios::binary)
          .write(reinterpret_cast<const char*>(out.data()),
                 static_cast<std::streamsize>(out.size()));
    };
    write("export.npz", npz.bytes());
    write("export.safetensors", safetensors.bytes());
    EXPECT_EQ(RunCommand(python + " " + (folder / "compare.py").string() + " " + folder.string()),
              0)
        << name;
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace dlv::interchange
