#include "storage/store/unit_forms.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "storage/io/parallel.h"
#include "storage/store/form_writer.h"

namespace dlv::store {
namespace {

/// A unit moves where that saves this much of it, and these bytes: below that lie the headers and
/// directory entries of what is written anew.
constexpr double kLeastMoveShare = 0.01;
constexpr double kLeastMoveBytes = 128;
/// A plan must pay for itself: this share of what it weighs.
constexpr double kLeastGain = 0.005;
/// The same where forms are to be cold: these gain little, and were asked for.
constexpr double kLeastColdMoveShare = 0.0002;
constexpr double kLeastColdMoveBytes = 16;
constexpr double kLeastColdGain = 0.0005;
/// Estimates of a unit are corrected by what the estimate of its present form is off by, within
/// reason.
constexpr double kMostCorrection = 2;
/// Where some deltas of a unit are known, others that seem to be as good within this share are
/// coded too: what is estimated too large would never be found out otherwise.
constexpr double kBenefitOfDoubt = 0.01;
/// What a form counts, beyond the bytes as they are, whose bases do not pay: the form without bases
/// is the same, and is the one to choose.
constexpr std::uint64_t kUseless = 4096;

/// Units of more chunks are coded chunk by chunk side by side.
constexpr std::uint64_t kFewChunks = 4;

/// Tells the sizes of cold forms from others in the notes.
constexpr std::uint64_t kColdForms = 0xc01d'c01d'c01d'c01dU;

/// Gathers the values of small tensors, end to end.
struct ClusterBytes {
  std::vector<std::byte> raw, base, second_base;
  bool has_second_base = false;  // some member; for the others their base stands in its place
};

Status Append(Store& store, const archive::TensorHandle& handle, std::vector<std::byte>& out) {
  const std::size_t at = out.size();
  out.resize(at + static_cast<std::size_t>(handle.size_bytes()));
  const auto read = store.tensors().Read(handle, 0, std::span(out).subspan(at));
  return read.ok() ? Ok() : Status(NameDamaged(store, handle.id(), read.error()));
}

/// As FormWriter codes.
codec::EncodeOptions ArchiveOptions(bool cold) {
  codec::EncodeOptions options;
  options.effort = 1;
  options.cold = cold;
  return options;
}

/// Clusters that are full are coded several at a time.
class ClusterCoder {
 public:
  ClusterCoder(DType dtype, bool cold, unsigned threads)
      : dtype_(dtype), cold_(cold), threads_(threads == 0 ? io::DefaultThreads() : threads) {}

  /// Takes what is there, and leaves the cluster empty.
  Status Add(ClusterBytes& cluster) {
    if (!cluster.raw.empty()) full_.push_back(std::move(cluster));
    cluster = {};
    return full_.size() < threads_ ? Ok() : CodeFull();
  }

  Result<archive::CodedMeasure> Finish() {
    DLV_TRY(CodeFull());
    return sum_;
  }

 private:
  Status CodeFull() {
    std::vector<archive::CodedMeasure> measures(full_.size());
    const auto code = [&](std::uint64_t number, unsigned) -> Status {
      const auto i = static_cast<std::size_t>(number);
      codec::EncodeOptions options = ArchiveOptions(cold_);
      options.cluster = true;
      if (full_[i].has_second_base) options.second_base = full_[i].second_base;
      DLV_ASSIGN(measures[i], archive::MeasureChunk(dtype_, full_[i].raw, full_[i].base, options));
      return Ok();
    };
    DLV_TRY(io::ParallelFor(full_.size(), threads_, code));
    for (const archive::CodedMeasure& measure : measures) sum_ += measure;
    full_.clear();
    return Ok();
  }

  DType dtype_;
  bool cold_;
  unsigned threads_;
  std::vector<ClusterBytes> full_;
  archive::CodedMeasure sum_;
};

FormSize SizeOfForm(const UnitForm& form) {
  return {static_cast<std::uint64_t>(form.bytes), static_cast<float>(form.cold_share),
          static_cast<float>(form.two_bases_share)};
}

std::uint64_t MiddleChunk(const archive::TensorHandle& handle) {
  return archive::ChunkCount(handle.element_count()) / 2;
}

}  // namespace

Status UnitForms::AddPresent() {
  for (std::uint32_t unit = 0; unit < units_.units.size(); ++unit) {
    DLV_TRY(CheckCancelled());
    const PlanUnit& described = units_.units[unit];
    UnitBases bases = PresentBases(input_, units_, unit);
    const double estimated = EstimateUnitBytes(estimator_, described, bases);
    const auto real = static_cast<double>(described.coded_bytes);
    correction_.push_back(
        estimated > 0 ? std::clamp(real / estimated, 1 / kMostCorrection, kMostCorrection) : 1);
    const bool is_whole = !bases.unit;
    present_.push_back(static_cast<std::uint32_t>(forms_.size()));
    AddForm(unit, std::move(bases), real, true);
    const archive::CodingCounts coding = PresentCoding(described);
    forms_.back().cold_share = coding.ColdShare();
    forms_.back().two_bases_share = coding.TwoBasesShare();
    whole_.push_back(is_whole ? present_.back() : static_cast<std::uint32_t>(forms_.size()));
    if (is_whole) continue;
    AddForm(unit, {}, EstimateUnitBytes(estimator_, described, {}) * correction_.back(), false);
    Recall(forms_.back(), {});
  }
  return Ok();
}

Status UnitForms::AddCandidates(const std::vector<bool>& searched) {
  weighed_ = searched;
  recoded_.resize(units_.units.size());
  learned_.resize(units_.units.size());
  DLV_TRY(AddRecoded(searched));
  const plan::CandidateOptions options = SearchFor(searched);
  const std::vector<plan::BaseCandidate> found = input_.search.Find(options);
  DLV_TRY(CheckCancelled());
  candidates_ = found.size();
  for (UnitCandidate& candidate : CandidatesOfUnits(input_, units_, found, estimator_, options)) {
    const std::uint32_t unit = candidate.unit;
    const bool gets_cold_base = !cold_[unit] && cold_[*candidate.bases.unit];
    if (gets_cold_base || units_.units[unit].is_pinned ||
        candidate.bases.of_member == forms_[present_[unit]].bases.of_member)
      continue;
    if (KeepsLayout(unit)) continue;
    weighed_[unit] = true;
    AddForm(unit, std::move(candidate.bases), candidate.estimated_bytes * correction_[unit], false);
    learned_[unit].deltas.push_back(static_cast<std::uint32_t>(forms_.size() - 1));
    UnitForm& form = forms_.back();
    if (!Recall(form, PresentSecondBases(form)))
      Recall(form, SecondBaseList(form.bases.of_member.size()));
  }
  for (std::uint32_t unit = 0; unit < units_.units.size(); ++unit) {
    if (!weighed_[unit]) continue;
    const auto bytes = static_cast<double>(units_.units[unit].coded_bytes);
    weighed_bytes_ += bytes;
    least_gain_bytes_ += bytes * (cold_[unit] ? kLeastColdGain : kLeastGain);
  }
  return CheckCancelled();
}

bool UnitForms::KeepsLayout(std::uint32_t unit) {
  keeps_layout_.resize(units_.units.size());
  std::optional<bool>& known = keeps_layout_[unit];
  if (known) return *known;
  known = false;
  for (const std::uint32_t member : units_.units[unit].members) {
    const auto has_steps = store_.tensors().HasSteps(*input_.tensors[member].handle);
    known = *known || (has_steps.ok() && *has_steps);  // damage: as PresentCoding
  }
  return *known;
}

plan::CandidateOptions UnitForms::SearchFor(const std::vector<bool>& searched) {
  plan::CandidateOptions options;
  options.cancel = operation_.cancel;
  options.estimate = [this](std::uint32_t tensor, std::uint32_t base) {
    return estimator_.BytesInSearch(tensor, base);
  };
  if (std::ranges::find(searched, false) == searched.end()) return options;
  options.searched.resize(input_.search.size());
  for (std::uint32_t number = 0; number < options.searched.size(); ++number)
    options.searched[number] = searched[units_.unit_of[estimator_.TensorOf(number)]];
  return options;
}

/// A commit is in a hurry; a chunk shows what more time would gain.
Status UnitForms::AddRecoded(const std::vector<bool>& searched) {
  std::vector<UnitForm> forms;
  for (std::uint32_t unit = 0; unit < units_.units.size(); ++unit) {
    if (!searched[unit] || KeepsLayout(unit)) continue;
    forms.push_back(forms_[present_[unit]]);
    forms.back().second_bases = PresentSecondBases(forms.back());
  }
  std::vector<double> shares(forms.size());
  const auto find_share = [&](std::uint64_t i, unsigned) -> Status {
    DLV_TRY(CheckCancelled());
    DLV_ASSIGN(shares[i], RecodedShare(forms[i]));
    return Ok();
  };
  DLV_TRY(io::ParallelFor(forms.size(), operation_.threads, find_share));
  for (std::size_t i = 0; i < forms.size(); ++i) AddRecoded(std::move(forms[i]), false, shares[i]);
  return Ok();
}

/// `share`: of RecodedShare.
void UnitForms::AddRecoded(UnitForm again, bool always, double share) {
  const std::uint32_t unit = again.unit;
  if (units_.units[unit].element_count == 0) return;
  // What is not cold any more may have to become bigger, and faster to load.
  always = always || (!cold_[unit] && again.cold_share > 0);
  const auto known = notes_.Size(KeyOf(again));
  if (known && !always && static_cast<double>(known->bytes) >= again.bytes) return;
  const double least = cold_[unit] ? kLeastColdMoveShare : kLeastMoveShare;
  if (!known && !always && share > 1 - least) {
    notes_.KeepSize(KeyOf(again), SizeOfForm(again));
    return;
  }
  recoded_[unit] = static_cast<std::uint32_t>(forms_.size());
  AddForm(unit, again.bases, again.bytes * share, false);
  if (known) Recall(forms_.back(), std::move(again.second_bases));
}

bool UnitForms::MustRecode(std::uint32_t unit, const SecondBaseList& second_bases) const {
  const std::vector<std::uint32_t>& members = units_.units[unit].members;
  for (std::size_t place = 0; place < second_bases.size(); ++place) {
    const archive::TensorHandle& handle = *input_.tensors[members[place]].handle;
    // A member of a cluster that has no second base has its base in the place of it.
    if (!handle.second_base() || handle.second_base() == handle.base()) continue;
    const auto& second = second_bases[place];
    if (!second || input_.tensors[*second].handle->id() != *handle.second_base()) return true;
  }
  return false;
}

Result<bool> UnitForms::Reconsider(std::uint32_t unit, SecondBaseList second_bases) {
  UnitForm again = forms_[present_[unit]];
  const bool must = MustRecode(unit, second_bases);
  if (!must && (!weighed_[unit] || second_bases == PresentSecondBases(again))) return false;
  if (!recoded_[unit]) {
    again.second_bases = second_bases;
    DLV_ASSIGN(const double share, RecodedShare(again));
    AddRecoded(std::move(again), must, share);
    if (!recoded_[unit]) return false;
    if (!must) return true;
  }
  const UnitForm& form = forms_[*recoded_[unit]];
  if (form.is_exact && form.second_bases == second_bases) return false;
  return Measure({{*recoded_[unit], std::move(second_bases)}});
}

/// What a chunk takes with more effort, of what it takes now; 1 where an earlier plan has found
/// out, or where there is nothing.
Result<double> UnitForms::RecodedShare(const UnitForm& again) const {
  const std::uint32_t unit = again.unit;
  if (units_.units[unit].element_count == 0 || notes_.Size(KeyOf(again))) return 1.0;
  DLV_ASSIGN(const archive::CodedMeasure measure, CodeMiddle(again, cold_[unit]));
  if (units_.units[unit].is_cluster)
    return static_cast<double>(measure.bytes) / std::max(again.bytes, 1.0);
  const archive::TensorHandle& handle = *input_.tensors[units_.units[unit].members[0]].handle;
  const std::uint64_t index = MiddleChunk(handle);
  const archive::TensorHandle::Part& part = handle.PartOfChunk(index);
  const auto& chunk = part.chunks[static_cast<std::size_t>(index - part.entry.first_chunk)];
  return static_cast<double>(measure.bytes) / std::max(chunk.place.coded_bytes, 1U);
}

/// Codes the chunk in the middle of a tensor; of a cluster, all.
Result<archive::CodedMeasure> UnitForms::CodeMiddle(const UnitForm& form, bool cold) const {
  const PlanUnit& unit = units_.units[form.unit];
  if (unit.is_cluster) return CodeCluster(form, cold, 1);
  const archive::TensorHandle& handle = *input_.tensors[unit.members[0]].handle;
  const std::uint64_t index = MiddleChunk(handle);
  const std::uint64_t first = index * archive::kChunkElements;
  std::vector<std::byte> raw(static_cast<std::size_t>(
      archive::ChunkLength(handle.element_count(), index) * SizeOf(handle.dtype())));
  const auto read = store_.tensors().Read(handle, first, raw);
  if (!read.ok()) return NameDamaged(store_, handle.id(), read.error());
  std::vector<std::byte> base, second_base;
  const auto read_base = [&](std::uint32_t number, std::vector<std::byte>& bytes) -> Status {
    bytes.resize(raw.size());
    DLV_TRY(store_.tensors().Read(*input_.tensors[number].handle, first, bytes));
    return Ok();
  };
  if (form.bases.unit && form.bases.of_member[0]) {
    DLV_TRY(read_base(*form.bases.of_member[0], base));
    const bool has_second = !form.second_bases.empty() && form.second_bases[0];
    if (has_second) DLV_TRY(read_base(*form.second_bases[0], second_base));
  }
  codec::EncodeOptions options = ArchiveOptions(cold);
  options.second_base = second_base;
  return archive::MeasureChunk(handle.dtype(), raw, base, options);
}

Status UnitForms::MeasureColdGains(const std::vector<std::uint32_t>& chosen) {
  cold_gains_.assign(units_.units.size(), 0);
  for (const std::uint32_t number : chosen) {
    const UnitForm& form = forms_[number];
    if (!cold_[form.unit] || IsPresent(number) || units_.units[form.unit].element_count == 0)
      continue;
    DLV_TRY(CheckCancelled());
    DLV_ASSIGN(const archive::CodedMeasure usual, CodeMiddle(form, false));
    DLV_ASSIGN(const archive::CodedMeasure cold, CodeMiddle(form, true));
    const double share = static_cast<double>(usual.bytes) /
                         static_cast<double>(std::max<std::uint64_t>(cold.bytes, 1));
    cold_gains_[form.unit] = std::max(0.0, form.bytes * (share - 1));
  }
  return Ok();
}

SecondBaseList UnitForms::PresentSecondBases(const UnitForm& form) const {
  SecondBaseList second(form.bases.of_member.size());
  for (std::size_t place = 0; place < second.size(); ++place) {
    const auto& base = form.bases.of_member[place];
    if (base) second[place] = input_.tensors[*base].base;
    if (second[place] == units_.units[form.unit].members[place]) second[place].reset();
  }
  return second;
}

void UnitForms::AddForm(std::uint32_t unit, UnitBases bases, double bytes, bool is_exact) {
  DLV_CHECK(std::isfinite(bytes), "the size of a form is a number");
  forms_.push_back({unit, std::move(bases), std::round(bytes), is_exact, bytes});
  forms_.back().cold_share = cold_[unit] ? 1 : 0;  // until it is known
}

/// Clusters of several members are looked at several times: their headers are few. What is damaged
/// counts as nothing; whoever has to read it will say so.
archive::CodingCounts UnitForms::PresentCoding(const PlanUnit& unit) const {
  archive::CodingCounts counts;
  for (const std::uint32_t member : unit.members) {
    const auto of_member = archive::SampleCoding(*input_.tensors[member].handle);
    if (of_member.ok()) counts += *of_member;
  }
  return counts;
}

/// Takes the size of the form with these second bases, if an earlier plan has found it out.
bool UnitForms::Recall(UnitForm& form, SecondBaseList second_bases) {
  std::swap(form.second_bases, second_bases);
  if (const auto known = notes_.Size(KeyOf(form))) {
    form.bytes = static_cast<double>(known->bytes);
    form.cold_share = known->cold_share;
    form.two_bases_share = known->two_bases_share;
    form.is_exact = true;
    return true;
  }
  std::swap(form.second_bases, second_bases);
  return false;
}

FormKey UnitForms::KeyOf(const UnitForm& form) const {
  std::vector<TensorId> ids;
  std::vector<std::optional<TensorId>> bases;
  for (const std::uint32_t member : units_.units[form.unit].members)
    ids.push_back(input_.tensors[member].handle->id());
  for (const auto& base : form.bases.of_member) {
    bases.emplace_back();
    if (base) bases.back() = input_.tensors[*base].handle->id();
  }
  const auto is_there = [](const auto& second) { return second.has_value(); };
  if (std::ranges::any_of(form.second_bases, is_there)) {
    for (const auto& second : form.second_bases) {
      bases.emplace_back();
      if (second) bases.back() = input_.tensors[*second].handle->id();
    }
  }
  FormKey key = KeyOfForm(ids, bases);
  if (cold_[form.unit]) key.tensor ^= kColdForms;
  return key;
}

Status UnitForms::CheckCancelled() const {
  if (operation_.cancel == nullptr || !operation_.cancel->cancelled()) return Ok();
  return Error{ErrorCode::kCancelled, "stopped on request"};
}

Result<bool> UnitForms::Measure(std::vector<FormToMeasure> wanted) {
  DLV_TRY(CheckCancelled());
  std::vector<std::pair<std::uint32_t, double>> before;
  std::vector<FormToMeasure> unknown;
  for (FormToMeasure& form : wanted) {
    before.emplace_back(form.number, forms_[form.number].bytes);
    if (!Recall(forms_[form.number], form.second_bases)) unknown.push_back(std::move(form));
  }
  DLV_TRY(CodeAll(std::move(unknown)));
  return std::ranges::any_of(before,
                             [&](const auto& of) { return forms_[of.first].bytes != of.second; });
}

/// Of large tensors chunks are coded side by side, one tensor after the other; small ones side by
/// side.
Status UnitForms::CodeAll(std::vector<FormToMeasure> wanted) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<archive::CodedMeasure> measures(wanted.size());
  std::vector<std::size_t> small;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    UnitForm& form = forms_[wanted[i].number];
    form.second_bases = std::move(wanted[i].second_bases);
    const PlanUnit& unit = units_.units[form.unit];
    if (!unit.is_cluster && unit.element_count <= kFewChunks * archive::kChunkElements) {
      small.push_back(i);
    } else {
      DLV_TRY(CheckCancelled());
      DLV_ASSIGN(measures[i], Code(form, operation_));
    }
  }
  Operation alone = operation_;
  alone.threads = 1;
  const auto code = [&](std::uint64_t place, unsigned) -> Status {
    DLV_TRY(CheckCancelled());
    const std::size_t i = small[static_cast<std::size_t>(place)];
    DLV_ASSIGN(measures[i], Code(forms_[wanted[i].number], alone));
    return Ok();
  };
  DLV_TRY(io::ParallelFor(small.size(), operation_.threads, code));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    UnitForm& form = forms_[wanted[i].number];
    const bool was_estimate = !form.is_exact;
    SetMeasured(form, measures[i]);
    if (was_estimate) LearnFrom(form);
    measured_bytes_ += static_cast<double>(units_.units[form.unit].size_bytes());
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  measuring_seconds_ += elapsed.count();
  measured_ += wanted.size();
  return Ok();
}

/// The sample of a tensor is at the same places whatever the base is: what the estimate of one
/// delta is off by, those of the others nearly are, too.
void UnitForms::LearnFrom(const UnitForm& form) {
  if (!form.bases.unit || form.estimate <= 0) return;
  Learned& learned = learned_[form.unit];
  learned.real += form.bytes;
  learned.estimated += form.estimate;
  const double ratio = (1 - kBenefitOfDoubt) * std::clamp(learned.real / learned.estimated,
                                                          1 / kMostCorrection, kMostCorrection);
  for (const std::uint32_t number : learned.deltas) {
    UnitForm& other = forms_[number];
    if (!other.is_exact) other.bytes = std::round(other.estimate * ratio);
  }
}

void UnitForms::SetMeasured(UnitForm& form, const archive::CodedMeasure& measure) {
  const auto set = [&](UnitForm& which, std::uint64_t value) {
    which.bytes = static_cast<double>(value);
    which.cold_share = measure.coding.ColdShare();
    which.two_bases_share = measure.coding.TwoBasesShare();
    which.is_exact = true;
    notes_.KeepSize(KeyOf(which), SizeOfForm(which));
  };
  const bool is_useless = form.bases.unit && !measure.uses_base;
  set(form, is_useless ? units_.units[form.unit].size_bytes() + kUseless : measure.bytes);
  UnitForm& whole = forms_[whole_[form.unit]];
  if (is_useless && !whole.is_exact) set(whole, measure.bytes);
}

Result<archive::CodedMeasure> UnitForms::Code(const UnitForm& form,
                                              const Operation& operation) const {
  const PlanUnit& unit = units_.units[form.unit];
  const bool cold = cold_[form.unit];
  if (unit.is_cluster) return CodeCluster(form, cold, operation.threads);
  const archive::TensorHandle& handle = *input_.tensors[unit.members[0]].handle;
  DLV_ASSIGN(const auto source, store_.tensors().OpenSource(handle.id()));
  std::unique_ptr<io::ByteSource> base, second_base;
  if (form.bases.unit) {
    const TensorId& base_id = input_.tensors[*form.bases.of_member[0]].handle->id();
    DLV_ASSIGN(base, store_.tensors().OpenSource(base_id));
    if (!form.second_bases.empty() && form.second_bases[0]) {
      const TensorId& second_id = input_.tensors[*form.second_bases[0]].handle->id();
      DLV_ASSIGN(second_base, store_.tensors().OpenSource(second_id));
    }
  }
  auto measure = archive::MeasureTensor(handle.dtype(), handle.element_count(), *source, base.get(),
                                        second_base.get(), ArchiveOptions(cold), operation);
  if (!measure.ok()) return NameDamaged(store_, handle.id(), measure.error());
  return measure;
}

/// Gathers and closes clusters as archive::SectionWriter does.
Result<archive::CodedMeasure> UnitForms::CodeCluster(const UnitForm& form, bool cold,
                                                     unsigned threads) const {
  const PlanUnit& unit = units_.units[form.unit];
  const UnitBases& bases = form.bases;
  std::map<std::pair<bool, bool>, ClusterBytes> open;
  ClusterCoder coder(unit.dtype, cold, threads);
  for (std::size_t place = 0; place < unit.members.size(); ++place) {
    const bool has_base = bases.unit && bases.of_member[place].has_value();
    const archive::TensorHandle& handle = *input_.tensors[unit.members[place]].handle;
    std::vector<std::byte> raw;
    DLV_TRY(Append(store_, handle, raw));
    ClusterBytes& cluster = open[{has_base, codec::RepeatsItself(unit.dtype, raw)}];
    const std::size_t most =
        static_cast<std::size_t>(archive::kClusterElements) * SizeOf(unit.dtype);
    if (cluster.raw.size() + raw.size() > most) DLV_TRY(coder.Add(cluster));
    cluster.raw.insert(cluster.raw.end(), raw.begin(), raw.end());
    if (!has_base) continue;
    const std::uint32_t base = *bases.of_member[place];
    DLV_TRY(Append(store_, *input_.tensors[base].handle, cluster.base));
    const auto second = form.second_bases.empty() ? std::nullopt : form.second_bases[place];
    cluster.has_second_base |= second.has_value();
    DLV_TRY(Append(store_, *input_.tensors[second.value_or(base)].handle, cluster.second_base));
  }
  for (auto& [key, cluster] : open) DLV_TRY(coder.Add(cluster));
  return coder.Finish();
}

double UnitForms::Seconds(const plan::CostModel& model, std::uint32_t number) const {
  const UnitForm& form = forms_[number];
  const PlanUnit& unit = units_.units[form.unit];
  const plan::Coding coding{form.bases.unit.has_value(), form.cold_share, form.two_bases_share};
  return model.EdgeSeconds(model.PartsOf(unit.dtype, unit.element_count, coding, form.bytes));
}

std::vector<plan::Edge> UnitForms::Edges(const plan::CostModel& model,
                                         const std::vector<double>& other_seconds, bool for_solver,
                                         bool exact_only) const {
  std::vector<plan::Edge> edges;
  for (std::uint32_t number = 0; number < forms_.size(); ++number) {
    const UnitForm& form = forms_[number];
    if (exact_only && !form.is_exact && form.bases.unit) continue;
    plan::Edge edge;
    edge.from = form.bases.unit ? *form.bases.unit + 1 : plan::kRoot;
    edge.to = form.unit + 1;
    edge.tag = number;
    edge.storage_bytes = form.bytes;
    edge.recreation_seconds = Seconds(model, number);
    if (IsPresent(number)) {
      edge.recreation_seconds += other_seconds[form.unit];
    } else if (for_solver) {
      const auto now = static_cast<double>(units_.units[form.unit].coded_bytes);
      if (!weighed_[form.unit]) edge.storage_bytes = std::max(edge.storage_bytes, now);
      const bool cold = cold_[form.unit];
      edge.storage_bytes += (cold ? kLeastColdMoveBytes : kLeastMoveBytes) +
                            std::round((cold ? kLeastColdMoveShare : kLeastMoveShare) * now);
    }
    edges.push_back(edge);
  }
  return edges;
}

}  // namespace dlv::store
