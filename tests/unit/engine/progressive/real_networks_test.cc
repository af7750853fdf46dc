// Real networks on real data: every answer is that of the fp64 reference, and most are proved. How
// many bits the methods take, on more inputs, is what bench_progressive measures.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>

#include "engine/progressive/run.h"
#include "storage/dataset/data_source.h"
#include "storage/dataset/preprocess.h"
#include "storage/io/file_system.h"
#include "tests/unit/engine/infer/real_file.h"
#include "tests/unit/engine/progressive/levels.h"

namespace dlv::progressive {
namespace {

namespace fs = std::filesystem;
using kernels::Value;

struct Case {
  const char *name, *graph, *weights, *data, *calibration, *preprocess;
  std::uint64_t calibrated;    ///< of the calibration, the first so many
  std::uint64_t first, count;  ///< of the data, that are answered
  double most_plane_bits;
};

constexpr const char* kCifar = "scale=1/255,mean=0.485:0.456:0.406,std=0.229:0.224:0.225";
constexpr const char* kBurn = "scale=1/255,mean=0.1307,std=0.3081";
constexpr Case kCases[] = {
    {"lenet", "caffe_lenet_ethereon/lenet.prototxt",
     "caffe_lenet_ethereon/lenet_iter_10000.caffemodel", "mnist_t10k", "mnist_train", "scale=1/256",
     256, 0, 64, 5.2},
    {"burn1", "burn_mnist/burn-import_tests_onnx_mnist.onnx", "", "mnist_t10k", "mnist_train",
     kBurn, 64, 0, 64, 12},
    {"burn2", "burn_mnist/examples_onnx-inference_src_model_mnist.onnx",
     "burn_mnist/examples_import-model-weights_weights_mnist.safetensors", "mnist_t10k",
     "mnist_train", kBurn, 64, 0, 64, 12},
    {"cntk", "ort_mnist/c_cxx_MNIST_mnist.onnx", "", "mnist_t10k", "mnist_train", "scale=1", 64, 0,
     64, 16},
    {"resnet20", "cifar_resnet20/resnet20.onnx", "", "cifar10_test_part/test_batch_first932.bin",
     "cifar10_test_part/test_batch_first932.bin", kCifar, 32, 32, 4, 19},
};

Result<Value> InputsOf(const char* path, const char* preprocess, std::uint64_t first,
                       std::uint64_t count, const Network& network, kernels::Memory& memory) {
  io::FileSystem& files = io::PosixFileSystem();
  const fs::path folder = infer::SharedFolder();
  DLV_ASSIGN(const auto data, dataset::OpenData(files, (folder / path).string()));
  DLV_ASSIGN(const auto steps, dataset::Preprocess::Parse(preprocess));
  DLV_ASSIGN(const auto made, dataset::Preprocessor::Make(files, steps, data->description()));
  std::vector<std::byte> raw(count * data->description().example_bytes());
  DLV_TRY(data->Read(first, raw));
  NetworkShape shape = made.output_shape();
  const auto& wanted = network.inputs[0].shape;
  if (wanted && wanted->size() == shape.size() + 2) shape.insert(shape.begin(), 1);
  shape.insert(shape.begin(), static_cast<std::int64_t>(count));
  DLV_ASSIGN(Value input, memory.Make(DType::kF32, shape));
  made.Apply(count, raw, input.As<float>());
  return input;
}

Status Fill(MemoryLevels& levels, const Network& network, infer::WeightSource& weights,
            kernels::Memory& memory) {
  for (const NetworkParameter& parameter : network.parameters) {
    DLV_ASSIGN(const Value value, weights.Read(parameter, DType::kF32, memory));
    const auto elements = value.As<float>();
    levels.Add(parameter.name, value.shape(), {elements.begin(), elements.end()});
  }
  return Ok();
}

void Show(const RunReport& report) {
  for (std::size_t k = 0; k < report.steps.size(); ++k) {
    const StepReport& step = report.steps[k];
    if (step.open_before == 0) continue;
    std::cout << std::fixed << std::setprecision(2) << std::setw(3) << k << std::setw(8)
              << step.plane_bits << std::setw(8) << step.all_bits << std::setw(7)
              << step.open_before << std::setw(7) << step.certified_forward << std::setw(7)
              << step.certified_backward << std::setw(9) << step.seconds << " s ";
    for (const StepLevel& level : step.levels) std::cout << ' ' << level.planes;
    std::cout << '\n';
  }
  std::cout << (report.precision == Precision::kF32 ? "f32, " : "f64, ") << report.escalated
            << " escalated, certified " << report.certified << ", full " << report.certified_full
            << ", computed " << report.computed << ", mean bits " << report.mean_plane_bits
            << " planes, " << report.mean_all_bits << " all; " << report.seconds
            << " s, preparation " << report.bound_seconds << " s; " << report.stopped_by << '\n';
}

TEST(RealNetworks, AreAnsweredAsTheReferenceAnswers) {
  if (infer::SharedFolder() == nullptr)
    GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL NETWORKS ARE NOT RUN";
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.name);
    const fs::path folder = infer::SharedFolder();
    const char* weights_file = *one.weights == '\0' ? one.graph : one.weights;
    auto network = infer::NetworkOf(folder / one.graph);
    ASSERT_TRUE(network.ok()) << network.error().message;
    auto weights = infer::FileWeights::Open(folder / weights_file);
    ASSERT_TRUE(weights.ok()) << weights.error().message;
    kernels::Memory memory(std::uint64_t{1} << 32);
    MemoryLevels levels;
    ASSERT_TRUE(Fill(levels, *network, **weights, memory).ok());
    const auto calibration =
        InputsOf(one.calibration, one.preprocess, 0, one.calibrated, *network, memory);
    ASSERT_TRUE(calibration.ok()) << calibration.error().message;
    const auto inputs = InputsOf(one.data, one.preprocess, one.first, one.count, *network, memory);
    ASSERT_TRUE(inputs.ok()) << inputs.error().message;
    auto run = Run::Make(*network, levels, levels, nullptr);
    ASSERT_TRUE(run.ok()) << run.error().message;
    ASSERT_TRUE((*run)->Prepare(&*calibration).ok());
    const auto answers = (*run)->Classify(*inputs);
    ASSERT_TRUE(answers.ok()) << answers.error().message;
    const RunReport report = (*run)->report();
    Show(report);
    EXPECT_EQ(report.stopped_by, "");
    EXPECT_LE(report.mean_plane_bits, one.most_plane_bits);
    auto session = infer::Session::Make(*network, levels, {.precision = infer::Precision::kF64});
    ASSERT_TRUE(session.ok()) << session.error().message;
    const std::size_t size = static_cast<std::size_t>(inputs->count()) / one.count;
    for (std::size_t i = 0; i < one.count; ++i) {
      kernels::Shape shape = inputs->shape();
      shape[0] = 1;
      auto input = memory.Make(DType::kF32, shape);
      ASSERT_TRUE(input.ok());
      std::ranges::copy(inputs->As<float>().subspan(i * size, size), input->As<float>().begin());
      const auto outputs = (*session)->Run({*input});
      ASSERT_TRUE(outputs.ok()) << outputs.error().message;
      const auto scores = (*outputs)[0].As<double>();
      const auto label = std::ranges::max_element(scores) - scores.begin();
      EXPECT_EQ((*answers)[i].classes[0], label) << i;
    }
  }
}

}  // namespace
}  // namespace dlv::progressive
