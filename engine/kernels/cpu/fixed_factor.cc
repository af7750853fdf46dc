#include "engine/kernels/cpu/fixed_factor.h"

#include "engine/kernels/cpu/parallel.h"
#include "engine/kernels/cpu/plane_kernels.h"
#include "engine/kernels/cpu/post_ops.h"

namespace dlv::kernels {
namespace {

/// Elements of B that are brought into the order of folded rows. A larger one would be held twice
/// meanwhile, and takes so long to read that the order of x makes no difference.
constexpr std::int64_t kMostFolded = std::int64_t{1} << 22;

struct FactorWork : KeptWork {
  std::int64_t rows = 0;
  unsigned threads = 1;
  bool all_finite = false;
  std::size_t absorbed = 0;
  memory::desc image, factor_order;
  Value factor, bias;

  virtual Status Run(Call& call, Value& out) const = 0;
};

/// B turned over, of which each row is an image in the order of those of x.
Result<Value> FoldFactor(const Call& call, const FactorProduct& product) {
  const memory::desc folded = ImageOf(call.In(0), product.columns);
  memory::dims steps = StridesOf(folded.dims());
  if (!product.turned) {
    for (std::int64_t& step : steps) step *= product.columns;
    steps[0] = 1;
  }
  const memory::desc stored(folded.dims(), memory::data_type::f32, steps);
  DLV_ASSIGN(Value factor, call.memory().Make(DType::kF32, {product.columns, product.depth}));
  DLV_TRY(Reorder(stored, call.In(1).data(), folded, factor.data(), call.memory()));
  return factor;
}

/// B, [columns, depth], in the order of `wanted`.
Result<Value> PackFactor(const Call& call, const FactorProduct& product,
                         const memory::desc& wanted) {
  Value factor = call.In(1);
  const bool is_folded = !product.image.is_zero();
  if (is_folded) {
    DLV_ASSIGN(factor, FoldFactor(call, product));
  }
  const memory::dims dims = {product.columns, product.depth};
  const memory::desc stored =
      product.turned || is_folded
          ? PlainDesc(dims)
          : memory::desc(dims, memory::data_type::f32, memory::dims{1, product.columns});
  if (stored == wanted) return factor;
  DLV_ASSIGN(Value packed, MakeOrdered(call.memory(), dims, wanted));
  DLV_TRY(Reorder(stored, factor.data(), wanted, packed.data(), call.memory()));
  return packed;
}

/// Packs B for the work, or takes what another batch size has packed in the same way.
Status TakeFactor(const Call& call, const FactorProduct& product, FactorWork& work) {
  if (call.state() != nullptr) {
    const auto other = call.state()->Find<FactorWork>([&](const FactorWork& kept) {
      return kept.factor_order == work.factor_order && kept.image == work.image;
    });
    if (other != nullptr) {
      work.factor = other->factor;
      return Ok();
    }
  }
  DLV_ASSIGN(work.factor, PackFactor(call, product, work.factor_order));
  return Ok();
}

/// Whether the follower adds the same number to each element of a column in every run.
bool IsBias(const Follower& follower, const FactorProduct& product) {
  if (!IsSum(*follower.node) || !follower.is_fixed) return false;
  const Value* addend = follower.operands[1 - follower.fed];
  return addend != nullptr && addend->present() && addend->dtype() == DType::kF32 &&
         addend->count() == product.columns && addend->rank() <= product.out.size() &&
         addend->rank() > 0 && addend->shape().back() == product.columns;
}

/// Sets the bias, and takes the activations behind it along as long as `take` says so.
template <class Take>
void AbsorbFollowers(const Call& call, const FactorProduct& product, FactorWork& work, Take take) {
  bool is_active = false;
  if (product.bias != nullptr) work.bias = *product.bias;
  for (const Follower& follower : call.followers()) {
    if (IsBias(follower, product) && !work.bias.present() && !is_active) {
      work.bias = *follower.operands[1 - follower.fed];
    } else {
      const auto activation = ReadActivation(*follower.node, OperandsOf(follower));
      if (!activation || !call.all_finite() || !take(*activation)) return;
      is_active = true;
    }
    ++work.absorbed;
  }
}

// ---- by oneDNN -----------------------------------------------------------------------------

struct PrimitiveWork : FactorWork {
  memory::desc src, bias_order, dst;
  KeptPrimitive primitive;

  Status Run(Call& call, Value& out) const override {
    return primitive.Run({{DNNL_ARG_SRC, src, call.In(0).data()},
                          {DNNL_ARG_WEIGHTS, factor_order, factor.data()},
                          {DNNL_ARG_BIAS, bias_order, bias.present() ? bias.data() : nullptr},
                          {DNNL_ARG_DST, dst, out.data()}},
                         call.memory());
  }
};

std::shared_ptr<FactorWork> MakePrimitive(const Call& call, const FactorProduct& product) {
  auto work = std::make_shared<PrimitiveWork>();
  dnnl::post_ops ops;
  AbsorbFollowers(call, product, *work, [&](const Activation& activation) {
    ops.append_eltwise(1, activation.algorithm, activation.alpha, activation.beta);
    return true;
  });
  dnnl::primitive_attr attributes = KeptAttributes();
  attributes.set_post_ops(ops);
  work->src = PlainDesc({product.rows, product.depth});
  work->dst = PlainDesc({product.rows, product.columns});
  if (work->bias.present()) work->bias_order = PlainDesc({product.columns});
  const dnnl::inner_product_forward::desc wanted(dnnl::prop_kind::forward_inference, work->src,
                                                 AnyDesc({product.columns, product.depth}),
                                                 work->bias_order, work->dst);
  const dnnl::inner_product_forward::primitive_desc chosen(wanted, attributes, CpuEngine());
  if (IsSlow(chosen)) return nullptr;
  work->factor_order = chosen.weights_desc();
  work->primitive = KeptPrimitive(dnnl::inner_product_forward(chosen), chosen);
  return work;
}

// ---- one row -------------------------------------------------------------------------------

/// oneDNN sums a column in one register: a product waits for the one before, and a thread that
/// takes some of the columns is no sooner done than with all. Behind fewer products than these,
/// bringing the parts of a sum together takes longer than that.
constexpr std::int64_t kLeastDepth = 256;

class RowWork : public FactorWork {
 public:
  RowWork(const Call& call, const FactorProduct& product)
      : columns_(product.columns), depth_(product.depth) {
    factor_order = PlainDesc({columns_, depth_});
    AbsorbFollowers(call, product, *this, [&](const Activation& activation) {
      const auto bounds = BoundsOf(activation);
      if (!bounds || end_.is_bounded) return false;
      end_ = {.is_bounded = true, .low = bounds->first, .high = bounds->second};
      return true;
    });
  }

  Status Run(Call& call, Value& out) const override {
    const auto* const x = reinterpret_cast<const float*>(call.In(0).data());  // perhaps folded
    float* const y = out.As<float>().data();
    const std::int64_t parts = ThreadCount::Current();
    RunParts(ThreadCount::Current(), parts, [&](std::int64_t part, unsigned) {
      const std::int64_t first = FirstOf(part, parts), end = FirstOf(part + 1, parts);
      RowProduct some = {.depth = depth_, .columns = end - first, .x = x, .end = end_};
      some.weights = factor.As<float>().data() + first * depth_;
      if (bias.present()) some.bias = bias.As<float>().data() + first;
      some.y = y + first;
      kernels_.dot(some);
    });
    return Ok();
  }

 private:
  std::int64_t FirstOf(std::int64_t part, std::int64_t parts) const {
    constexpr std::int64_t kTogether = 4;  // columns that read x together
    return part == parts ? columns_ : part * columns_ / parts / kTogether * kTogether;
  }

  const PlaneKernels& kernels_ = BestPlaneKernels();
  std::int64_t columns_, depth_;
  PlaneEnd end_;
};

std::shared_ptr<const FactorWork> MakeFactorWork(const Call& call, const FactorProduct& product) {
  std::shared_ptr<FactorWork> work;
  if (product.rows == 1 && product.depth >= kLeastDepth) {
    work = std::make_shared<RowWork>(call, product);
  } else {
    work = MakePrimitive(call, product);
  }
  if (work == nullptr) return nullptr;
  work->rows = product.rows;
  work->image = product.image;
  work->threads = call.threads();
  work->all_finite = call.all_finite();
  return TakeFactor(call, product, *work).ok() ? work : nullptr;
}

/// A row reads each weight once, which takes as long as some operations.
std::int64_t OperationsOf(const FactorProduct& product) {
  constexpr std::int64_t kRead = 8;
  return (product.rows == 1 ? kRead : product.rows) * product.columns * product.depth;
}

}  // namespace

Status UnfoldBesideLarge(Call& call) {
  if (!call.In(0).is_folded() || call.In(1).count() <= kMostFolded) return Ok();
  return call.MakePlain();
}

Result<bool> RunFactorProduct(Call& call, const FactorProduct& product) {
  const ThreadCount threads(ThreadsFor(call, OperationsOf(product)));
  const auto work = KeptOrMade<FactorWork>(
      call,
      [&](const FactorWork& kept) {
        return kept.threads == call.threads() && kept.all_finite == call.all_finite() &&
               kept.rows == product.rows && kept.image == product.image;
      },
      [&] { return MakeFactorWork(call, product); });
  if (work == nullptr) return false;
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, product.out));
  Status status = Ok();
  if (!Tried([&] { status = work->Run(call, *out); })) return false;
  DLV_TRY(status);
  call.Absorb(work->absorbed);
  return true;
}

}  // namespace dlv::kernels
