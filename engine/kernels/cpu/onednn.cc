#include "engine/kernels/cpu/onednn.h"

#include <exception>

#include "engine/kernels/cpu/concat_work.h"
#include "engine/kernels/cpu/plane_kernels.h"

namespace dlv::kernels {
namespace {

class OneDnnOrder : public Order {
 public:
  enum class Kind : std::uint8_t { kWhole, kView, kFolded };
  explicit OneDnnOrder(memory::desc desc, Kind kind = Kind::kWhole,
                       std::shared_ptr<const KeptWork> work = nullptr)
      : desc_(std::move(desc)), kind_(kind), work_(std::move(work)) {}
  const memory::desc& desc() const { return desc_; }
  const KeptWork* work() const { return work_.get(); }
  std::size_t size_bytes() const override { return desc_.get_size(); }
  bool is_view() const override { return kind_ == Kind::kView; }
  bool is_folded() const override { return kind_ == Kind::kFolded; }
  Result<Value> ToPlain(const Value& value, Memory& room) const override {
    DLV_ASSIGN(Value plain, room.Make(DType::kF32, value.shape()));
    Status status = Ok();
    const bool done = Tried([&] {
      status = Reorder(desc_, value.data(), PlainDesc(desc_.dims()), plain.data(), room);
    });
    DLV_TRY(status);
    if (!done) return Error{ErrorCode::kInternal, "oneDNN cannot give back its own order"};
    return plain;
  }

 private:
  memory::desc desc_;
  Kind kind_;
  std::shared_ptr<const KeptWork> work_;  ///< shared with the node that keeps it
};

struct KeptReorder {
  memory::desc from, to;
  unsigned threads = 1;
  KeptPrimitive reorder;
};

/// One of those that this thread made lately, or a new one: to make one takes as long as to reorder
/// some thousand elements.
const KeptPrimitive& ReorderOf(const memory::desc& from, const memory::desc& to) {
  constexpr std::size_t kMostKept = 32;
  thread_local std::vector<KeptReorder> kept;
  thread_local std::size_t oldest = 0;
  const unsigned threads = ThreadCount::Current();
  for (const KeptReorder& one : kept) {
    if (one.threads == threads && one.from == from && one.to == to) return one.reorder;
  }
  const dnnl::reorder::primitive_desc chosen(CpuEngine(), from, CpuEngine(), to, KeptAttributes());
  KeptReorder made{from, to, threads, KeptPrimitive(dnnl::reorder(chosen), chosen)};
  if (kept.size() < kMostKept) return kept.emplace_back(std::move(made)).reorder;
  return (kept[oldest++ % kMostKept] = std::move(made)).reorder;
}

memory::dims DimsOf(const Shape& shape) { return shape.empty() ? memory::dims{1} : shape; }

}  // namespace

const dnnl::engine& CpuEngine() {
  // Never destroyed: other threads may still run when the program ends.
  static const auto* const kEngine = new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return *kEngine;
}

dnnl::stream& CpuStream() {
  thread_local dnnl::stream stream(CpuEngine());
  return stream;
}

bool Tried(const std::function<void()>& what) {
  try {
    what();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

memory::desc PlainDesc(const memory::dims& dims) {
  return {dims, memory::data_type::f32, StridesOf(dims)};
}

memory::desc AnyDesc(const memory::dims& dims) {
  return {dims, memory::data_type::f32, memory::format_tag::any};
}

memory::desc DescOf(const Value& value) {
  if (value.is_plain()) return PlainDesc(DimsOf(value.shape()));
  return static_cast<const OneDnnOrder&>(*value.order()).desc();
}

Strides StepsOf(const Value& value) {
  if (value.is_plain()) return StridesOf(value.shape());
  const auto& blocking = DescOf(value).data.format_desc.blocking;
  return {blocking.strides, blocking.strides + value.rank()};
}

std::optional<Value> MakeView(const Value& value, const Shape& shape, const Strides& steps,
                              std::int64_t first) {
  const Strides plain = StridesOf(shape);
  Strides used = steps;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 1) used[i] = plain[i];  // no step is taken: one form for all
    if (used[i] < 0) return std::nullopt;
  }
  const auto byte = static_cast<std::size_t>(first) * sizeof(float);
  if (used == plain || CountOf(shape) == 0) return value.Viewed(shape, byte, nullptr);
  std::optional<Value> view;
  Tried([&] {  // not of more axes than oneDNN has
    const memory::desc desc(shape, memory::data_type::f32, used);
    view = value.Viewed(shape, byte, std::make_shared<OneDnnOrder>(desc, OneDnnOrder::Kind::kView));
  });
  return view;
}

namespace {

/// Among those of values with the dims of `desc`.
std::optional<NamedOrder> NameOf(const memory::desc& desc) {
  using tag = memory::format_tag;
  static constexpr NamedOrder kOrders[][3] = {
      {{tag::nCw8c, 8}, {tag::nCw16c, 16}, {tag::nwc}},
      {{tag::nChw8c, 8}, {tag::nChw16c, 16}, {tag::nhwc}},
      {{tag::nCdhw8c, 8}, {tag::nCdhw16c, 16}, {tag::ndhwc}}};
  const memory::dims dims = desc.dims();
  if (dims.size() < 3 || dims.size() > 5) return std::nullopt;
  for (NamedOrder order : kOrders[dims.size() - 3]) {
    if (desc != memory::desc(dims, memory::data_type::f32, order.tag)) continue;
    if (order.block == 1) order.block = dims[1];
    return order;
  }
  return std::nullopt;
}

}  // namespace

std::optional<NamedOrder> NamedOrderOf(const Value& value) {
  if (value.is_plain() || value.is_view() || value.is_folded()) return std::nullopt;
  return NameOf(DescOf(value));
}

std::optional<Value> Folded(const Value& images, const Shape& shape) {
  const auto order = NamedOrderOf(images);
  const bool is_dense = order && images.shape()[1] % order->block == 0;
  if (!is_dense || shape.size() != 2 || shape[0] != images.shape()[0]) return std::nullopt;
  return images.Viewed(shape, 0,
                       std::make_shared<OneDnnOrder>(DescOf(images), OneDnnOrder::Kind::kFolded));
}

memory::desc ImageOf(const Value& value, std::int64_t count) {
  if (!value.is_folded()) return {};
  const memory::desc images = DescOf(value);
  memory::dims dims = images.dims();
  dims[0] = count;
  const auto order = NameOf(images);
  DLV_CHECK(order.has_value(), "what is folded has an order by name");
  return {dims, memory::data_type::f32, order->tag};
}

Status Reorder(const memory::desc& from_order, const std::byte* from, const memory::desc& to_order,
               std::byte* to, Memory& room) {
  return ReorderOf(from_order, to_order)
      .Run({{DNNL_ARG_FROM, from_order, from}, {DNNL_ARG_TO, to_order, to}}, room);
}

Result<Value> MakeOrdered(Memory& room, const Shape& shape, const memory::desc& desc,
                          std::shared_ptr<const KeptWork> work) {
  if (desc == PlainDesc(desc.dims())) return room.Make(DType::kF32, shape);
  return room.Make(DType::kF32, shape,
                   std::make_shared<OneDnnOrder>(desc, OneDnnOrder::Kind::kWhole, std::move(work)));
}

const KeptWork* MadeFor(const Value& value) {
  return value.is_plain() ? nullptr : static_cast<const OneDnnOrder&>(*value.order()).work();
}

Value PartOf(const Value& whole, const Shape& shape, const memory::desc& desc,
             std::size_t first_byte) {
  return whole.Viewed(shape, first_byte, std::make_shared<OneDnnOrder>(desc));
}

Result<Value*> MakeOutput(Call& call, const Shape& shape, const memory::desc& desc) {
  if (auto part = RoomInConcat(call, shape, desc)) {
    call.Share(0, std::move(*part));
    return &call.outputs()[0];
  }
  DLV_ASSIGN(Value value, MakeOrdered(call.memory(), shape, desc));
  call.Share(0, std::move(value));
  return &call.outputs()[0];
}

Result<Value> Reordered(const Value& value, const memory::desc& wanted, Memory& room) {
  const memory::desc order = DescOf(value);
  if (order == wanted) return value;
  DLV_ASSIGN(Value other, MakeOrdered(room, value.shape(), wanted));
  DLV_TRY(Reorder(order, value.data(), wanted, other.data(), room));
  return other;
}

/// Waking a thread pays from some 0.2 ms on, since on a busy machine others are done before it
/// runs; where vectors are wide it is awake sooner than that, for then the layers of small networks
/// follow each other within what it waits for.
unsigned ThreadsFor(const Call& call, std::int64_t operations) {
  constexpr std::int64_t kWorthWaking = std::int64_t{1} << 23;
  const bool has_wide_vectors = BestPlaneKernels().lanes == kMostLanes;
  return operations < (has_wide_vectors ? kWorthWaking / 5 : kWorthWaking) ? 1 : call.threads();
}

Status RunReference(Call& call) {
  call.Absorb(0);
  DLV_TRY(call.MakePlain());
  return FindKernel(Implementation::kReference, call.node().domain, call.node().op)(call);
}

}  // namespace dlv::kernels
