#include "storage/store/snapshot_store.h"

#include <algorithm>

#include "storage/archive/strips.h"
#include "storage/interchange/recipe.h"
#include "storage/io/hash.h"
#include "storage/io/parallel.h"
#include "storage/store/stored_file.h"

namespace dlv::store {
namespace {

/// Tensors up to this many elements are hashed several at a time, larger ones each on all threads.
constexpr std::uint64_t kSmallElements = archive::kChunkElements;
constexpr std::size_t kProbes = 5;
/// So many code hardly faster than the pass over the file hashes, and wait for it; more of them
/// hash what it has not come to themselves.
constexpr unsigned kFewThreads = 3;

archive::LayoutTensor LayoutOf(const interchange::DescribedTensor& tensor) {
  archive::LayoutTensor layout;
  layout.role = tensor.role;
  layout.name = tensor.name;
  layout.dtype = tensor.dtype;
  layout.foreign_dtype = tensor.foreign_dtype;
  layout.shape = tensor.shape;
  layout.fortran_order = tensor.order == interchange::MemoryOrder::kFortran;
  layout.big_endian = tensor.big_endian;
  return layout;
}

/// Returns whether a view is all of its base in the base's order: then both have one id.
bool IsWholeView(const interchange::DescribedTensor& tensor, std::uint64_t count,
                 std::uint64_t base_count) {
  if (tensor.view->offset != 0 || count != base_count) return false;
  std::uint64_t stride = 1;
  for (std::size_t axis = tensor.shape.size(); axis-- > 0;) {
    if (tensor.shape[axis] != 1 && tensor.view->strides[axis] != stride) return false;
    stride *= static_cast<std::uint64_t>(tensor.shape[axis]);
  }
  return true;
}

/// BlobId of a source of any size.
Result<BlobId> HashBlobSource(const io::ByteSource& source) {
  constexpr std::string_view kDomain("dlv-blob\0", 9);
  constexpr std::uint64_t kPiece = 1u << 20;
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(kDomain.data(), kDomain.size())));
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(kPiece, source.size())));
  for (std::uint64_t done = 0; done < source.size();) {
    const auto piece = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), source.size() - done)));
    DLV_TRY(source.ReadAt(done, piece));
    hash.Update(piece);
    done += piece.size();
  }
  return hash.Finish<BlobId>();
}

/// Returns whether a file that was stored before has the tensors that this description has.
bool SaysTheSame(const KnownFile& known, const interchange::FileDescription& description) {
  return std::equal(known.tensors.begin(), known.tensors.end(), description.tensors.begin(),
                    description.tensors.end(),
                    [](archive::LayoutTensor stored, const interchange::DescribedTensor& fresh) {
                      stored.file = 0;
                      stored.in_strip = false;
                      return stored == LayoutOf(fresh);
                    });
}

Error NamedAfter(const FileWork& file, Error error) {
  const std::string& name = file.input->name();
  if (error.message.find(name) == std::string::npos) error.message = name + ": " + error.message;
  return error;
}

unsigned ThreadsOf(const SnapshotOptions& options) {
  return options.threads == 0 ? io::DefaultThreads() : options.threads;
}

}  // namespace

SnapshotStore::SnapshotStore(Store& store, CommitWriter& writer, SnapshotOptions options)
    : store_(store),
      writer_(writer),
      options_(std::move(options)),
      pass_threads_(std::make_shared<PassThreads>(std::max(1u, ThreadsOf(options_) / 2))),
      twins_(store) {}

Result<bool> SnapshotStore::MayBeKnown(const FileWork& file) {
  const InputFile& input = *file.input;
  if (!options_.include_optimizer) return false;  // the stored form has more than is asked for
  DLV_ASSIGN(const bool same_size, store_.Read([&](const catalog::Catalog& catalog) {
    return catalog.HasFileOfSize(input.size());
  }));
  if (!same_size) return false;
  // The checkpoints of a run all have one size: a few tensors tell sooner that this one is new.
  std::vector<std::size_t> small;
  for (std::size_t place = 0; place < file.tensors.size(); ++place) {
    if (file.tensors[place].in_strip) continue;  // the store does not know its id
    DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(file.tensors[place].shape));
    if (count <= kSmallElements) small.push_back(place);
  }
  const std::size_t probes = std::min(kProbes, small.size());
  for (std::size_t part = 0; part < probes; ++part) {
    const std::size_t place = small[probes < 2 ? 0 : part * (small.size() - 1) / (probes - 1)];
    const auto& tensor = input.description().tensors[place];
    DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
    DLV_ASSIGN(const auto hash, archive::HashTensorSource(*tensor.source, tensor.dtype, count, 1));
    DLV_ASSIGN(const auto number, FindNumber(store_, hash.id));
    if (!number) return false;
  }
  return true;
}

Result<std::unique_ptr<FileWork>> SnapshotStore::LookAtFile(const FileInput& request) {
  auto file = std::make_unique<FileWork>();
  file->request = request;
  DLV_ASSIGN(file->input, InputFile::Open(store_, request));
  InputFile& input = *file->input;
  raw_bytes_ += input.size();
  const bool whole = request.as_blob || (options_.whole_files != nullptr &&
                                         options_.whole_files->contains(input.path()));
  DescribeRequest asked{options_.include_optimizer, request.as_blob, request.format};
  if (options_.external != nullptr) {
    asked.external = options_.external->Find(input.path());
    if (asked.external != nullptr) DLV_TRY(options_.external->CheckOpened(store_, input));
  }
  DLV_TRY(input.Describe(asked));
  auto said = interchange::ReadSideMetadata(input.description().format,
                                            input.description().metadata, input.path());
  if (!said.empty()) metadata_.push_back(std::move(said));
  for (const interchange::DescribedTensor& tensor : input.description().tensors) {
    file->tensors.push_back(LayoutOf(tensor));
    DLV_TRY(archive::ElementCount(tensor.shape));
  }
  archive::ChooseStripMembers(file->tensors);
  DLV_ASSIGN(const bool may_be_known, MayBeKnown(*file));
  // Of a known file nobody asks for its tensors' ids.
  input.StartHashing(options_.cancel, !may_be_known, pass_threads_);
  if (may_be_known) {
    DLV_ASSIGN(const FileDigest sha256, input.Sha256());
    DLV_ASSIGN(file->known, FindKnownFile(store_, sha256));
    if (file->known && whole && file->known->entry.form != archive::FileForm::kBlob) {
      file->known.reset();
    }
    // The same bytes may have been kept whole, or been read as another format.
    if (file->known && !SaysTheSame(*file->known, input.description())) file->known.reset();
  }
  file->entry.path = input.path();
  file->entry.size_bytes = input.size();
  file->entry.mode = input.mode();
  if (file->known) {
    file->tensors = file->known->tensors;
    file->ids = file->known->ids;
    file->strips = StripsOf(file->tensors, {});
    for (std::size_t k = 0; k < file->strips.size(); ++k)
      file->strips[k].id = file->known->strips[k];
    return file;
  }
  file->entry.format = input.description().format;
  file->entry.note = input.description().note;
  for (const std::string& warning : input.description().warnings) {
    warnings_.push_back(input.name() + ": " + warning);
  }
  std::vector<const io::ByteSource*> sources;
  for (const auto& tensor : input.description().tensors) sources.push_back(tensor.source.get());
  file->strips = StripsOf(file->tensors, sources);
  return file;
}

Status SnapshotStore::LookAtMemory(SnapshotWork& snapshot, TensorSource& source) {
  for (std::size_t i = 0; i < source.size(); ++i) {
    const TensorInfo info = source.Info(i);
    DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(info.shape));
    archive::LayoutTensor tensor;
    tensor.role = info.role;
    tensor.name = info.name;
    tensor.dtype = info.dtype;
    tensor.shape = info.shape;
    const std::uint64_t bytes = count * SizeOf(info.dtype);
    raw_bytes_ += bytes;
    snapshot.memory_tensors.push_back(std::move(tensor));
    snapshot.memory_sources.push_back(MakeTensorSource(source, i, bytes));
  }
  return Ok();
}

Result<SnapshotWork> SnapshotStore::Look(const SnapshotPlan& plan) {
  SnapshotWork snapshot;
  snapshot.step = plan.step;
  for (const FileInput& request : plan.files) {
    if (options_.cancel != nullptr && options_.cancel->cancelled()) {
      return Error{ErrorCode::kCancelled, "stopped"};
    }
    DLV_ASSIGN(auto file, LookAtFile(request));
    snapshot.files.push_back(std::move(file));
  }
  for (TensorSource* source : plan.from_memory) DLV_TRY(LookAtMemory(snapshot, *source));
  archive::ChooseStripMembers(snapshot.memory_tensors);
  std::vector<const io::ByteSource*> sources;
  for (const auto& source : snapshot.memory_sources) sources.push_back(source.get());
  snapshot.memory_strips = StripsOf(snapshot.memory_tensors, sources);
  return snapshot;
}

Status SnapshotStore::SaveTensor(const archive::LayoutTensor& tensor, const io::ByteSource& source,
                                 const archive::TensorHash& hash,
                                 const std::vector<const BaseSet*>& bases) {
  if (options_.cancel != nullptr && options_.cancel->cancelled()) {
    return Error{ErrorCode::kCancelled, "stopped"};
  }
  DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
  std::optional<BaseTensor> base;
  for (const BaseSet* set : bases) {
    const auto found = set->Find({tensor.role, tensor.name, tensor.dtype, count});
    if (!found) continue;
    base = BaseTensor{found->id, found->bytes};
    break;
  }
  DLV_ASSIGN(const bool has_twin, twins_.Choose(hash.id, tensor.dtype, count, source, base));
  const Deferred work{hash, tensor.dtype, count, base, &source};
  if (!has_twin) return Write(work);
  deferred_.push_back(work);
  return Ok();
}

Status SnapshotStore::Write(const Deferred& work) {
  DLV_TRY(writer_.AddTensor(work.hash, work.dtype, work.element_count, work.base, *work.source));
  Progress(work.element_count * SizeOf(work.dtype));
  return Ok();
}

/// Small tensors with a twin come last: each cluster that they need is then written once.
Status SnapshotStore::WriteDeferred() {
  for (const Deferred& work : deferred_) DLV_TRY(Write(work));
  deferred_.clear();
  return Ok();
}

Status SnapshotStore::SaveTensors(FileWork& file, const std::vector<const BaseSet*>& bases) {
  const auto& tensors = file.input->description().tensors;
  std::vector<archive::TensorHash> hashes(tensors.size());
  std::vector<std::uint64_t> counts(tensors.size());
  std::vector<std::size_t> small;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    DLV_ASSIGN(counts[i], archive::ElementCount(tensors[i].shape));
    if (counts[i] <= kSmallElements) small.push_back(i);
  }
  DLV_TRY(io::ParallelFor(small.size(), options_.threads, [&](std::uint64_t k, unsigned) -> Status {
    const std::size_t i = small[static_cast<std::size_t>(k)];
    DLV_ASSIGN(hashes[i],
               archive::HashTensorSource(*tensors[i].source, tensors[i].dtype, counts[i], 1));
    return Ok();
  }));
  file.ids.resize(tensors.size());
  const bool patient = ThreadsOf(options_) <= kFewThreads;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (counts[i] > kSmallElements) {
      const auto& view = tensors[i].view;
      if (view && view->base < i && IsWholeView(tensors[i], counts[i], counts[view->base])) {
        file.ids[i] = file.ids[view->base];
        DLV_TRY(writer_.NeedTensor(file.ids[i]));
        continue;
      }
      if (auto hash = file.input->HashOf(i, patient)) {
        hashes[i] = *std::move(hash);
      } else {
        DLV_ASSIGN(hashes[i], archive::HashTensorSource(*tensors[i].source, tensors[i].dtype,
                                                        counts[i], options_.threads));
      }
    }
    file.ids[i] = hashes[i].id;
    if (file.tensors[i].in_strip) continue;
    DLV_TRY(SaveTensor(file.tensors[i], *tensors[i].source, hashes[i], bases));
  }
  DLV_TRY(WriteDeferred());
  return SaveStrips(file.strips, file.ids, bases);
}

/// Stores strips as the tensors that they are; their members can be opened by id from here on.
Status SnapshotStore::SaveStrips(std::vector<StripWork>& strips,
                                 const std::vector<TensorId>& member_ids,
                                 const std::vector<const BaseSet*>& bases) {
  for (StripWork& strip : strips) {
    const std::uint64_t width = SizeOf(strip.key.dtype);
    DLV_ASSIGN(const auto hash, archive::HashTensorSource(*strip.source, strip.key.dtype,
                                                          strip.key.element_count, 1));
    strip.id = hash.id;
    std::optional<BaseTensor> base;
    for (const BaseSet* set : bases) {
      if (base) break;
      if (const auto found = set->FindStrip(strip.key)) base = BaseTensor{found->id, found->bytes};
    }
    DLV_TRY(writer_.AddStrip(hash, strip.key.dtype, strip.key.element_count, base, *strip.source,
                             strip.members.size()));
    Progress(strip.key.element_count * width);
    for (std::size_t k = 0; k < strip.members.size(); ++k) {
      store_.small_tensors().Add(member_ids[strip.members[k]],
                                 {strip.id, strip.FirstElement(k), strip.ElementCount(k)});
    }
  }
  return Ok();
}

Status SnapshotStore::SaveKnown(FileWork& file) {
  const archive::ManifestFile& known = file.known->entry;
  file.entry.format = known.format;
  file.entry.form = known.form;
  file.entry.content = known.content;
  file.entry.note = known.note;
  for (std::size_t i = 0; i < file.ids.size(); ++i) {
    if (!file.tensors[i].in_strip) DLV_TRY(writer_.NeedTensor(file.ids[i]));
  }
  for (const StripWork& strip : file.strips)
    DLV_TRY(writer_.NeedStrip(strip.id, strip.members.size()));
  DLV_TRY(writer_.NeedBlob(known.content));
  if (known.form == archive::FileForm::kRecipe) {
    DLV_ASSIGN(const Assembly assembly, ReadAssembly(store_.blobs(), known.content));
    DLV_TRY(writer_.NeedBlob(assembly.recipe));
    for (const BlobId& literal : assembly.literals) DLV_TRY(writer_.NeedBlob(literal));
    file.literals = assembly.literals;
  }
  Progress(file.input->size());
  return Ok();
}

Result<std::optional<PrefixBlob>> SnapshotStore::LiteralPrefix(
    const std::string& path, std::size_t ordinal, std::size_t literal,
    const std::vector<const BaseSet*>& bases) {
  for (const BaseSet* set : bases) {
    if (const FileWork* work = set->FindWork(path, ordinal)) {
      if (literal >= work->literals.size()) continue;
      const io::ByteSource* bytes =
          work->known ? nullptr : work->input->description().literals[literal].get();
      return std::optional(PrefixBlob{work->literals[literal], bytes});
    }
    const archive::ManifestFile* stored = set->FindStored(path, ordinal);
    if (stored == nullptr || stored->form != archive::FileForm::kRecipe) continue;
    DLV_ASSIGN(const Assembly assembly, ReadAssembly(store_.blobs(), stored->content));
    if (literal < assembly.literals.size()) {
      return std::optional(PrefixBlob{assembly.literals[literal], nullptr});
    }
  }
  return std::optional<PrefixBlob>();
}

Status SnapshotStore::SaveRecipe(FileWork& file, std::size_t ordinal,
                                 const std::vector<const BaseSet*>& bases) {
  const interchange::FileDescription& description = file.input->description();
  Assembly assembly;
  for (std::size_t i = 0; i < description.literals.size(); ++i) {
    const io::ByteSource& literal = *description.literals[i];
    DLV_ASSIGN(const BlobId id, HashBlobSource(literal));
    DLV_ASSIGN(const auto prefix, LiteralPrefix(file.entry.path, ordinal, i, bases));
    DLV_TRY(writer_.AddBlob(id, literal, prefix));
    assembly.literals.push_back(id);
  }
  DLV_ASSIGN(assembly.recipe, writer_.AddBlob(interchange::EncodeRecipe(*description.recipe)));
  DLV_ASSIGN(file.entry.content, writer_.AddBlob(EncodeAssembly(assembly)));
  file.entry.form = archive::FileForm::kRecipe;
  file.literals = std::move(assembly.literals);
  return Ok();
}

Status SnapshotStore::SaveWhole(FileWork& file, std::size_t ordinal,
                                const std::vector<const BaseSet*>& bases) {
  std::optional<PrefixBlob> prefix;
  for (const BaseSet* set : bases) {
    if (const FileWork* work = set->FindWork(file.entry.path, ordinal);
        work != nullptr && work->entry.form == archive::FileForm::kBlob) {
      prefix = PrefixBlob{work->entry.content, &work->input->source()};
    } else if (const auto* stored = set->FindStored(file.entry.path, ordinal);
               stored != nullptr && stored->form == archive::FileForm::kBlob) {
      prefix = PrefixBlob{stored->content, nullptr};
    }
    if (prefix) break;
  }
  DLV_ASSIGN(file.entry.content, HashBlobSource(file.input->source()));
  DLV_TRY(writer_.AddBlob(file.entry.content, file.input->source(), prefix));
  file.entry.form = archive::FileForm::kBlob;
  return Ok();
}

Status SnapshotStore::SaveContent(FileWork& file, std::size_t ordinal,
                                  const std::vector<const BaseSet*>& bases) {
  const interchange::FileDescription& description = file.input->description();
  const bool whole =
      options_.whole_files != nullptr && options_.whole_files->contains(file.entry.path);
  if (!whole && !description.recipe) {
    file.entry.form = archive::FileForm::kNone;
    return Ok();
  }
  if (!whole && !description.tensors.empty()) return SaveRecipe(file, ordinal, bases);
  if (whole) file.entry.note = "its recipe did not give it back; kept whole beside its tensors";
  return SaveWhole(file, ordinal, bases);
}

Status SnapshotStore::SaveMemory(SnapshotWork& snapshot, const std::vector<const BaseSet*>& bases) {
  for (std::size_t i = 0; i < snapshot.memory_tensors.size(); ++i) {
    const archive::LayoutTensor& tensor = snapshot.memory_tensors[i];
    const io::ByteSource& source = *snapshot.memory_sources[i];
    DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
    const unsigned threads = count <= kSmallElements ? 1 : options_.threads;
    DLV_ASSIGN(const auto hash, archive::HashTensorSource(source, tensor.dtype, count, threads));
    snapshot.memory_ids.push_back(hash.id);
    if (!tensor.in_strip) DLV_TRY(SaveTensor(tensor, source, hash, bases));
  }
  DLV_TRY(WriteDeferred());
  return SaveStrips(snapshot.memory_strips, snapshot.memory_ids, bases);
}

Status SnapshotStore::Save(SnapshotWork& snapshot, const std::vector<const BaseSet*>& bases) {
  twins_ = TwinBases(store_);
  for (std::size_t ordinal = 0; ordinal < snapshot.files.size(); ++ordinal) {
    FileWork& file = *snapshot.files[ordinal];
    Status saved = file.known ? SaveKnown(file) : SaveTensors(file, bases);
    if (saved.ok() && !file.known) saved = SaveContent(file, ordinal, bases);
    if (!saved.ok()) {
      DLV_TRY(file.input->CheckUnchanged());
      return NamedAfter(file, std::move(saved).error());
    }
    DLV_ASSIGN(file.entry.sha256, file.input->Sha256());
    DLV_TRY(file.input->CheckUnchanged());
  }
  return SaveMemory(snapshot, bases);
}

}  // namespace dlv::store
