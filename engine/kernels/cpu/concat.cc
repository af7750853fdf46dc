// Concat of values in other orders than C order: each operand is copied, or brought into the order
// of the result, where it belongs. All in C order is the reference's, which copies whole runs.

#include <cstring>

#include "engine/kernels/cpu/concat_work.h"
#include "engine/kernels/cpu/rows.h"

namespace dlv::kernels {
namespace {

std::vector<memory::desc> Descs(const Call& call) {
  std::vector<memory::desc> descs;
  for (std::size_t i = 0; i < call.input_count(); ++i) descs.push_back(DescOf(call.In(i)));
  return descs;
}

/// f32 operands of one rank that differ on the axis alone, not all of them in C order.
bool IsFast(const Call& call, std::size_t axis) {
  bool all_plain = true;
  for (std::size_t i = 0; i < call.input_count(); ++i) {
    const Value& value = call.In(i);
    if (!call.Has(i) || value.dtype() != DType::kF32 || value.count() == 0) return false;
    if (value.rank() != call.In(0).rank()) return false;
    all_plain = all_plain && value.is_plain();
    for (std::size_t k = 0; k < value.rank(); ++k) {
      if (k != axis && value.shape()[k] != call.In(0).shape()[k]) return false;
    }
  }
  return !all_plain && axis < call.In(0).rank();
}

/// The order of the first operand that has one by name, where readers take it and all operands fit
/// into it; else C order.
std::optional<NamedOrder> OrderOfResult(const Call& call, std::size_t axis) {
  std::optional<NamedOrder> order;
  for (std::size_t i = 0; i < call.input_count() && !order; ++i) order = NamedOrderOf(call.In(i));
  if (!order || !call.readers().all_any_order) return std::nullopt;
  const bool in_blocks = order->tag != memory::format_tag::nwc &&
                         order->tag != memory::format_tag::nhwc &&
                         order->tag != memory::format_tag::ndhwc;
  for (std::size_t i = 0; in_blocks && axis == 1 && i < call.input_count(); ++i) {
    if (call.In(i).shape()[1] % order->block != 0) return std::nullopt;
  }
  return order;
}

ConcatWay WayOf(const Value& in, const ConcatWork& work, std::size_t axis, std::int64_t begin,
                bool in_order) {
  ConcatWay way;
  if (in_order && axis == 1 && work.dst.data.format_desc.blocking.inner_nblks > 0) {
    way.run_bytes = in.size_bytes() / static_cast<std::size_t>(in.shape()[0]);
    const auto inner = static_cast<std::size_t>(CountBetween(in.shape(), 2, in.rank()));
    way.first_byte = static_cast<std::size_t>(begin) * inner * sizeof(float);
    return way;
  }
  memory::dims first(in.rank(), 0);
  first[axis] = begin;
  way.to = work.dst.submemory_desc(in.shape(), first);
  const dnnl::reorder::primitive_desc chosen(CpuEngine(), DescOf(in), CpuEngine(), way.to,
                                             KeptAttributes());
  way.reorder = KeptPrimitive(dnnl::reorder(chosen), chosen);
  return way;
}

std::shared_ptr<const ConcatWork> MakeConcatWork(const Call& call, std::size_t axis) {
  auto work = std::make_shared<ConcatWork>();
  work->inputs = Descs(call);
  work->threads = call.threads();
  work->out = call.In(0).shape();
  for (std::size_t i = 1; i < call.input_count(); ++i) work->out[axis] += call.In(i).shape()[axis];
  const auto order = OrderOfResult(call, axis);
  work->dst =
      order ? memory::desc(work->out, memory::data_type::f32, order->tag) : PlainDesc(work->out);
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < call.input_count(); ++i) {
    const auto own = NamedOrderOf(call.In(i));
    work->ways.push_back(
        WayOf(call.In(i), *work, axis, begin, own && order && own->tag == order->tag));
    begin += call.In(i).shape()[axis];
  }
  return work;
}

Status Put(Call& call, const ConcatWork& work, std::size_t operand, std::byte* out) {
  const ConcatWay& way = work.ways[operand];
  const Value& in = call.In(operand);
  if (way.run_bytes > 0 && in.data() == out + way.first_byte) return Ok();  // made there
  if (way.run_bytes == 0) {
    return way.reorder.Run(
        {{DNNL_ARG_FROM, work.inputs[operand], in.data()}, {DNNL_ARG_TO, way.to, out}},
        call.memory());
  }
  const auto runs = static_cast<std::size_t>(work.out[0]);
  const std::size_t step = work.dst.get_size() / runs;
  for (std::size_t k = 0; k < runs; ++k) {
    std::memcpy(out + way.first_byte + k * step, in.data() + k * way.run_bytes, way.run_bytes);
  }
  return Ok();
}

/// The work for which the result was begun (RoomInConcat), or null.
const ConcatWork* BegunFor(const Value& whole) {
  return whole.present() ? static_cast<const ConcatWork*>(MadeFor(whole)) : nullptr;
}

/// What is made already, where parts are in the places of these operands; else new room.
Result<Value*> ResultOf(Call& call, const ConcatWork& work) {
  Value* const begun = call.begun();
  const ConcatWork* const other = begun == nullptr ? nullptr : BegunFor(*begun);
  if (other == nullptr || other->inputs != work.inputs || other->dst != work.dst) {
    return MakeOutput(call, work.out, work.dst);
  }
  call.Share(0, std::move(*begun));
  return &call.outputs()[0];
}

Status CpuConcat(Call& call) {
  const std::int64_t rank = static_cast<std::int64_t>(call.In(0).rank());
  const std::int64_t given = call.Whole("axis", 1);
  const auto axis = static_cast<std::size_t>(given < 0 ? given + rank : given);
  if (!IsFast(call, axis)) return RunReference(call);
  const ThreadCount threads(ThreadsFor(call, 16 * call.In(0).count()));
  const auto work = KeptOrMade<ConcatWork>(
      call,
      [&](const ConcatWork& kept) {
        return kept.threads == call.threads() && kept.inputs == Descs(call);
      },
      [&] { return MakeConcatWork(call, axis); });
  if (work == nullptr) return RunReference(call);
  DLV_ASSIGN(Value * out, ResultOf(call, *work));
  Status status = Ok();
  const bool done = Tried([&] {
    for (std::size_t i = 0; status.ok() && i < call.input_count(); ++i) {
      status = Put(call, *work, i, out->data());
    }
  });
  return done ? status : RunReference(call);
}

constexpr KernelRow kCpuConcatKernels[] = {{"", "Concat", CpuConcat, true, true}};

}  // namespace

std::optional<Value> RoomInConcat(Call& call, const Shape& shape, const memory::desc& desc) {
  const Join join = call.join();
  if (join.whole == nullptr || shape.empty() || shape[0] != 1) return std::nullopt;
  const auto takes = [&](const ConcatWork& work) {
    return join.operand < work.inputs.size() && work.inputs[join.operand] == desc &&
           work.ways[join.operand].run_bytes > 0;
  };
  if (!join.whole->present()) {
    const auto kept = join.state->Find<ConcatWork>(takes);
    if (kept == nullptr) return std::nullopt;
    auto whole = MakeOrdered(call.memory(), kept->out, kept->dst, kept);
    if (!whole.ok()) return std::nullopt;
    *join.whole = std::move(*whole);
  }
  // All parts by the same work: places by another one may overlap.
  const ConcatWork* const work = BegunFor(*join.whole);
  if (work == nullptr || !takes(*work)) return std::nullopt;
  return PartOf(*join.whole, shape, desc, work->ways[join.operand].first_byte);
}

std::span<const KernelRow> CpuConcatKernels() { return kCpuConcatKernels; }

}  // namespace dlv::kernels
