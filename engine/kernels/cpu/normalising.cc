// Normalisation with known moments by oneDNN, in any order, of few elements by a loop; local
// response normalisation as loops over neighbouring elements.

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/cpu/channel_affine.h"
#include "engine/kernels/cpu/post_ops.h"
#include "engine/kernels/cpu/rows.h"

namespace dlv::kernels {
namespace {

// ---- y = x * scale[c] + shift[c] -----------------------------------------------------------

struct AffineWork : KeptWork {
  memory::desc desc, channel;
  unsigned threads = 1;
  bool all_finite = false;
  std::size_t absorbed = 0;
  std::vector<float> zero, one, scale, shift;
  KeptPrimitive primitive;
  std::int64_t block = 0;  ///< channels at each position, where it is by our own loop
  bool has_relu = false;
};

/// Below, to prepare a primitive would take longer than the elements.
constexpr std::int64_t kFewElements = std::int64_t{1} << 15;

/// Elements of `block` channels at each of `positions`, or of one channel.
void ScaleBlock(const float* x, const float* scale, const float* shift, std::int64_t positions,
                std::int64_t block, float* y) {
  if (block == 1) {
    for (std::int64_t i = 0; i < positions; ++i) y[i] = x[i] * scale[0] + shift[0];
    return;
  }
  for (std::int64_t position = 0; position < positions; ++position, x += block, y += block) {
    for (std::int64_t i = 0; i < block; ++i) y[i] = x[i] * scale[i] + shift[i];
  }
}

/// All of a value; room between elements stays zero, as scale and shift are there.
void ScaleFew(const Value& in, const AffineWork& work, Value& out) {
  const auto* const x = reinterpret_cast<const float*>(in.data());
  auto* const y = reinterpret_cast<float*>(out.data());
  const auto channels = static_cast<std::int64_t>(work.scale.size());
  const std::int64_t positions = CountBetween(in.shape(), 2, in.rank());
  const std::int64_t all = in.shape()[0] * channels * positions;
  for (std::int64_t at = 0, channel = 0; at < all; at += positions * work.block) {
    ScaleBlock(x + at, work.scale.data() + channel, work.shift.data() + channel, positions,
               work.block, y + at);
    channel = (channel + work.block) % channels;
  }
  for (std::int64_t i = 0; work.has_relu && i < all; ++i) y[i] = y[i] > 0 ? y[i] : 0;
}

/// Channels that stand together at each position of a value of few elements; 0: of many, or of
/// another order.
std::int64_t BlockOfFew(const Value& in) {
  if (in.count() > kFewElements) return 0;
  if (in.is_plain()) return in.rank() == 2 ? in.shape()[1] : 1;
  const auto order = NamedOrderOf(in);
  return order ? order->block : 0;
}

std::vector<float> Rounded(const std::vector<double>& numbers) {
  return {numbers.begin(), numbers.end()};
}

/// Adds what followers do that scale and shift, too; returns how many.
std::size_t TakeAffines(const Call& call, ChannelAffine& affine) {
  std::size_t taken = 0;
  for (const Follower& follower : call.followers()) {
    const auto next = ReadAffine(follower, call.In(0).shape()[1], call.In(0).rank());
    if (!next) break;
    for (std::size_t i = 0; i < affine.scale.size(); ++i) {
      affine.scale[i] *= next->scale[i];
      affine.shift[i] = affine.shift[i] * next->scale[i] + next->shift[i];
    }
    ++taken;
  }
  return taken;
}

/// A normalisation with mean 0 and variance 1, which leaves scale and shift.
std::shared_ptr<const AffineWork> MakeAffineWork(const Call& call, ChannelAffine affine) {
  using dnnl::normalization_flags;
  auto work = std::make_shared<AffineWork>();
  work->desc = DescOf(call.In(0));
  work->threads = call.threads();
  work->all_finite = call.all_finite();
  auto flags = normalization_flags::use_global_stats | normalization_flags::use_scale |
               normalization_flags::use_shift;
  work->absorbed = TakeAffines(call, affine);
  const auto rest = call.followers().subspan(work->absorbed);
  if (!rest.empty() && rest[0].node->op == "Relu" && call.all_finite()) {
    flags = flags | normalization_flags::fuse_norm_relu;
    work->has_relu = true;
    ++work->absorbed;
  }
  work->scale = Rounded(affine.scale);
  work->shift = Rounded(affine.shift);
  work->block = BlockOfFew(call.In(0));
  if (work->block > 0) {
    const auto block = static_cast<std::size_t>(work->block);
    const std::size_t whole = (work->scale.size() + block - 1) / block * block;
    work->scale.resize(whole);
    work->shift.resize(whole);
    return work;
  }
  const dnnl::batch_normalization_forward::desc wanted(dnnl::prop_kind::forward_inference,
                                                       work->desc, 0, flags);
  const dnnl::batch_normalization_forward::primitive_desc chosen(wanted, KeptAttributes(),
                                                                 CpuEngine());
  if (IsSlow(chosen)) return nullptr;
  const auto channels = affine.scale.size();
  work->channel = PlainDesc({static_cast<std::int64_t>(channels)});
  work->zero.assign(channels, 0);
  work->one.assign(channels, 1);
  work->primitive = KeptPrimitive(dnnl::batch_normalization_forward(chosen), chosen);
  return work;
}

bool HasFixedOperands(const Call& call) {
  for (std::size_t i = 1; i < call.input_count(); ++i) {
    if (call.Has(i) && !call.IsFixed(i)) return false;
  }
  return true;
}

/// Without a state nothing is fixed, and nothing kept.
Status CpuAffine(Call& call) {
  DLV_TRY(call.CheckCancelled());
  const Value& in = call.In(0);
  const bool kept = call.state() == nullptr || HasFixedOperands(call);
  if (!IsChannelAffine(call.node()) || in.dtype() != DType::kF32 || in.rank() < 2 ||
      in.rank() > 5 || in.count() == 0 || !kept) {
    return RunReference(call);
  }
  const ThreadCount threads(ThreadsFor(call, 16 * in.count()));
  const auto work = KeptOrMade<AffineWork>(
      call,
      [&](const AffineWork& old) {
        return old.threads == call.threads() && old.all_finite == call.all_finite() &&
               old.desc == DescOf(in);
      },
      [&]() -> std::shared_ptr<const AffineWork> {
        const auto affine = ReadChannelAffine(
            call.node(), [&](std::size_t i) { return call.Has(i) ? &call.In(i) : nullptr; },
            in.shape()[1]);
        return affine ? MakeAffineWork(call, *affine) : nullptr;
      });
  if (work == nullptr) return RunReference(call);
  DLV_ASSIGN(Value * out, MakeOutput(call, in.shape(), work->desc));
  if (work->block > 0) {
    ScaleFew(in, *work, *out);
    call.Absorb(work->absorbed);
    return Ok();
  }
  Status status = Ok();
  const auto vector = [&](int kind, const std::vector<float>& numbers) {
    return Argument{kind, work->channel, reinterpret_cast<const std::byte*>(numbers.data())};
  };
  const bool done = Tried([&] {
    status = work->primitive.Run({{DNNL_ARG_SRC, work->desc, in.data()},
                                  vector(DNNL_ARG_MEAN, work->zero),
                                  vector(DNNL_ARG_VARIANCE, work->one),
                                  vector(DNNL_ARG_SCALE, work->scale),
                                  vector(DNNL_ARG_SHIFT, work->shift),
                                  {DNNL_ARG_DST, work->desc, out->data()}},
                                 call.memory());
  });
  if (!done) return RunReference(call);
  call.Absorb(work->absorbed);
  return status;
}

// ---- local response ------------------------------------------------------------------------

/// y = x * (bias + factor * squares)^-beta, for a row of elements.
void ScaleRow(const float* x, const float* squares, float bias, float factor, float beta,
              std::int64_t count, float* y) {
  if (beta == 0.75F) {
    for (std::int64_t i = 0; i < count; ++i) {
      const float root = std::sqrt(bias + factor * squares[i]);
      y[i] = x[i] / (root * std::sqrt(root));
    }
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    y[i] = x[i] / std::pow(bias + factor * squares[i], beta);
  }
}

/// Sums of squares over a range of channels. Shapes: x [channels, plane], squares [plane].
void SumSquares(const float* x, std::int64_t first, std::int64_t last, std::int64_t plane,
                float* squares) {
  std::fill_n(squares, plane, 0.F);
  for (std::int64_t c = first; c <= last; ++c) {
    const float* row = x + c * plane;
    for (std::int64_t i = 0; i < plane; ++i) squares[i] += row[i] * row[i];
  }
}

Status CpuLrn(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  const std::int64_t size = call.Whole("size", 0);
  if (in.dtype() != DType::kF32 || in.rank() < 3 || size < 1 || size > 64)
    return RunReference(call);
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, in.shape()));
  const std::int64_t channels = in.shape()[1], plane = CountBetween(in.shape(), 2, in.rank());
  const auto factor = static_cast<float>(call.Real("alpha", 1e-4F) / static_cast<double>(size));
  const auto beta = static_cast<float>(call.Real("beta", 0.75));
  const auto bias = static_cast<float>(call.Real("bias", 1));
  std::vector<float> squares(static_cast<std::size_t>(plane));
  for (std::int64_t n = 0; n < in.shape()[0]; ++n) {
    DLV_TRY(call.CheckCancelled());
    const float* x = in.As<float>().data() + n * channels * plane;
    float* y = out->As<float>().data() + n * channels * plane;
    for (std::int64_t c = 0; c < channels; ++c) {
      SumSquares(x, std::max<std::int64_t>(c - (size - 1) / 2, 0),
                 std::min(c + size / 2, channels - 1), plane, squares.data());
      ScaleRow(x + c * plane, squares.data(), bias, factor, beta, plane, y + c * plane);
    }
  }
  return Ok();
}

/// Sums of squares over the square around each element of a plane: first down, then along rows.
class SquaresAround {
 public:
  SquaresAround(std::int64_t rows, std::int64_t columns, std::int64_t reach)
      : rows_(rows), columns_(columns), reach_(reach), down_(static_cast<std::size_t>(columns)) {}

  /// Shapes: plane [rows, columns], sums [columns].
  void OfRow(const float* plane, std::int64_t row, float* sums) {
    const std::int64_t first = std::max<std::int64_t>(row - reach_, 0);
    SumSquares(plane, first, std::min(row + reach_, rows_ - 1), columns_, down_.data());
    std::fill_n(sums, columns_, 0.F);
    for (std::int64_t shift = -reach_; shift <= reach_; ++shift) {
      const std::int64_t begin = std::max<std::int64_t>(0, -shift);
      const std::int64_t end = std::min(columns_, columns_ - shift);
      for (std::int64_t i = begin; i < end; ++i)
        sums[i] += down_[static_cast<std::size_t>(i + shift)];
    }
  }

 private:
  std::int64_t rows_, columns_, reach_;
  std::vector<float> down_;
};

/// Caffe's, within channels.
Status CpuLrnWithin(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  const std::int64_t size = call.Whole("local_size", 5);
  if (in.dtype() != DType::kF32 || in.rank() != 4 || size < 1 || size > 64 || size % 2 == 0) {
    return RunReference(call);
  }
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, in.shape()));
  const std::int64_t rows = in.shape()[2], columns = in.shape()[3];
  const auto factor = static_cast<float>(call.Real("alpha", 1) / static_cast<double>(size * size));
  const auto beta = static_cast<float>(call.Real("beta", 0.75));
  SquaresAround around(rows, columns, size / 2);
  std::vector<float> sums(static_cast<std::size_t>(columns));
  const float* x = in.As<float>().data();
  float* y = out->As<float>().data();
  for (std::int64_t i = 0; i < in.shape()[0] * in.shape()[1]; ++i, x += rows * columns) {
    DLV_TRY(call.CheckCancelled());
    for (std::int64_t row = 0; row < rows; ++row, y += columns) {
      around.OfRow(x, row, sums.data());
      ScaleRow(x + row * columns, sums.data(), 1, factor, beta, columns, y);
    }
  }
  return Ok();
}

constexpr KernelRow kCpuNormalisingKernels[] = {
    {"", "BatchNormalization", CpuAffine, true},
    {"", "LRN", CpuLrn},
    {"caffe", "BatchNorm", CpuAffine, true},
    {"caffe", "Bias", CpuAffine, true},
    {"caffe", "LRN", CpuLrnWithin},
    {"caffe", "Scale", CpuAffine, true},
};

}  // namespace

std::span<const KernelRow> CpuNormalisingKernels() { return kCpuNormalisingKernels; }

}  // namespace dlv::kernels
