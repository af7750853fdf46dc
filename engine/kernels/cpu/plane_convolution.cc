#include "engine/kernels/cpu/plane_convolution.h"

#include <algorithm>

#include "engine/kernels/cpu/parallel.h"
#include "engine/kernels/cpu/plane_kernels.h"
#include "engine/kernels/cpu/shuffle.h"

namespace dlv::kernels {
namespace {

/// What is done at the end of each sum, as far as the kernels can.
struct PlaneTail {
  std::size_t absorbed = 0;
  std::size_t sum = SIZE_MAX;  ///< the follower that adds
  PlaneEnd end;                ///< its bounds
  std::int64_t parts = 1;      ///< in which channels are shuffled
};

bool IsPoint(const ConvOperands& conv) {
  return std::ranges::all_of(conv.window, [](const WindowAxis& axis) {
    return axis.kernel == 1 && axis.stride == 1 && axis.before == 0 && axis.after == 0;
  });
}

/// Scales and shifts, then a sum, bounds and a shuffle, as far as the followers are these.
PlaneTail PlaneTailOf(const ConvolutionTail& tail, const ConvOperands& conv) {
  PlaneTail plane;
  for (std::size_t i = 0; i < tail.count && !plane.end.is_bounded; ++i) {
    if (i == tail.sum) {
      plane.sum = i;
    } else if (i >= tail.affines.size()) {
      const auto bounds = tail.ops[i] ? BoundsOf(*tail.ops[i]) : std::nullopt;
      if (!bounds) break;
      plane.end.is_bounded = true;
      plane.end.low = bounds->first;
      plane.end.high = bounds->second;
    }
    ++plane.absorbed;
  }
  // The channels of one group must be of one part, so that they stand evenly in the result.
  const bool shuffles = plane.absorbed == tail.count && tail.shuffled_parts > 0 && IsPoint(conv) &&
                        conv.channels.groups % tail.shuffled_parts == 0;
  if (shuffles) {
    plane.parts = tail.shuffled_parts;
    plane.absorbed += kShuffleNodes;
  }
  return plane;
}

/// Elements from one image to the next, and from one channel to the next, of a value whose planes
/// are each in C order; nothing where they are not.
struct PlaneSteps {
  std::int64_t image = 0, channel = 0;
};
std::optional<PlaneSteps> PlaneStepsOf(const Value& value) {
  if (!value.is_plain() && !value.is_view()) return std::nullopt;
  const Strides steps = StepsOf(value), plain = StridesOf(value.shape());
  if (!std::equal(steps.begin() + 2, steps.end(), plain.begin() + 2)) return std::nullopt;
  return PlaneSteps{steps[0], steps[1]};
}

PlaneWindow WindowOf(const ConvOperands& conv) {
  const WindowAxis &height = conv.window[1], &width = conv.window[2];
  return {.in_height = height.in,
          .in_width = width.in,
          .out_height = height.out,
          .out_width = width.out,
          .kernel_height = height.kernel,
          .kernel_width = width.kernel,
          .stride_height = height.stride,
          .stride_width = width.stride,
          .dilation_height = height.dilation,
          .dilation_width = width.dilation,
          .top = height.before,
          .left = width.before};
}

bool IsDepthwise(const Value& x, const ConvOperands& conv) {
  return conv.channels.in_group() == 1 && x.rank() == 4 &&
         conv.window[2].kernel <= kMostKernelWidth && IsCompact(WindowOf(conv)) &&
         PlaneStepsOf(x).has_value();
}

class PlaneConvolution : public ConvolutionWork {
 public:
  PlaneConvolution(const ConvOperands& operands, const ConvolutionTail& tail)
      : is_point_(IsPoint(operands)),
        tail_(PlaneTailOf(tail, operands)),
        window_(WindowOf(operands)) {
    conv = operands;
    absorbed = tail_.absorbed;
    affines_ = tail.AffinesOf(absorbed);
    if (!is_point_) shape_ = PaddedPlaneOf(window_);
  }

  /// Weights in the order of the kernels, and the bias. Errors: as Memory::Make.
  Status Pack(const Call& call) {
    if (TakePacked(call)) return Ok();
    DLV_ASSIGN(weights_, call.memory().Make(DType::kF32, call.In(1).shape()));
    const auto scaled = Scaled(call.In(1).As<float>(), affines_);
    if (is_point_) {
      const std::int64_t rows = conv.channels.out_group(), depth = conv.channels.in_group();
      for (std::int64_t group = 0; group < conv.channels.groups; ++group) {
        const std::int64_t first = group * rows * depth;
        PackRows(scaled.data() + first, rows, depth, kernels_.rows_at_once,
                 weights_.As<float>().data() + first);
      }
    } else {
      std::ranges::copy(scaled, weights_.As<float>().begin());
    }
    bias_ = call.In(2);
    if (affines_.empty()) return Ok();
    DLV_ASSIGN(bias_, call.memory().Make(DType::kF32, {conv.channels.out}));
    std::ranges::copy(Shifted(call.In(2), affines_), bias_.As<float>().begin());
    return Ok();
  }

  Status Convolve(Call& call) const override {
    Value x = call.In(0);
    if (!PlaneStepsOf(x)) {
      DLV_ASSIGN(x, Reordered(x, PlainDesc(x.shape()), call.memory()));
    }
    Planes planes;
    planes.x = reinterpret_cast<const float*>(x.data());
    planes.x_steps = *PlaneStepsOf(x);
    DLV_ASSIGN(const Value addend, MakeResult(call, planes));
    planes.y = call.outputs()[0].As<float>().data();
    const unsigned threads = ThreadsFor(call, Operations());
    DLV_ASSIGN(Value room, call.memory().Make(DType::kF32, {threads, RoomSize()}));
    std::ranges::fill(room.As<float>(), 0.0F);
    RunParts(threads, Parts(), [&](std::int64_t part, unsigned worker) {
      float* const own = room.As<float>().data() + worker * RoomSize();
      is_point_ ? Multiply(planes, part, own) : Slide(planes, part, own);
    });
    call.Absorb(absorbed);
    return Ok();
  }

 private:
  struct Planes {
    const float* x = nullptr;
    const float* addend = nullptr;
    float* y = nullptr;
    PlaneSteps x_steps, addend_steps;
  };

  /// What another batch size has packed in the same way. Returns whether there was any.
  bool TakePacked(const Call& call) {
    if (call.state() == nullptr) return false;
    const PlaneConvolution* other = nullptr;
    const auto kept = call.state()->Find<ConvolutionWork>([&](const ConvolutionWork& work) {
      other = dynamic_cast<const PlaneConvolution*>(&work);
      return other != nullptr && other->affines_.size() == affines_.size();
    });
    if (kept == nullptr) return false;
    weights_ = other->weights_;
    bias_ = other->bias_;
    return true;
  }

  /// Room for the result: that of what is added to it, where nobody else needs that. Returns what
  /// is added, which must live on.
  Result<Value> MakeResult(Call& call, Planes& planes) const {
    Value addend;
    if (tail_.sum != SIZE_MAX) {
      const Follower& follower = call.followers()[tail_.sum];
      addend = *Addend(follower);
      if (Addend(follower) == follower.spare && addend.is_plain()) {
        *follower.spare = Value();
      }
      if (!PlaneStepsOf(addend)) {
        DLV_ASSIGN(addend, Reordered(addend, PlainDesc(addend.shape()), call.memory()));
      }
      planes.addend = reinterpret_cast<const float*>(addend.data());
      planes.addend_steps = *PlaneStepsOf(addend);
    }
    // An element may be overwritten by its own sum, not by another one.
    const bool fits = is_point_ && tail_.parts == 1;
    if (fits && addend.present() && addend.is_plain() && addend.is_only_copy()) {
      call.Share(0, addend);
    } else {
      DLV_TRY(call.Make(0, DType::kF32, conv.out));
    }
    return addend;
  }

  PlaneEnd EndOf(const Planes& planes, std::int64_t image, std::int64_t channel) const {
    PlaneEnd end = tail_.end;
    if (planes.addend == nullptr) return end;
    end.addend =
        planes.addend + image * planes.addend_steps.image + channel * planes.addend_steps.channel;
    end.addend_step = planes.addend_steps.channel;
    return end;
  }

  void Multiply(const Planes& planes, std::int64_t part, float* room) const {
    const std::int64_t groups = conv.channels.groups;
    const std::int64_t image = part / groups, group = part % groups;
    PlaneProduct product;
    product.depth = conv.channels.in_group();
    product.rows = conv.channels.out_group();
    product.columns = OutCount(conv.window);
    product.x =
        planes.x + image * planes.x_steps.image + group * product.depth * planes.x_steps.channel;
    product.x_step = planes.x_steps.channel;
    product.weights = Weights() + group * product.rows * product.depth;
    product.bias = bias_.present() ? bias_.As<float>().data() + group * product.rows : nullptr;
    const std::int64_t channel = group * product.rows, each = conv.channels.out / tail_.parts;
    const std::int64_t first = channel % each * tail_.parts + channel / each;
    product.y = planes.y + (image * conv.channels.out + first) * product.columns;
    product.y_step = tail_.parts * product.columns;
    product.end = EndOf(planes, image, channel);
    product.tail = room;
    kernels_.multiply(product);
  }

  /// Some of the groups of one image.
  void Slide(const Planes& planes, std::int64_t part, float* room) const {
    const std::int64_t parts = Parts() / conv.batch;
    const std::int64_t image = part / parts, first = part % parts * GroupsAtOnce();
    const std::int64_t end = std::min(first + GroupsAtOnce(), conv.channels.groups);
    const std::int64_t each = conv.channels.out_group(), channel = first * each;
    DepthwisePlanes some;
    some.count = (end - first) * each;
    some.x = planes.x + image * planes.x_steps.image + first * planes.x_steps.channel;
    some.x_step = each == 1 ? planes.x_steps.channel : 0;
    some.weights = Weights() + channel * KernelCount(conv.window);
    some.bias = bias_.present() ? bias_.As<float>().data() + channel : nullptr;
    some.y_step = OutCount(conv.window);
    some.y = planes.y + (image * conv.channels.out + channel) * some.y_step;
    some.end = EndOf(planes, image, channel);
    some.shape = shape_;
    some.padded = room;
    kernels_.slide(window_, some);
  }

  /// Of one group all channels read the same plane.
  std::int64_t GroupsAtOnce() const {
    constexpr std::int64_t kSome = 16;
    return is_point_ || conv.channels.out_group() > 1 ? 1 : kSome;
  }
  std::int64_t Parts() const {
    return conv.batch * ((conv.channels.groups + GroupsAtOnce() - 1) / GroupsAtOnce());
  }

  const float* Weights() const { return weights_.As<float>().data(); }
  std::int64_t RoomSize() const {
    return is_point_ ? conv.channels.in_group() * kMostTail : shape_.count();
  }
  std::int64_t Operations() const {
    return conv.batch * conv.channels.out * OutCount(conv.window) * conv.channels.in_group() *
           KernelCount(conv.window);
  }

  const PlaneKernels& kernels_ = BestPlaneKernels();
  bool is_point_;
  PlaneTail tail_;
  PlaneWindow window_;
  PaddedPlane shape_;                   ///< of a window over one channel
  std::vector<ChannelAffine> affines_;  ///< that are in weights and bias
  Value weights_, bias_;
};

}  // namespace

std::shared_ptr<ConvolutionWork> MakePlaneConvolution(const Call& call, const ConvOperands& conv,
                                                      const ConvolutionTail& tail) {
  const bool is_fixed = call.IsFixed(1) && (!call.Has(2) || call.IsFixed(2));
  if (!is_fixed || conv.channels.groups == 1) return nullptr;
  if (!IsPoint(conv) && !IsDepthwise(call.In(0), conv)) return nullptr;
  auto work = std::make_shared<PlaneConvolution>(conv, tail);
  return work->Pack(call).ok() ? work : nullptr;
}

}  // namespace dlv::kernels
