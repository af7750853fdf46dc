#include "storage/archive/manifest.h"

#include <algorithm>
#include <set>

#include "storage/archive/canonical.h"
#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

constexpr const char* kManifestText = "manifest";
constexpr std::size_t kMaxModelName = 255;
constexpr std::uint32_t kMaxMode = 07777;
constexpr auto kLastRelation = static_cast<std::uint8_t>(Relation::kAdapter);

bool IsModelName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxModelName &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

bool IsSafePath(const std::string& path) {
  if (path.empty() || path.size() > kMaxNameBytes || path.find('\0') != std::string::npos)
    return false;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part(path.data() + begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == path.size()) return true;
    begin = end + 1;
  }
}

/// Returns why a reader would refuse the manifest; empty: it would not.
std::string CheckFile(const Manifest& manifest, const ManifestFile& file) {
  if (!IsSafePath(file.path)) return "unsafe path \"" + file.path + "\"";
  if (file.mode > kMaxMode) return "impossible mode of " + file.path;
  if (file.snapshot && *file.snapshot >= manifest.snapshots.size())
    return "no such snapshot for " + file.path;
  if (file.form > FileForm::kNone) return "unknown form of " + file.path;
  if ((file.form == FileForm::kNone) != (file.content == BlobId{}))
    return "form and content of " + file.path + " disagree";
  if (file.form == FileForm::kRecipe && !file.snapshot)
    return "recipe without a snapshot: " + file.path;
  return {};
}

std::string CheckSources(const Manifest& manifest) {
  for (const auto& [name, path] : manifest.sources.hparams) {
    if (!manifest.hparams.contains(name)) return "source of what is no hyper-parameter: " + name;
  }
  for (const auto& [name, path] : manifest.sources.metrics) {
    const auto found = std::lower_bound(
        manifest.metrics.begin(), manifest.metrics.end(), name,
        [](const Metric& metric, const std::string& wanted) { return metric.name < wanted; });
    if (found == manifest.metrics.end() || found->name != name)
      return "source of what is no metric: " + name;
  }
  return {};
}

std::string CheckManifest(const Manifest& manifest) {
  if (!IsModelName(manifest.model)) return "impossible model name";
  std::set<VersionId> parents;
  for (const ManifestParent& parent : manifest.parents) {
    if (!parents.insert(parent.id).second) return "parent " + parent.id.Hex(12) + " stands twice";
    if (static_cast<std::uint8_t>(parent.relation) > kLastRelation) return "unknown relation";
  }
  for (std::size_t i = 0; i < manifest.files.size(); ++i) {
    if (i > 0 && manifest.files[i - 1].path >= manifest.files[i].path)
      return "files are not ascending by path";
    if (std::string why = CheckFile(manifest, manifest.files[i]); !why.empty()) return why;
  }
  for (std::size_t i = 0; i < manifest.metrics.size(); ++i) {
    if (manifest.metrics[i].points.empty()) return "metric without a point";
    if (i > 0 && manifest.metrics[i - 1].name >= manifest.metrics[i].name)
      return "metrics are not ascending by name";
  }
  return CheckSources(manifest);
}

void PutFile(io::ByteWriter& out, const ManifestFile& file) {
  out.PutString(file.path);
  out.PutVarint(file.size_bytes);
  out.PutDigest(file.sha256);
  out.PutVarint(file.mode);
  out.PutString(file.format);
  out.PutVarint(file.snapshot ? std::uint64_t{*file.snapshot} + 1 : 0);
  out.Put(static_cast<std::uint8_t>(file.form));
  out.PutDigest(file.content);
  out.PutString(file.note);
}

void Put(io::ByteWriter& out, const Manifest& manifest) {
  const bool has_sources = !manifest.sources.empty();
  PutPreamble(out, ManifestFormat::kMagic, has_sources ? ManifestFormat::kSources : 0);
  out.PutString(manifest.model);
  out.PutString(manifest.message);
  out.PutVarint(manifest.parents.size());
  for (const ManifestParent& parent : manifest.parents) {
    out.PutDigest(parent.id);
    out.Put(static_cast<std::uint8_t>(parent.relation));
    out.Put(static_cast<std::uint8_t>(parent.inferred ? 1 : 0));
    PutPairs(out, parent.attributes);
  }
  out.PutVarint(manifest.snapshots.size());
  for (const ManifestSnapshot& snapshot : manifest.snapshots) {
    out.Put(static_cast<std::uint8_t>(snapshot.step ? 1 : 0));
    if (snapshot.step) out.PutSignedVarint(*snapshot.step);
    out.PutDigest(snapshot.layout);
    out.PutVarint(snapshot.tensors.size());
    for (const TensorId& id : snapshot.tensors) out.PutDigest(id);
  }
  out.PutVarint(manifest.files.size());
  for (const ManifestFile& file : manifest.files) PutFile(out, file);
  PutPairs(out, manifest.hparams);
  out.PutVarint(manifest.metrics.size());
  for (const Metric& metric : manifest.metrics) {
    out.PutString(metric.name);
    out.PutVarint(metric.points.size());
    for (const MetricPoint& point : metric.points) {
      out.PutSignedVarint(point.step);
      out.Put(point.value);
    }
  }
  if (!has_sources) return;
  PutPairs(out, manifest.sources.hparams);
  PutPairs(out, manifest.sources.metrics);
  PutPairs(out, manifest.sources.tags);
}

Status GetParents(io::ByteReader& in, Manifest& manifest) {
  DLV_ASSIGN(const std::uint64_t count, in.GetCount(35));
  manifest.parents.resize(static_cast<std::size_t>(count));
  for (ManifestParent& parent : manifest.parents) {
    DLV_ASSIGN(parent.id, in.GetDigest<VersionId>());
    DLV_ASSIGN(const std::uint8_t relation, in.Get<std::uint8_t>());
    parent.relation = static_cast<Relation>(relation);  // checked by CheckManifest
    DLV_ASSIGN(parent.inferred, GetFlag(in));
    DLV_ASSIGN(parent.attributes, GetPairs(in));
  }
  return Ok();
}

Status GetSnapshots(io::ByteReader& in, Manifest& manifest) {
  DLV_ASSIGN(const std::uint64_t count, in.GetCount(34));
  manifest.snapshots.resize(static_cast<std::size_t>(count));
  for (ManifestSnapshot& snapshot : manifest.snapshots) {
    DLV_ASSIGN(const bool has_step, GetFlag(in));
    if (has_step) {
      DLV_ASSIGN(snapshot.step, in.GetSignedVarint());
    }
    DLV_ASSIGN(snapshot.layout, in.GetDigest<BlobId>());
    DLV_ASSIGN(const std::uint64_t tensors, in.GetCount(32));
    snapshot.tensors.resize(static_cast<std::size_t>(tensors));
    for (TensorId& id : snapshot.tensors) {
      DLV_ASSIGN(id, in.GetDigest<TensorId>());
    }
  }
  return Ok();
}

Status GetFile(io::ByteReader& in, ManifestFile& file) {
  DLV_ASSIGN(file.path, in.GetString(kMaxNameBytes));
  DLV_ASSIGN(file.size_bytes, in.GetVarint());
  DLV_ASSIGN(file.sha256, in.GetDigest<FileDigest>());
  DLV_ASSIGN(const std::uint64_t mode, in.GetVarint());
  if (mode > kMaxMode) return in.Bad("impossible mode");
  file.mode = static_cast<std::uint32_t>(mode);
  DLV_ASSIGN(file.format, in.GetString(kMaxNameBytes));
  DLV_ASSIGN(const std::uint64_t snapshot, in.GetVarint());
  if (snapshot > UINT32_MAX) return in.Bad("impossible snapshot ordinal");
  if (snapshot != 0) file.snapshot = static_cast<std::uint32_t>(snapshot - 1);
  DLV_ASSIGN(const std::uint8_t form, in.Get<std::uint8_t>());
  file.form = static_cast<FileForm>(form);  // checked by CheckManifest
  DLV_ASSIGN(file.content, in.GetDigest<BlobId>());
  DLV_ASSIGN(file.note, in.GetString());
  return Ok();
}

Status GetMetrics(io::ByteReader& in, Manifest& manifest) {
  DLV_ASSIGN(const std::uint64_t count, in.GetCount(11));
  manifest.metrics.resize(static_cast<std::size_t>(count));
  for (Metric& metric : manifest.metrics) {
    DLV_ASSIGN(metric.name, in.GetString(kMaxNameBytes));
    DLV_ASSIGN(const std::uint64_t points, in.GetCount(9));
    metric.points.resize(static_cast<std::size_t>(points));
    for (MetricPoint& point : metric.points) {
      DLV_ASSIGN(point.step, in.GetSignedVarint());
      DLV_ASSIGN(point.value, in.Get<double>());
    }
  }
  return Ok();
}

}  // namespace

Result<std::vector<std::byte>> EncodeManifest(const Manifest& manifest) {
  if (const std::string why = CheckManifest(manifest); !why.empty()) {
    return Error{ErrorCode::kInvalidArgument, "manifest of \"" + manifest.model + "\": " + why};
  }
  io::ByteWriter out;
  Put(out, manifest);
  if (out.size() > kMaxManifestBytes) {
    return Error{ErrorCode::kInvalidArgument,
                 "manifest of \"" + manifest.model + "\": longer than its limit"};
  }
  if (const auto again = DecodeManifest(out.bytes()); !again.ok()) {
    return Error{ErrorCode::kInvalidArgument, again.error().message};
  }
  return out.Take();
}

Result<Manifest> DecodeManifest(std::span<const std::byte> bytes) {
  io::ByteReader in(bytes, kManifestText);
  DLV_ASSIGN(const std::uint32_t features,
             GetPreamble(in, ManifestFormat::kMagic, kManifestText, ManifestFormat::kSources));
  Manifest manifest;
  DLV_ASSIGN(manifest.model, in.GetString());
  DLV_ASSIGN(manifest.message, in.GetString());
  DLV_TRY(GetParents(in, manifest));
  DLV_TRY(GetSnapshots(in, manifest));
  DLV_ASSIGN(const std::uint64_t files, in.GetCount(72));
  manifest.files.resize(static_cast<std::size_t>(files));
  for (ManifestFile& file : manifest.files) DLV_TRY(GetFile(in, file));
  DLV_ASSIGN(manifest.hparams, GetPairs(in));
  DLV_TRY(GetMetrics(in, manifest));
  if ((features & ManifestFormat::kSources) != 0) {
    DLV_ASSIGN(manifest.sources.hparams, GetPairs(in));
    DLV_ASSIGN(manifest.sources.metrics, GetPairs(in));
    DLV_ASSIGN(manifest.sources.tags, GetPairs(in));
  }
  DLV_TRY(in.ExpectEnd());
  if (const std::string why = CheckManifest(manifest); !why.empty()) return in.Bad(why);
  io::ByteWriter again;
  Put(again, manifest);
  if (!std::ranges::equal(again.bytes(), bytes)) return in.Bad("not canonical");
  return manifest;
}

VersionId HashManifest(std::span<const std::byte> canonical) {
  constexpr char kDomain[] = "dlv-manifest";  // with its zero byte
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(kDomain)));
  hash.Update(canonical);
  return hash.Finish<VersionId>();
}

std::vector<std::byte> EncodeEnvelope(const Envelope& envelope) {
  io::ByteWriter out;
  PutPreamble(out, EnvelopeFormat::kMagic);
  out.Put(envelope.created);
  out.PutString(envelope.author);
  out.PutVarint(envelope.number);
  PutPairs(out, envelope.tags);
  out.PutVarint(envelope.aliases.size());
  for (const std::string& alias : envelope.aliases) out.PutString(alias);
  out.PutString(envelope.tool);
  out.PutVarint(envelope.raw_bytes);
  return out.Take();
}

Result<Envelope> DecodeEnvelope(std::span<const std::byte> bytes) {
  io::ByteReader in(bytes, "envelope");
  DLV_TRY(CheckPreamble(in, EnvelopeFormat::kMagic, "envelope"));
  Envelope envelope;
  DLV_ASSIGN(envelope.created, in.Get<std::int64_t>());
  DLV_ASSIGN(envelope.author, in.GetString());
  DLV_ASSIGN(envelope.number, in.GetVarint());
  DLV_ASSIGN(envelope.tags, GetPairs(in));
  DLV_ASSIGN(const std::uint64_t aliases, in.GetCount(1));
  for (std::uint64_t i = 0; i < aliases; ++i) {
    DLV_ASSIGN(std::string alias, in.GetString());
    envelope.aliases.push_back(std::move(alias));
  }
  DLV_ASSIGN(envelope.tool, in.GetString());
  DLV_ASSIGN(envelope.raw_bytes, in.GetVarint());
  DLV_TRY(in.ExpectEnd());
  return envelope;
}

}  // namespace dlv::archive
