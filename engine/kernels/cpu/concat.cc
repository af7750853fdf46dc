// Concat by oneDNN where its operands share an order other than C order; else the reference, which
// copies whole runs.

#include "engine/kernels/cpu/onednn.h"
#include "engine/kernels/cpu/rows.h"

namespace dlv::kernels {
namespace {

struct ConcatWork : KeptWork {
  std::vector<memory::desc> inputs;
  memory::desc dst, scratch;
  unsigned threads = 1;
  dnnl::concat primitive;
  Shape out;
};

std::vector<memory::desc> Descs(const Call& call) {
  std::vector<memory::desc> descs;
  for (std::size_t i = 0; i < call.input_count(); ++i) descs.push_back(DescOf(call.In(i)));
  return descs;
}

/// Operands of one rank and type that differ on the axis alone, none of them in C order.
bool IsFast(const Call& call, std::size_t axis) {
  for (std::size_t i = 0; i < call.input_count(); ++i) {
    const Value& value = call.In(i);
    if (!call.Has(i) || value.is_plain() || value.rank() != call.In(0).rank()) return false;
    for (std::size_t k = 0; k < value.rank(); ++k) {
      if (k != axis && value.shape()[k] != call.In(0).shape()[k]) return false;
    }
  }
  return call.input_count() > 1 && axis < call.In(0).rank();
}

std::shared_ptr<const ConcatWork> MakeConcatWork(const Call& call, std::size_t axis) {
  auto work = std::make_shared<ConcatWork>();
  work->inputs = Descs(call);
  work->threads = call.threads();
  work->out = call.In(0).shape();
  for (std::size_t i = 1; i < call.input_count(); ++i) work->out[axis] += call.In(i).shape()[axis];
  const dnnl::concat::primitive_desc chosen(static_cast<int>(axis), work->inputs, CpuEngine(),
                                            KeptAttributes());
  if (std::string_view(chosen.impl_info_str()) != "simple:any") return nullptr;
  work->dst = chosen.dst_desc();
  work->scratch = chosen.scratchpad_desc();
  work->primitive = dnnl::concat(chosen);
  return work;
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
  DLV_ASSIGN(const Value* out, MakeOutput(call, work->out, work->dst));
  Status status = Ok();
  const bool done = Tried([&] {
    Arguments arguments = {{DNNL_ARG_DST, View(work->dst, out->data())}};
    for (std::size_t i = 0; i < call.input_count(); ++i) {
      arguments.emplace(DNNL_ARG_MULTIPLE_SRC + static_cast<int>(i), View(call.In(i)));
    }
    status = Execute(work->primitive, work->scratch, std::move(arguments), call.memory());
  });
  return done ? status : RunReference(call);
}

constexpr KernelRow kCpuConcatKernels[] = {{"", "Concat", CpuConcat, true}};

}  // namespace

std::span<const KernelRow> CpuConcatKernels() { return kCpuConcatKernels; }

}  // namespace dlv::kernels
