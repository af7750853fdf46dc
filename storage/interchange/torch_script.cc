// TorchScript archives: a PyTorch zip whose data.pkl is a tree of modules, with their code in
// code/*.py and constants of the code in constants.pkl. The code is never run: of it, only the
// lists of parameters and buffers that every class begins with are read.

#include <map>
#include <set>

#include "storage/interchange/formats.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"
#include "storage/interchange/torch_archive.h"
#include "storage/interchange/zip_recipe.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kMaxCodeBytes = 8u << 20;  // of a member; larger ones stay unread
constexpr std::uint64_t kMaxAllCodeBytes = 64u << 20;

/// What the classes say of their attributes, by "CLASS ATTRIBUTE".
struct AttributeKinds {
  std::set<std::string> parameters;
  std::set<std::string> buffers;
};

/// `list` is `["weight", "bias", ]`.
void AddQuoted(std::string_view list, const std::string& owner, std::set<std::string>& to) {
  for (std::size_t begin = list.find('"'); begin != std::string_view::npos;
       begin = list.find('"', begin)) {
    const std::size_t end = list.find('"', begin + 1);
    if (end == std::string_view::npos) return;
    to.insert(owner + " " + std::string(list.substr(begin + 1, end - begin - 1)));
    begin = end + 1;
  }
}

void ReadClasses(std::string_view code, const std::string& module, AttributeKinds& kinds) {
  std::string owner;
  while (!code.empty()) {
    const std::size_t end = code.find('\n');
    std::string_view line = code.substr(0, end);
    code.remove_prefix(end == std::string_view::npos ? code.size() : end + 1);
    constexpr std::string_view kClass = "class ";
    if (line.starts_with(kClass)) {
      line.remove_prefix(kClass.size());
      owner = module + "." + std::string(line.substr(0, line.find('(')));
    } else if (line.starts_with("  __parameters__ = [")) {
      AddQuoted(line, owner, kinds.parameters);
    } else if (line.starts_with("  __buffers__ = [")) {
      AddQuoted(line, owner, kinds.buffers);
    }
  }
}

/// "STEM/code/__torch__/a/b.py" holds the classes of module "__torch__.a.b".
std::optional<std::string> ModuleOf(std::string_view member, const std::string& stem) {
  const std::string folder = stem + "code/";
  if (!member.starts_with(folder) || !member.ends_with(".py")) return std::nullopt;
  std::string module(member.substr(folder.size(), member.size() - folder.size() - 3));
  for (char& c : module) {
    if (c == '/') c = '.';
  }
  return module;
}

Result<AttributeKinds> ReadCode(const io::ByteSource& file, const ZipDirectory& directory,
                                const std::string& stem) {
  AttributeKinds kinds;
  std::uint64_t all = 0;
  for (const ZipMember& member : directory.members) {
    const auto module = ModuleOf(member.name, stem);
    if (!module || member.size > kMaxCodeBytes || (all += member.size) > kMaxAllCodeBytes) continue;
    DLV_ASSIGN(const std::vector<std::byte> bytes,
               ReadAll(*MemberSource(file, member), kMaxCodeBytes, "code"));
    ReadClasses({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, *module, kinds);
  }
  return kinds;
}

/// The class of the module that holds attribute `path`, and the attribute: "CLASS ATTRIBUTE".
std::string AttributeOf(const Pickle& pickle, std::string_view path) {
  const PickleNode* node = &pickle.top();
  while (node->kind == NodeKind::kObject && node->items[2] != kNoNode) {
    const std::size_t dot = path.find('.');
    const std::string_view key = path.substr(0, dot);
    if (dot == std::string_view::npos) {
      return std::string(pickle.at(node->items[0]).text) + " " + std::string(key);
    }
    node = pickle.Find(pickle.at(node->items[2]), key);
    if (node == nullptr) break;
    path.remove_prefix(dot + 1);
  }
  return {};
}

void SetRoles(const Pickle& pickle, const AttributeKinds& kinds, TorchCheckpoint& checkpoint) {
  for (TorchLeaf& leaf : checkpoint.leaves) {
    const std::string attribute = AttributeOf(pickle, leaf.name);
    if (kinds.parameters.contains(attribute)) {
      leaf.role = TensorRole::kParameter;
    } else if (kinds.buffers.contains(attribute)) {
      leaf.role = TensorRole::kBuffer;
    } else {
      leaf.role = TensorRole::kOther;  // an attribute: the state of a recurrent network, ...
    }
  }
}

/// Constants of the code: one tuple, named by their place in it.
void AddConstants(TorchCheckpoint constants, TorchCheckpoint& checkpoint) {
  const auto first = static_cast<std::uint32_t>(checkpoint.storages.size());
  for (TorchStorage& storage : constants.storages) {
    checkpoint.storages.push_back(std::move(storage));
  }
  for (TorchLeaf& leaf : constants.leaves) {
    leaf.name = "constants." + leaf.name;
    leaf.role = TensorRole::kOther;
    leaf.tensor.storage += first;
    checkpoint.leaves.push_back(std::move(leaf));
  }
}

constexpr std::size_t kMaxNoteBytes = 1000;

FileDescription KeptWhole(const Probe& probe, const std::string& why) {
  FileDescription description = DescribeAsBlob(
      *probe.file, "TorchScript program kept whole: " + Printable(why, kMaxNoteBytes));
  description.format = "torchscript";
  return description;
}

/// Members that are deflated are code, and not by zlib.
bool LeaveCode(std::size_t) { return false; }

}  // namespace

bool SniffTorchScript(const Probe& probe) {
  return SniffTorchZip(probe) && TorchStemOf(**probe.zip, kTorchConstants).has_value();
}

Result<FileDescription> DescribeTorchScript(const Probe& probe, const DescribeOptions& options) {
  const io::ByteSource& file = *probe.file;
  const ZipDirectory& directory = **probe.zip;
  if (options.has_values) DLV_TRY(CheckZipMembers(file, directory));
  const std::string stem = *TorchStemOf(directory, kTorchPickle);
  DLV_ASSIGN(const auto bytes, ReadTorchPickle(file, directory, stem + std::string(kTorchPickle)));
  DLV_ASSIGN(const Pickle pickle, ReadPickle(bytes, kTorchPickle));
  // What a program holds besides (packed weights of quantised layers) is its own business.
  if (!pickle.refused.empty()) return KeptWhole(probe, RefusedError(pickle).message);
  DLV_ASSIGN(TorchCheckpoint checkpoint, ReadTorchCheckpoint(pickle, kTorchPickle));
  DLV_ASSIGN(const AttributeKinds kinds, ReadCode(file, directory, stem));
  SetRoles(pickle, kinds, checkpoint);
  std::vector<std::string> storages;
  for (const TorchStorage& storage : checkpoint.storages) {
    storages.push_back(stem + "data/" + storage.key);
  }
  const std::string constants_name = *TorchStemOf(directory, kTorchConstants) + "constants.pkl";
  DLV_ASSIGN(const auto constants_bytes, ReadTorchPickle(file, directory, constants_name));
  DLV_ASSIGN(const Pickle constants, ReadPickle(constants_bytes, kTorchConstants));
  if (constants.refused.empty()) {
    DLV_ASSIGN(TorchCheckpoint more, ReadTorchCheckpoint(constants, kTorchConstants));
    for (const TorchStorage& storage : more.storages) {
      storages.push_back(stem + "constants/" + storage.key);
    }
    AddConstants(std::move(more), checkpoint);
  }
  DLV_ASSIGN(FileDescription description,
             DescribeTorchArchive(probe, options, stem, checkpoint, storages, LeaveCode));
  description.format = "torchscript";
  return description;
}

}  // namespace dlv::interchange
