// Products of matrices by oneDNN: with factors that are the same in every run packed once, else as
// they stand.

#include <algorithm>
#include <atomic>

#include "engine/kernels/cpu/parallel.h"
#include "engine/kernels/cpu/post_ops.h"
#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/matrix_operands.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
namespace {

// ---- any factors ---------------------------------------------------------------------------

/// c = alpha * a b + beta * c, all in C order. Returns whether oneDNN did it.
bool MultiplyMatrices(bool turn_a, bool turn_b, std::int64_t rows, std::int64_t columns,
                      std::int64_t depth, float alpha, const float* a, const float* b, float beta,
                      float* c) {
  return dnnl_sgemm(turn_a ? 'T' : 'N', turn_b ? 'T' : 'N', rows, columns, depth, alpha, a,
                    turn_a ? rows : depth, b, turn_b ? depth : columns, beta, c,
                    columns) == dnnl_success;
}

Status AnyGemm(Call& call, const GemmOperands& gemm) {
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, {gemm.rows, gemm.columns}));
  const bool has_c = call.Has(2);
  if (has_c) {
    CopyElements({gemm.rows, gemm.columns}, sizeof(float), call.In(2).data(), gemm.c_strides,
                 out->data(), {gemm.columns, 1});
  }
  const bool done = MultiplyMatrices(
      gemm.turn_a, gemm.turn_b, gemm.rows, gemm.columns, gemm.depth, static_cast<float>(gemm.alpha),
      call.In(0).As<float>().data(), call.In(1).As<float>().data(),
      has_c ? static_cast<float>(gemm.beta) : 0, out->As<float>().data());
  return done ? Ok() : RunReference(call);
}

Status AnyMatMul(Call& call, const MatMulOperands& product) {
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, product.out));
  const float *a = call.In(0).As<float>().data(), *b = call.In(1).As<float>().data();
  float* c = out->As<float>().data();
  Status status = Ok();
  bool done = true;
  ForEachRun<2>(
      product.batch, {product.a_strides, product.b_strides},
      [&](const Places<2>& places, const Places<2>& steps, std::int64_t count) {
        for (std::int64_t i = 0; i < count && done && status.ok(); ++i) {
          status = call.CheckCancelled();
          const float* left = a + (places[0] + i * steps[0]) * product.rows * product.depth;
          const float* right = b + (places[1] + i * steps[1]) * product.depth * product.columns;
          done = MultiplyMatrices(false, false, product.rows, product.columns, product.depth, 1,
                                  left, right, 0, c);
          c += product.rows * product.columns;
        }
      });
  DLV_TRY(status);
  return done ? Ok() : RunReference(call);
}

// ---- a fixed second factor -----------------------------------------------------------------

/// y [rows, columns] = x [rows, depth] B + bias, B and bias the same in every run. Where x is
/// folded, the rows of B are brought into the order that the elements of x stand in.
struct Layer {
  std::int64_t rows = 0, columns = 0, depth = 0;
  bool turned = false;          ///< B is stored [columns, depth]
  const Value* bias = nullptr;  ///< of the node, one number a column
  Shape out;
  memory::desc image;  ///< of a row of x, where x is folded (ImageOf)
};

struct LayerWork : KeptWork {
  std::int64_t rows = 0;
  unsigned threads = 1;
  bool all_finite = false;
  std::size_t absorbed = 0;
  std::int64_t columns = 0;  ///< of a part; all parts are alike
  memory::desc image, src, weight_desc, bias_desc, dst;
  KeptPrimitive primitive;
  std::vector<Value> weights;  ///< one a part
  Value bias;
};

/// Elements of B that are brought into the order of folded rows. A larger one would be held twice
/// meanwhile, and takes so long to read that the order of x makes no difference.
constexpr std::int64_t kMostFolded = std::int64_t{1} << 22;

/// Brings x into C order where B is not for it as it is.
Status UnfoldBesideLarge(Call& call) {
  if (!call.In(0).is_folded() || call.In(1).count() <= kMostFolded) return Ok();
  return call.MakePlain();
}

/// B turned over, of which each row is an image in the order of those of x.
Result<Value> FoldFactor(const Call& call, const Layer& layer) {
  const memory::desc folded = ImageOf(call.In(0), layer.columns);
  memory::dims steps = StridesOf(folded.dims());
  if (!layer.turned) {
    for (std::int64_t& step : steps) step *= layer.columns;
    steps[0] = 1;
  }
  const memory::desc stored(folded.dims(), memory::data_type::f32, steps);
  DLV_ASSIGN(Value factor, call.memory().Make(DType::kF32, {layer.columns, layer.depth}));
  DLV_TRY(Reorder(stored, call.In(1).data(), folded, factor.data(), call.memory()));
  return factor;
}

/// `columns` of B from each multiple of it on, in the order of `wanted`.
Result<std::vector<Value>> PackFactor(const Call& call, const Layer& layer, std::int64_t columns,
                                      const memory::desc& wanted) {
  Value factor = call.In(1);
  if (!layer.image.is_zero()) {
    DLV_ASSIGN(factor, FoldFactor(call, layer));
  }
  const bool turned = layer.turned || !layer.image.is_zero();
  const memory::dims dims = {columns, layer.depth};
  const memory::desc stored =
      turned ? PlainDesc(dims)
             : memory::desc(dims, memory::data_type::f32, memory::dims{1, layer.columns});
  if (stored == wanted && columns == layer.columns) return std::vector<Value>{std::move(factor)};
  std::vector<Value> packed;
  for (std::int64_t first = 0; first < layer.columns; first += columns) {
    const float* const from = factor.As<float>().data() + first * (turned ? layer.depth : 1);
    DLV_ASSIGN(Value part, MakeOrdered(call.memory(), dims, wanted));
    DLV_TRY(Reorder(stored, reinterpret_cast<const std::byte*>(from), wanted, part.data(),
                    call.memory()));
    packed.push_back(std::move(part));
  }
  return packed;
}

/// oneDNN gives a product of one row with so few columns to one thread.
constexpr std::int64_t kOneBlock = 64;
/// Columns that are fast by themselves.
constexpr std::int64_t kLeastPart = 16;

/// A row reads each weight once, which takes as long as some operations.
std::int64_t OperationsOf(const Layer& layer) {
  constexpr std::int64_t kRead = 8;
  const std::int64_t weights = layer.columns * layer.depth;
  return layer.columns <= kOneBlock ? std::max(layer.rows, kRead) * weights : layer.rows * weights;
}

/// Columns of each of the parts that threads may take.
std::int64_t ColumnsOfPart(const Layer& layer) {
  const std::int64_t parts = ThreadCount::Current();
  const bool divides = layer.columns % parts == 0 && layer.columns / parts >= kLeastPart;
  return layer.rows == 1 && layer.columns <= kOneBlock && divides ? layer.columns / parts
                                                                  : layer.columns;
}

/// Whether the follower adds the same number to each element of a column in every run.
bool IsBias(const Follower& follower, const Layer& layer) {
  if (!IsSum(*follower.node) || !follower.is_fixed) return false;
  const Value* addend = follower.operands[1 - follower.fed];
  return addend != nullptr && addend->present() && addend->dtype() == DType::kF32 &&
         addend->count() == layer.columns && addend->rank() <= layer.out.size() &&
         addend->rank() > 0 && addend->shape().back() == layer.columns;
}

std::shared_ptr<const LayerWork> MakeLayerWork(const Call& call, const Layer& layer) {
  dnnl::post_ops ops;
  auto work = std::make_shared<LayerWork>();
  if (layer.bias != nullptr) work->bias = *layer.bias;
  for (const Follower& follower : call.followers()) {
    if (IsBias(follower, layer) && !work->bias.present()) {
      work->bias = *follower.operands[1 - follower.fed];
      ++work->absorbed;
      continue;
    }
    const auto activation = ReadActivation(*follower.node, OperandsOf(follower));
    if (!activation || !call.all_finite()) break;
    ops.append_eltwise(1, activation->algorithm, activation->alpha, activation->beta);
    ++work->absorbed;
  }
  dnnl::primitive_attr attributes = KeptAttributes();
  attributes.set_post_ops(ops);
  work->image = layer.image;
  work->columns = ColumnsOfPart(layer);
  work->src = PlainDesc({layer.rows, layer.depth});
  work->dst = PlainDesc({layer.rows, work->columns});
  if (work->bias.present()) work->bias_desc = PlainDesc({work->columns});
  const dnnl::inner_product_forward::desc wanted(dnnl::prop_kind::forward_inference, work->src,
                                                 AnyDesc({work->columns, layer.depth}),
                                                 work->bias_desc, work->dst);
  const dnnl::inner_product_forward::primitive_desc chosen(wanted, attributes, CpuEngine());
  if (IsSlow(chosen)) return nullptr;
  work->rows = layer.rows;
  work->threads = call.threads();
  work->all_finite = call.all_finite();
  work->weight_desc = chosen.weights_desc();
  work->primitive = KeptPrimitive(dnnl::inner_product_forward(chosen), chosen);
  if (call.state() != nullptr) {  // what another batch size has packed in the same way
    const auto other = call.state()->Find<LayerWork>([&](const LayerWork& kept) {
      return kept.weight_desc == work->weight_desc && kept.image == work->image &&
             kept.columns == work->columns;
    });
    if (other != nullptr) {
      work->weights = other->weights;
      return work;
    }
  }
  auto packed = PackFactor(call, layer, work->columns, work->weight_desc);
  if (!packed.ok()) return nullptr;
  work->weights = std::move(*packed);
  return work;
}

Status RunPart(const LayerWork& work, std::size_t part, Call& call, Value& out) {
  const auto from = static_cast<std::int64_t>(part) * work.columns * std::int64_t{sizeof(float)};
  const std::byte* const bias = work.bias.present() ? work.bias.data() + from : nullptr;
  return work.primitive.Run({{DNNL_ARG_SRC, work.src, call.In(0).data()},
                             {DNNL_ARG_WEIGHTS, work.weight_desc, work.weights[part].data()},
                             {DNNL_ARG_BIAS, work.bias_desc, bias},
                             {DNNL_ARG_DST, work.dst, out.data() + from}},
                            call.memory());
}

/// The parts one beside the other. Returns whether oneDNN did it.
Result<bool> RunParted(const LayerWork& work, Call& call, Value& out) {
  std::atomic<bool> done = true;
  std::vector<Status> status(work.weights.size(), Ok());
  RunParts(ThreadCount::Current(), static_cast<std::int64_t>(work.weights.size()),
           [&](std::int64_t part, unsigned) {
             const auto at = static_cast<std::size_t>(part);
             if (!Tried([&] { status[at] = RunPart(work, at, call, out); })) done = false;
           });
  for (const Status& one : status) DLV_TRY(one);
  return done.load();
}

/// Returns whether it was done.
Result<bool> RunLayer(Call& call, const Layer& layer) {
  const ThreadCount threads(ThreadsFor(call, OperationsOf(layer)));
  const auto work = KeptOrMade<LayerWork>(
      call,
      [&](const LayerWork& kept) {
        return kept.threads == call.threads() && kept.all_finite == call.all_finite() &&
               kept.rows == layer.rows && kept.image == layer.image;
      },
      [&] { return MakeLayerWork(call, layer); });
  if (work == nullptr) return false;
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, layer.out));
  DLV_ASSIGN(const bool done, RunParted(*work, call, *out));
  if (done) call.Absorb(work->absorbed);
  return done;
}

// ---- kernels -------------------------------------------------------------------------------

const Value* BiasOf(const Call& call) { return call.Has(2) ? &call.In(2) : nullptr; }

bool IsLayer(const Call& call, const GemmOperands& gemm) {
  if (!call.IsFixed(1) || gemm.turn_a || gemm.alpha != 1) return false;
  return !call.Has(2) ||
         (gemm.beta == 1 && call.In(2).count() == gemm.columns && gemm.c_strides == Strides{0, 1});
}

Status CpuGemm(Call& call) {
  DLV_ASSIGN(const GemmOperands gemm, ReadGemm(call));
  const bool is_empty = gemm.rows == 0 || gemm.columns == 0 || gemm.depth == 0;
  if (call.In(0).dtype() != DType::kF32 || is_empty) return RunReference(call);
  DLV_TRY(call.CheckCancelled());
  if (IsLayer(call, gemm)) {
    DLV_TRY(UnfoldBesideLarge(call));
    const Layer layer = {gemm.rows,          gemm.columns, gemm.depth,
                         gemm.turn_b,        BiasOf(call), {gemm.rows, gemm.columns},
                         ImageOf(call.In(0))};
    DLV_ASSIGN(const bool done, RunLayer(call, layer));
    if (done) return Ok();
  }
  DLV_TRY(call.MakePlain());
  return AnyGemm(call, gemm);
}

Status CpuMatMul(Call& call) {
  DLV_ASSIGN(const MatMulOperands product, ReadMatMul(call));
  const bool is_empty = product.rows == 0 || product.columns == 0 || product.depth == 0;
  if (call.In(0).dtype() != DType::kF32 || is_empty || CountOf(product.out) == 0) {
    return RunReference(call);
  }
  if (call.IsFixed(1) && call.In(1).rank() == 2) {
    DLV_TRY(call.CheckCancelled());
    DLV_TRY(UnfoldBesideLarge(call));
    const std::int64_t rows = CountOf(product.batch) * product.rows;
    const Layer layer = {rows,    product.columns, product.depth,      false,
                         nullptr, product.out,     ImageOf(call.In(0))};
    DLV_ASSIGN(const bool done, RunLayer(call, layer));
    if (done) return Ok();
  }
  DLV_TRY(call.MakePlain());
  return AnyMatMul(call, product);
}

constexpr KernelRow kCpuMatrixKernels[] = {{"", "Gemm", CpuGemm, false, false, true},
                                           {"", "MatMul", CpuMatMul, false, false, true}};

}  // namespace

std::span<const KernelRow> CpuMatrixKernels() { return kCpuMatrixKernels; }

}  // namespace dlv::kernels
