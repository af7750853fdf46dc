// Real networks on real data: the accuracies that are known of them, and PyTorch's own labels.

#include <gtest/gtest.h>

#include <iostream>

#include "engine/evaluation/classification.h"
#include "storage/dataset/data_source.h"
#include "storage/dataset/preprocess.h"
#include "storage/io/file_system.h"
#include "tests/unit/engine/infer/real_file.h"

namespace dlv::infer {
namespace {

using kernels::Value;

struct Case {
  const char *graph, *weights, *data, *preprocess;
  std::size_t batch;
  std::uint64_t right, of;  ///< of all images
  const char* labels = "";  ///< a file of the labels that PyTorch gives
  std::uint64_t slack = 0;  ///< images: the preprocessing is not what was trained with
};

// Caffe subtracted a mean image that did not come along; these are the means of the training
// images.
#define DLV_CIFAR_FULL(step, right)                                                            \
  {                                                                                            \
    "caffe_cifar10_full_series/cifar10_full.prototxt",                                         \
        "caffe_cifar10_full_series/cifar10_full_iter_" step ".caffemodel",                     \
        "cifar10_test_part/test_batch_first932.bin", "mean=125.307:122.950:113.865", 4, right, \
        932, "", 12                                                                            \
  }

constexpr Case kCases[] = {
    {"caffe_lenet_ethereon/lenet.prototxt", "caffe_lenet_ethereon/lenet_iter_10000.caffemodel",
     "mnist_t10k", "scale=1/256", 50, 9914, 10000},
    {"ort_mnist/c_cxx_MNIST_mnist.onnx", "", "mnist_t10k", "scale=1", 1, 9891, 10000},
    {"burn_mnist/burn-import_tests_onnx_mnist.onnx", "", "mnist_t10k",
     "scale=1/255,mean=0.1307,std=0.3081", 1, 9909, 10000},
    {"burn_mnist/examples_onnx-inference_src_model_mnist.onnx",
     "burn_mnist/examples_import-model-weights_weights_mnist.pt", "mnist_t10k",
     "scale=1/255,mean=0.1307,std=0.3081", 1, 9915, 10000},
    {"burn_mnist/examples_onnx-inference_src_model_mnist.onnx",
     "burn_mnist/examples_import-model-weights_weights_mnist.safetensors", "mnist_t10k",
     "scale=1/255,mean=0.1307,std=0.3081", 1, 9917, 10000},
    {"cifar_resnet20/resnet20.onnx", "", "cifar10_test_part/test_batch_first932.bin",
     "scale=1/255,mean=0.485:0.456:0.406,std=0.229:0.224:0.225", 4, 854, 932,
     "cifar_resnet20/labels_full_precision.txt"},
    {"cifar_resnet56/resnet56.onnx", "", "cifar10_test_part/test_batch_first932.bin",
     "scale=1/255,mean=0.485:0.456:0.406,std=0.229:0.224:0.225", 4, 863, 932,
     "cifar_resnet56/labels_full_precision.txt"},
    DLV_CIFAR_FULL("10000", 673),
    DLV_CIFAR_FULL("20000", 719),
    DLV_CIFAR_FULL("30000", 721),
    DLV_CIFAR_FULL("40000", 724),
    DLV_CIFAR_FULL("50000", 736),
    DLV_CIFAR_FULL("60000", 742),
    DLV_CIFAR_FULL("65000", 777),
    DLV_CIFAR_FULL("70000", 766),
};
#undef DLV_CIFAR_FULL

bool RunsAll() {
  const char* wish = std::getenv("DLV_EXAM");
  return wish != nullptr && std::string_view(wish) == "all";
}

/// Of each image the class with the greatest score, and its label.
struct Answers {
  std::vector<std::int64_t> predicted, labels;
};

Result<Answers> Predict(const Case& one, std::uint64_t most) {
  const fs::path folder = SharedFolder();
  io::FileSystem& files = io::PosixFileSystem();
  DLV_ASSIGN(const auto data, dataset::OpenData(files, (folder / one.data).string()));
  DLV_ASSIGN(const auto steps, dataset::Preprocess::Parse(one.preprocess));
  DLV_ASSIGN(const auto preprocess, dataset::Preprocessor::Make(files, steps, data->description()));
  const char* weights = *one.weights == '\0' ? one.graph : one.weights;
  DLV_ASSIGN(const auto session, OpenSession(folder / one.graph, folder / weights));
  const std::uint64_t count = std::min(most, data->description().count);
  Answers answers;
  answers.labels.resize(count);
  DLV_TRY(data->ReadLabels(0, answers.labels));
  for (std::uint64_t first = 0; first < count; first += one.batch) {
    const std::uint64_t now = std::min<std::uint64_t>(one.batch, count - first);
    std::vector<std::byte> raw(now * data->description().example_bytes());
    DLV_TRY(data->Read(first, raw));
    NetworkShape shape = preprocess.output_shape();
    const auto& wanted = session->network().inputs[0].shape;
    if (wanted && wanted->size() == shape.size() + 2) shape.insert(shape.begin(), 1);  // channel
    shape.insert(shape.begin(), static_cast<std::int64_t>(now));
    DLV_ASSIGN(Value input, session->memory().Make(DType::kF32, shape));
    preprocess.Apply(now, raw, input.As<float>());
    DLV_ASSIGN(const auto outputs, session->Run({input}));
    const std::size_t classes = static_cast<std::size_t>(outputs[0].count()) / now;
    for (std::uint64_t i = 0; i < now; ++i) {
      answers.predicted.push_back(
          evaluation::PredictedClass(outputs[0].As<float>().subspan(i * classes, classes)));
    }
  }
  return answers;
}

TEST(Accuracy, OfRealNetworksIsWhatIsKnownOfThem) {
  if (SharedFolder() == nullptr)
    GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL NETWORKS ARE NOT RUN";
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.graph);
    const bool is_deep = *one.labels != '\0';
    const std::uint64_t most = RunsAll() ? one.of : is_deep ? 8 : 100;
    const auto answers = Predict(one, most);
    ASSERT_TRUE(answers.ok()) << answers.error().message;
    std::uint64_t right = 0;
    for (std::size_t i = 0; i < answers->labels.size(); ++i) {
      right += answers->predicted[i] == answers->labels[i] ? 1U : 0U;
    }
    std::cout << one.graph << ": " << right << " of " << answers->labels.size() << '\n';
    if (RunsAll()) {
      EXPECT_LE(right, one.right + one.slack);
      EXPECT_GE(right + one.slack, one.right);
    }
    EXPECT_GE(right * 100, answers->labels.size() * (one.right * 100 / one.of - 9));
    if (!is_deep) continue;
    std::ifstream labels(fs::path(SharedFolder()) / one.labels);
    for (std::size_t i = 0; i < answers->predicted.size(); ++i) {
      std::int64_t wanted = -1;
      labels >> wanted;
      EXPECT_EQ(answers->predicted[i], wanted) << i;
    }
  }
}

}  // namespace
}  // namespace dlv::infer
