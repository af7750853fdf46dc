// oneDNN, opened when the first network runs: a program that only prints its version does not load
// it. Its functions that our kernels call are defined here and go on to the library's own.

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dlv/result.h"
#include "engine/kernels/cpu/parallel.h"
#include "engine/kernels/threads.h"

namespace dlv::kernels {
namespace {

bool IsLimitedToAvx2() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread writes it
  const char* const wish = std::getenv("DLV_KERNELS");
  return wish != nullptr && std::string_view(wish) == "avx2";
}

/// Threads of OpenMP wait for each other by spinning, by default for a millisecond: on a machine
/// with other work that is a disaster. It is read when the library is loaded; who has set it keeps
/// it. DLV_KERNELS limits oneDNN as it limits our own loops.
void* OpenLibrary() {
  setenv("GOMP_SPINCOUNT", "2000", 0);
  if (IsLimitedToAvx2()) setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 0);
  const std::string name = "libdnnl.so." + std::to_string(DNNL_VERSION_MAJOR);
  return dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
}

/// Null where it is not installed.
void* Library() {
  static void* const kLibrary = OpenLibrary();
  return kLibrary;
}

template <class Function>
Function Symbol(const char* name) {
  DLV_CHECK(Library() != nullptr, "fast kernels run where HasFastKernels says so");
  void* const found = dlsym(Library(), name);
  DLV_CHECK(found != nullptr, "oneDNN of this major version has the function");
  return reinterpret_cast<Function>(found);
}

/// Of the OpenMP runtime that oneDNN brings.
int MostThreads() {
  static const auto kFunction = Symbol<int (*)()>("omp_get_max_threads");
  return kFunction();
}
void SetThreads(int count) {
  static const auto kFunction = Symbol<void (*)(int)>("omp_set_num_threads");
  kFunction(count);
}

/// What the threads of one RunParts share.
struct Parts {
  const std::function<void(std::int64_t, unsigned)>* run;
  std::int64_t count;
  std::atomic<std::int64_t> next{0};
  std::atomic<unsigned> workers{0};
  std::atomic<unsigned> done{0};  ///< makes what they wrote known to who waits for them
};

void WorkOnParts(void* shared) {
  auto& parts = *static_cast<Parts*>(shared);
  const unsigned worker = parts.workers.fetch_add(1);
  for (auto part = parts.next.fetch_add(1); part < parts.count; part = parts.next.fetch_add(1)) {
    (*parts.run)(part, worker);
  }
  parts.done.fetch_add(1);
}

}  // namespace

void RunParts(unsigned threads, std::int64_t count,
              const std::function<void(std::int64_t part, unsigned worker)>& run) {
  if (threads <= 1 || count <= 1) {
    for (std::int64_t part = 0; part < count; ++part) run(part, 0);
    return;
  }
  static const auto kFunction =
      Symbol<void (*)(void (*)(void*), void*, unsigned, unsigned)>("GOMP_parallel");
  Parts parts{&run, count};
  kFunction(WorkOnParts, &parts, threads, 0);
  DLV_CHECK(parts.done.load() > 0, "the threads have ended");
}

bool HasFastKernels() { return Library() != nullptr; }

ThreadCount::ThreadCount(unsigned count) : before_(HasFastKernels() ? MostThreads() : 0) {
  if (before_ > 0) SetThreads(static_cast<int>(count));
}
unsigned ThreadCount::Current() { return static_cast<unsigned>(MostThreads()); }
ThreadCount::~ThreadCount() {
  if (before_ > 0) SetThreads(before_);
}

}  // namespace dlv::kernels

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
/// LeakSanitizer (of LLVM 14) dies at exit while it looks through the thread-local storage of
/// libraries that were opened later and have threads, as oneDNN has.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "intercept_tls_get_addr=0"; }
#endif
#endif

// clang-format off
#define DLV_FORWARD(result, name, parameters, arguments)                          \
  extern "C" result name parameters {                                             \
    static const auto kFunction = dlv::kernels::Symbol<decltype(&name)>(#name);   \
    return kFunction arguments;                                                   \
  }

DLV_FORWARD(dnnl_status_t, dnnl_batch_normalization_forward_desc_init, (dnnl_batch_normalization_desc_t * a, dnnl_prop_kind_t b, const dnnl_memory_desc_t * c, float d, unsigned e), (a, b, c, d, e))
DLV_FORWARD(dnnl_status_t, dnnl_binary_desc_init, (dnnl_binary_desc_t * a, dnnl_alg_kind_t b, const dnnl_memory_desc_t * c, const dnnl_memory_desc_t * d, const dnnl_memory_desc_t * e), (a, b, c, d, e))
DLV_FORWARD(dnnl_status_t, dnnl_concat_primitive_desc_create, (dnnl_primitive_desc_t * a, const dnnl_memory_desc_t * b, int c, int d, const dnnl_memory_desc_t * e, const_dnnl_primitive_attr_t f, dnnl_engine_t g), (a, b, c, d, e, f, g))
DLV_FORWARD(dnnl_status_t, dnnl_dilated_convolution_forward_desc_init, (dnnl_convolution_desc_t * a, dnnl_prop_kind_t b, dnnl_alg_kind_t c, const dnnl_memory_desc_t * d, const dnnl_memory_desc_t * e, const dnnl_memory_desc_t * f, const dnnl_memory_desc_t * g, const dnnl_dim_t* h, const dnnl_dim_t* i, const dnnl_dim_t* j, const dnnl_dim_t* k), (a, b, c, d, e, f, g, h, i, j, k))
DLV_FORWARD(dnnl_status_t, dnnl_eltwise_forward_desc_init, (dnnl_eltwise_desc_t * a, dnnl_prop_kind_t b, dnnl_alg_kind_t c, const dnnl_memory_desc_t * d, float e, float f), (a, b, c, d, e, f))
DLV_FORWARD(dnnl_status_t, dnnl_engine_create, (dnnl_engine_t * a, dnnl_engine_kind_t b, size_t c), (a, b, c))
DLV_FORWARD(dnnl_status_t, dnnl_engine_destroy, (dnnl_engine_t a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_inner_product_forward_desc_init, (dnnl_inner_product_desc_t * a, dnnl_prop_kind_t b, const dnnl_memory_desc_t * c, const dnnl_memory_desc_t * d, const dnnl_memory_desc_t * e, const dnnl_memory_desc_t * f), (a, b, c, d, e, f))
DLV_FORWARD(dnnl_status_t, dnnl_memory_create, (dnnl_memory_t * a, const dnnl_memory_desc_t * b, dnnl_engine_t c, void * d), (a, b, c, d))
DLV_FORWARD(int, dnnl_memory_desc_equal, (const dnnl_memory_desc_t * a, const dnnl_memory_desc_t * b), (a, b))
DLV_FORWARD(size_t, dnnl_memory_desc_get_size, (const dnnl_memory_desc_t * a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_memory_desc_init_by_strides, (dnnl_memory_desc_t * a, int b, const dnnl_dim_t* c, dnnl_data_type_t d, const dnnl_dim_t* e), (a, b, c, d, e))
DLV_FORWARD(dnnl_status_t, dnnl_memory_desc_init_by_tag, (dnnl_memory_desc_t * a, int b, const dnnl_dim_t* c, dnnl_data_type_t d, dnnl_format_tag_t e), (a, b, c, d, e))
DLV_FORWARD(dnnl_status_t, dnnl_memory_desc_init_submemory, (dnnl_memory_desc_t * a, const dnnl_memory_desc_t * b, const dnnl_dim_t* c, const dnnl_dim_t* d), (a, b, c, d))
DLV_FORWARD(dnnl_status_t, dnnl_memory_destroy, (dnnl_memory_t a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_memory_get_engine, (const_dnnl_memory_t a, dnnl_engine_t * b), (a, b))
DLV_FORWARD(dnnl_status_t, dnnl_memory_get_memory_desc, (const_dnnl_memory_t a, const dnnl_memory_desc_t ** b), (a, b))
DLV_FORWARD(dnnl_status_t, dnnl_memory_set_data_handle_v2, (dnnl_memory_t a, void * b, dnnl_stream_t c), (a, b, c))
DLV_FORWARD(dnnl_status_t, dnnl_pooling_forward_desc_init, (dnnl_pooling_desc_t * a, dnnl_prop_kind_t b, dnnl_alg_kind_t c, const dnnl_memory_desc_t * d, const dnnl_memory_desc_t * e, const dnnl_dim_t* f, const dnnl_dim_t* g, const dnnl_dim_t* h, const dnnl_dim_t* i), (a, b, c, d, e, f, g, h, i))
DLV_FORWARD(dnnl_status_t, dnnl_post_ops_append_eltwise, (dnnl_post_ops_t a, float b, dnnl_alg_kind_t c, float d, float e), (a, b, c, d, e))
DLV_FORWARD(dnnl_status_t, dnnl_post_ops_append_sum, (dnnl_post_ops_t a, float b), (a, b))
DLV_FORWARD(dnnl_status_t, dnnl_post_ops_append_sum_v2, (dnnl_post_ops_t a, float b, dnnl_data_type_t c), (a, b, c))
DLV_FORWARD(dnnl_status_t, dnnl_post_ops_create, (dnnl_post_ops_t * a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_post_ops_destroy, (dnnl_post_ops_t a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_attr_create, (dnnl_primitive_attr_t * a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_attr_destroy, (dnnl_primitive_attr_t a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_attr_set_fpmath_mode, (dnnl_primitive_attr_t a, dnnl_fpmath_mode_t b), (a, b))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_attr_set_scratchpad_mode, (dnnl_primitive_attr_t a, dnnl_scratchpad_mode_t b), (a, b))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_attr_set_post_ops, (dnnl_primitive_attr_t a, const_dnnl_post_ops_t b), (a, b))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_create, (dnnl_primitive_t * a, const_dnnl_primitive_desc_t b), (a, b))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_desc_destroy, (dnnl_primitive_desc_t a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_desc_iterator_create, (dnnl_primitive_desc_iterator_t * a, const_dnnl_op_desc_t b, const_dnnl_primitive_attr_t c, dnnl_engine_t d, const_dnnl_primitive_desc_t e), (a, b, c, d, e))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_desc_iterator_destroy, (dnnl_primitive_desc_iterator_t a), (a))
DLV_FORWARD(dnnl_primitive_desc_t, dnnl_primitive_desc_iterator_fetch, (const_dnnl_primitive_desc_iterator_t a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_desc_query, (const_dnnl_primitive_desc_t a, dnnl_query_t b, int c, void * d), (a, b, c, d))
DLV_FORWARD(const dnnl_memory_desc_t*, dnnl_primitive_desc_query_md, (const_dnnl_primitive_desc_t a, dnnl_query_t b, int c), (a, b, c))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_destroy, (dnnl_primitive_t a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_primitive_execute, (const_dnnl_primitive_t a, dnnl_stream_t b, int c, const dnnl_exec_arg_t * d), (a, b, c, d))
DLV_FORWARD(dnnl_status_t, dnnl_reorder_primitive_desc_create, (dnnl_primitive_desc_t * a, const dnnl_memory_desc_t * b, dnnl_engine_t c, const dnnl_memory_desc_t * d, dnnl_engine_t e, const_dnnl_primitive_attr_t f), (a, b, c, d, e, f))
DLV_FORWARD(dnnl_status_t, dnnl_sgemm, (char a, char b, dnnl_dim_t c, dnnl_dim_t d, dnnl_dim_t e, float f, const float * g, dnnl_dim_t h, const float * i, dnnl_dim_t j, float k, float * l, dnnl_dim_t m), (a, b, c, d, e, f, g, h, i, j, k, l, m))
DLV_FORWARD(dnnl_status_t, dnnl_softmax_v2_forward_desc_init, (dnnl_softmax_v2_desc_t * a, dnnl_prop_kind_t b, dnnl_alg_kind_t c, const dnnl_memory_desc_t * d, const dnnl_memory_desc_t * e, int f), (a, b, c, d, e, f))
DLV_FORWARD(dnnl_status_t, dnnl_stream_create, (dnnl_stream_t * a, dnnl_engine_t b, unsigned c), (a, b, c))
DLV_FORWARD(dnnl_status_t, dnnl_stream_destroy, (dnnl_stream_t a), (a))
DLV_FORWARD(dnnl_status_t, dnnl_stream_wait, (dnnl_stream_t a), (a))

#undef DLV_FORWARD
