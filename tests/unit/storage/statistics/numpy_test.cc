// Figures and histograms compared with numpy's. Skipped where Python has not got it;
// DLV_TEST_PYTHON names another interpreter. bf16 and f8 need the package ml_dtypes beside it.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "storage/statistics/accumulator.h"
#include "storage/statistics/histogram.h"

namespace dlv::statistics {
namespace {

namespace fs = std::filesystem;

std::string Python() {
  const char* named = std::getenv("DLV_TEST_PYTHON");
  for (const std::string& python :
       {std::string(named != nullptr ? named : "python3"), std::string("/usr/bin/python3")}) {
    const std::string command = python + " -c 'import numpy' > /dev/null 2>&1";
    if (std::system(command.c_str()) == 0) return python;  // NOLINT: a test's own command
  }
  return {};
}

/// Writes NAME.bin files, and want.txt: name, dtype, counts, figures, counts of 20 bins.
constexpr const char* kMake = R"PY(
import sys
import numpy as np
folder = sys.argv[1]
r = np.random.default_rng(11)
cases = {}
for size in (0, 1, 7, 4096, 300001):
    x = r.normal(size=size) * 0.02
    for name, dtype in (("f64", "<f8"), ("f32", "<f4"), ("f16", "<f2")):
        cases[f"{name}-{size}"] = (name, x.astype(dtype))
    for name, dtype in (("i8", "i1"), ("u8", "u1"), ("i16", "<i2"), ("u16", "<u2"), ("i32", "<i4"), ("u32", "<u4"),
                        ("i64", "<i8"), ("u64", "<u8")):
        info = np.iinfo(dtype)
        low, high = max(info.min, -2**50), min(info.max, 2**50)
        cases[f"{name}-{size}"] = (name, r.integers(low, high, size, endpoint=True).astype(dtype))
    cases[f"bool-{size}"] = ("bool", r.normal(size=size) > 1)
    cases[f"c64-{size}"] = ("c64", (x + 1j * x[::-1]).astype("<c8"))
    cases[f"c128-{size}"] = ("c128", (x - 2j * x).astype("<c16"))
special = r.normal(size=10000)
special[:100] = np.nan
special[200:250] = np.inf
special[300:310] = -np.inf
special[400:1400] = 0
special[1500] = -0.0
for name, dtype in (("f64", "<f8"), ("f32", "<f4"), ("f16", "<f2")):
    cases[f"{name}-special"] = (name, special.astype(dtype))
cases["f64-all-nan"] = ("f64", np.full(5, np.nan))
cases["f32-constant"] = ("f32", np.full(1000, 0.1, "<f4"))
cases["f64-offset"] = ("f64", 1e8 + r.normal(size=50000))
cases["f32-subnormal"] = ("f32", (r.normal(size=1000) * 1e-41).astype("<f4"))
cases["f64-huge"] = ("f64", r.normal(size=1000) * 1e200)
try:
    import ml_dtypes
    for name, dtype in (("bf16", ml_dtypes.bfloat16), ("f8_e4m3", ml_dtypes.float8_e4m3fn), ("f8_e5m2", ml_dtypes.float8_e5m2)):
        cases[f"{name}-normal"] = (name, r.normal(size=20000).astype(dtype))
        cases[f"{name}-special"] = (name, special.astype(dtype))
except ImportError:
    print("ml_dtypes is not installed: BF16 AND F8 ARE NOT COMPARED WITH NUMPY")
with open(folder + "/want.txt", "w") as out, np.errstate(all="ignore"):
    for key, (name, array) in cases.items():
        array.tofile(f"{folder}/{key}.bin")
        if array.dtype.kind == "c":
            array = np.stack([array.real, array.imag], -1).ravel()
        wide = array.astype(np.longdouble if name in ("f64", "c128") else "<f8")
        finite = wide[np.isfinite(wide)]
        numbers = [array.size, np.isnan(wide).sum(), np.isinf(wide).sum(), (wide == 0).sum(), (finite < 0).sum()]
        if finite.size:
            scale = np.abs(finite).max() or 1
            norm2 = np.sqrt(((finite / scale) ** 2).sum(dtype=np.longdouble)) * scale
            std = ((finite / scale).astype(np.longdouble).std()) * scale
            figures = [finite.min(), finite.max(), finite.mean(dtype=np.longdouble), std, np.abs(finite).sum(dtype=np.longdouble),
                       norm2, np.abs(finite).max()]
            try:
                counts = np.histogram(finite.astype("<f8"), bins=20)[0]
            except ValueError:  # "too many bins": numpy gives up on tiny ranges
                counts = [-1] * 20
        else:
            figures, counts = [np.nan] * 4 + [0, 0, 0], [0] * 20
        print(key, name, *numbers, *(repr(float(x)) for x in figures), *counts, file=out)
)PY";

std::vector<std::byte> ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::byte> bytes(fs::file_size(path));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// `magnitude` is the size of what was added up: sums may cancel.
void ExpectClose(double got, double want, double magnitude, const std::string& what) {
  if (std::isnan(want)) {
    EXPECT_TRUE(std::isnan(got)) << what;
  } else {
    EXPECT_NEAR(got, want, 1e-13 * std::fmax(std::fabs(want), magnitude)) << what;
  }
}

void CompareCase(const fs::path& folder, const std::string& key, std::istream& line) {
  std::string name;
  std::uint64_t count = 0, nan = 0, inf = 0, zero = 0, negative = 0;
  line >> name >> count >> nan >> inf >> zero >> negative;
  std::string figures[7];
  for (std::string& figure : figures) line >> figure;
  double want[7];
  for (int i = 0; i < 7; ++i) want[i] = std::strtod(figures[i].c_str(), nullptr);
  const DType dtype = DTypeFromName(name).value_or(DType::kOpaque);
  const auto bytes = ReadFile(folder / (key + ".bin"));
  Accumulator accumulator(dtype);
  accumulator.Add(bytes);
  const TensorStatistics got = accumulator.Finish();
  EXPECT_EQ(got.count, count) << key;
  EXPECT_EQ(got.nan_count, nan) << key;
  EXPECT_EQ(got.inf_count, inf) << key;
  EXPECT_EQ(got.zero_count, zero) << key;
  EXPECT_EQ(got.negative_count, negative) << key;
  const double largest = std::isnan(want[6]) ? 0 : want[6];
  ExpectClose(got.min, want[0], 0, key + " min");
  ExpectClose(got.max, want[1], 0, key + " max");
  ExpectClose(got.mean, want[2], largest, key + " mean");
  ExpectClose(got.std, want[3], 0.01 * largest, key + " std");
  ExpectClose(got.norm1, want[4], 0, key + " norm1");
  ExpectClose(got.norm2, want[5], 0, key + " norm2");
  ExpectClose(got.norm_inf, want[6], 0, key + " norm_inf");
  HistogramCounter counter(dtype, HistogramScale::kLinear,
                           HistogramEdges(got, HistogramScale::kLinear, 20));
  counter.Add(bytes);
  std::uint64_t off = 0;  // values beside an edge, where numpy rounds the edge the other way
  for (int i = 0; i < 20; ++i) {
    std::int64_t bin = 0;
    line >> bin;
    const auto& counts = counter.histogram().counts;
    const std::int64_t mine =
        counts.empty() ? 0 : static_cast<std::int64_t>(counts[static_cast<std::size_t>(i)]);
    if (bin < 0) continue;
    off += static_cast<std::uint64_t>(std::llabs(bin - mine));
  }
  EXPECT_LE(off, dtype == DType::kF64 || dtype == DType::kF32 ? 4 : count / 50) << key;
}

TEST(Numpy, HasTheSameFigures) {
  const std::string python = Python();
  if (python.empty()) {
    GTEST_SKIP() << "numpy is not installed: STATISTICS ARE NOT COMPARED WITH NUMPY";
  }
  const fs::path folder = fs::temp_directory_path() / ("dlv-stats-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "make.py") << kMake;
  const std::string command = python + " " + (folder / "make.py").string() + " " + folder.string();
  ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT: a test's own command
  std::ifstream want(folder / "want.txt");
  std::string key;
  int cases = 0;
  for (; want >> key; ++cases) CompareCase(folder, key, want);
  EXPECT_GE(cases, 70);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace dlv::statistics
