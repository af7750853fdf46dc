#include "tests/bench/cuda_ceilings.h"

#include "tests/bench/cuda_timer.h"

#if defined(DLV_CUBLAS)
#include <cublas_v2.h>
#endif

namespace dlv::bench {

using kernels::test::Check;
using kernels::test::DeviceArray;

double CopyCeiling(std::size_t bytes) {
  const DeviceArray<std::uint8_t> from(bytes), to(bytes);
  const double seconds = MedianSeconds([&] {
    Check(cudaMemcpyAsync(to.data(), from.data(), bytes, cudaMemcpyDeviceToDevice, nullptr),
          "copy");
  });
  Row("copy within the device", 2.0 * static_cast<double>(bytes), seconds, 0);
  return 2.0 * static_cast<double>(bytes) / seconds;
}

#if defined(DLV_CUBLAS)

namespace {

constexpr int kSide = 8192;

template <class Number>
DeviceArray<Number> Noise() {
  std::vector<Number> numbers(static_cast<std::size_t>(kSide) * kSide);
  std::uint32_t bits = 1;
  for (Number& number : numbers) {
    bits = bits * 1664525u + 1013904223u;
    number = static_cast<Number>(static_cast<std::int32_t>(bits)) * static_cast<Number>(0x1p-31);
  }
  return DeviceArray<Number>(numbers);
}

template <class Number, class Product>
void ProductRow(const char* name, const Product& product) {
  const auto a = Noise<Number>(), b = Noise<Number>();
  const DeviceArray<Number> c(static_cast<std::size_t>(kSide) * kSide);
  const double seconds = MedianSeconds([&] { product(a.data(), b.data(), c.data()); }, 5);
  const double operations = 2.0 * kSide * kSide * kSide;
  std::printf("%-34s %9.3f %10.1f TFLOP/s\n", name, 1000 * seconds, operations / seconds / 1e12);
}

}  // namespace

void ProductCeilings() {
  cublasHandle_t handle;
  if (cublasCreate(&handle) != CUBLAS_STATUS_SUCCESS) {
    std::printf("cuBLAS did not start\n");
    return;
  }
  cublasSetMathMode(handle, CUBLAS_PEDANTIC_MATH);
  ProductRow<float>("product in f32, 8192, pedantic", [&](float* a, float* b, float* c) {
    const float one = 1, zero = 0;
    cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, kSide, kSide, kSide, &one, a, kSide, b, kSide,
                &zero, c, kSide);
  });
  ProductRow<double>("product in f64, 8192, pedantic", [&](double* a, double* b, double* c) {
    const double one = 1, zero = 0;
    cublasDgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, kSide, kSide, kSide, &one, a, kSide, b, kSide,
                &zero, c, kSide);
  });
  cublasDestroy(handle);
}

#else

void ProductCeilings() { std::printf("products: cuBLAS is not built in\n"); }

#endif

}  // namespace dlv::bench
