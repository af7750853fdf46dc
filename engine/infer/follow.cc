#include "engine/infer/follow.h"

#include <algorithm>
#include <optional>

namespace dlv::infer {
namespace {

constexpr std::size_t kNobody = SIZE_MAX, kMany = SIZE_MAX - 1;

class Finder {
 public:
  explicit Finder(Plan& plan) : plan_(plan), reader_(plan.slot_count, kNobody) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      ForEachRead(plan.steps[i], [&](Slot slot) { AddReader(slot, i); });
    }
    for (const Slot slot : plan.outputs) AddReader(slot, kMany);
    FindMakers();
  }

  void Run() {
    FindReaders();
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      Step& step = plan_.steps[i];
      for (const Slot slot : step.reads) step.is_fixed.push_back(IsFixed(slot));
      if (!step.branches.empty() || step.only_weights) continue;
      Follow(i);
      FindJoin(step);
    }
  }

 private:
  template <class Visit>
  static void ForEachRead(const Step& step, Visit&& visit) {
    for (const Slot slot : step.reads) visit(slot);
    for (const Body& body : step.branches) {
      for (const auto& [theirs, ours] : body.taken) visit(theirs);
    }
  }

  void AddReader(Slot slot, std::size_t step) {
    if (slot == kNoSlot) return;
    reader_[slot] = reader_[slot] == kNobody ? step : kMany;
  }

  void FindMakers() {
    maker_.assign(plan_.slot_count, kNobody);
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      for (Slot port = 0; port < plan_.steps[i].node->outputs.size(); ++port) {
        maker_[plan_.steps[i].first_output + port] = i;
      }
    }
  }

  /// Which orders the readers of each step's outputs take, last steps first. Who gets the network's
  /// outputs, and subgraphs, count as taking C order alone.
  void FindReaders() {
    for (Step& step : plan_.steps) step.readers = {false, true, true};
    const auto note = [&](Slot slot, const ChosenKernel& reader) {
      if (slot == kNoSlot || maker_[slot] == kNobody) return;
      kernels::Readers& readers = plan_.steps[maker_[slot]].readers;
      readers.some_views = readers.some_views || reader.views;
      readers.all_any_order = readers.all_any_order && reader.any_order;
      readers.all_folded = readers.all_folded && reader.folded;
    };
    for (const Slot slot : plan_.outputs) note(slot, {});
    for (auto step = plan_.steps.rbegin(); step != plan_.steps.rend(); ++step) {
      if (step->chosen.folds && step->readers.all_folded) step->chosen.any_order = true;
      for (const Slot slot : step->reads) note(slot, step->chosen);
      for (const Body& body : step->branches) {
        for (const auto& [theirs, ours] : body.taken) note(theirs, {});
      }
    }
  }

  /// The same in every run.
  bool IsFixed(Slot slot) const {
    if (slot == kNoSlot) return false;
    if (maker_[slot] != kNobody) return plan_.steps[maker_[slot]].only_weights;
    const std::size_t end = plan_.first_constant + plan_.network->constants.size();
    return slot >= plan_.first_parameter && slot < end;
  }

  bool IsThere(Slot slot, std::size_t head) const {
    return slot == kNoSlot || maker_[slot] == kNobody || maker_[slot] < head ||
           plan_.steps[maker_[slot]].only_weights;
  }

  /// The operand that comes from `slot`, where the step can follow at all.
  std::optional<std::size_t> FedOperand(const Step& step, Slot slot, std::size_t head) const {
    if (!step.branches.empty() || step.only_weights ||
        step.chosen.implementation != kernels::Implementation::kCpu) {
      return std::nullopt;
    }
    std::optional<std::size_t> fed;
    for (std::size_t i = 0; i < step.reads.size(); ++i) {
      if (step.reads[i] == slot) {
        fed = i;
      } else if (!IsThere(step.reads[i], head)) {
        return std::nullopt;
      }
    }
    const bool is_sum = step.node->op == "Add" || step.node->op == "Sum";
    if (!is_sum && !HasFixedOthers(step, slot)) return std::nullopt;
    const bool turns = is_sum || step.node->op == "Mul";  // its operands may change places
    return turns || fed == std::size_t{0} ? fed : std::nullopt;
  }

  bool HasFixedOthers(const Step& step, Slot fed) const {
    return std::ranges::all_of(
        step.reads, [&](Slot slot) { return slot == fed || slot == kNoSlot || IsFixed(slot); });
  }

  void Follow(std::size_t head) {
    Step& first = plan_.steps[head];
    std::vector<const NetworkNode*> taken;
    for (std::size_t at = head;;) {
      const Step& step = plan_.steps[at];
      if (step.node->outputs.size() != 1) return;
      const std::size_t next = reader_[step.first_output];
      if (next >= kMany) return;
      const Step& follower = plan_.steps[next];
      const auto fed = FedOperand(follower, step.first_output, head);
      if (!fed || first.chosen.implementation != kernels::Implementation::kCpu ||
          !kernels::MayFollow(*first.node, taken, *follower.node)) {
        return;
      }
      const bool is_fixed = HasFixedOthers(follower, step.first_output);
      first.followers.push_back({next, *fed, is_fixed, SpareOf(head, next, *fed)});
      taken.push_back(follower.node);
      at = next;
    }
  }

  void FindJoin(Step& step) const {
    if (step.node->outputs.size() != 1) return;
    const std::size_t next = reader_[step.first_output];
    if (next >= kMany) return;
    const Step& reader = plan_.steps[next];
    if (reader.node->op != "Concat" || !reader.node->domain.empty() ||
        reader.chosen.implementation != kernels::Implementation::kCpu) {
      return;
    }
    const auto at = std::ranges::find(reader.reads, step.first_output);
    step.join = {next, static_cast<std::size_t>(at - reader.reads.begin())};
  }

  /// The other operand of a sum where nobody reads it after the head has run.
  Slot SpareOf(std::size_t head, std::size_t next, std::size_t fed) const {
    const Step& follower = plan_.steps[next];
    if (follower.reads.size() != 2) return kNoSlot;
    const Slot slot = follower.reads[1 - fed];
    if (slot == kNoSlot || maker_[slot] == kNobody || plan_.steps[maker_[slot]].only_weights) {
      return kNoSlot;
    }
    if (std::ranges::find(follower.last_uses, slot) == follower.last_uses.end()) return kNoSlot;
    bool is_read = false;
    for (std::size_t i = head + 1; i < next; ++i) {
      ForEachRead(plan_.steps[i], [&](Slot read) { is_read = is_read || read == slot; });
    }
    return is_read ? kNoSlot : slot;
  }

  Plan& plan_;
  std::vector<std::size_t> reader_;  ///< of a slot: a step, kNobody or kMany
  std::vector<std::size_t> maker_;   ///< of a slot; kNobody: it is there from the beginning
};

}  // namespace

void FindFollowers(Plan& plan) { Finder(plan).Run(); }

}  // namespace dlv::infer
