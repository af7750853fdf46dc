#pragma once
/// \file
/// A reader of Python pickles that never runs anything: opcodes build inert nodes, calls are kept
/// as nodes that say what would have been called. Only globals of a list of harmless ones are taken
/// (pickle_globals.cc); any other is recorded as refused.

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/interchange/file_format.h"

namespace dlv::interchange {

inline constexpr std::uint64_t kMaxPickleBytes = 64u << 20;

enum class NodeKind : std::uint8_t {
  kNone,
  kBool,
  kInteger,
  kBigInteger,
  kFloat,
  kBytes,
  kText,
  kTuple,
  kList,
  kSet,
  kDict,        ///< items: key, value, key, value, ...
  kGlobal,      ///< text: "module.name"
  kObject,      ///< items: what is called, its arguments, the state set afterwards (or kNoNode)
  kPersistent,  ///< items: the persistent id
};

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = std::numeric_limits<NodeIndex>::max();

struct PickleNode {
  NodeKind kind = NodeKind::kNone;
  bool refused = false;      ///< kGlobal: not on the list
  bool latin1 = false;       ///< kBytes: `text` is UTF-8, each character a byte
  std::int64_t integer = 0;  ///< kBool, kInteger; kText, kBytes: where the bytes begin
  double real = 0;           ///< kFloat
  std::uint64_t size = 0;    ///< kText, kBytes: number of bytes in the pickle
  /// kText, kBytes, kBigInteger (two's complement, little-endian), kGlobal. Of a pickle read from a
  /// source, what is longer than kMaxHeldText is left there, and this is empty.
  std::string_view text;
  std::vector<NodeIndex> items;
};

/// Longest text or bytes that are taken out of a source.
inline constexpr std::uint64_t kMaxHeldText = 4096;

/// A global that a pickle asked for and that is not on the list of harmless ones.
struct RefusedGlobal {
  std::string name;   ///< "posix.system"
  std::string where;  ///< "data.pkl+0x41"
};

struct Pickle {
  std::vector<PickleNode> nodes;
  NodeIndex root = kNoNode;
  std::uint64_t size_bytes = 0;        ///< up to and with STOP
  std::vector<RefusedGlobal> refused;  ///< each name once, at most 1,000 of them
  std::deque<std::string> owned;       ///< texts that do not stand in the pickle as such
  const PickleNode& at(NodeIndex index) const { return nodes[index]; }
  const PickleNode& top() const { return nodes[root]; }
  /// Returns the value of a text key of a dict, or null.
  const PickleNode* Find(const PickleNode& dict, std::string_view key) const;
};

/// Reads the pickle at the front of `bytes`, which must outlive the result. `what` names it in
/// messages ("data.pkl"). Errors: kCorruption; kUnsafe: beyond the limits, or opcodes that reach
/// outside (extension registry, buffers). Refused globals are no error here: see RefusedError.
Result<Pickle> ReadPickle(std::span<const std::byte> bytes, std::string_view what);

/// Reads a pickle of any size through a window; of its texts, kMaxPickleBytes at most are held.
/// `base` is added to offsets in messages.
Result<Pickle> ReadPickle(const io::ByteSource& source, std::string_view what,
                          std::uint64_t base = 0);

/// Returns the error for a pickle with refused globals, which names each of them and where it is
/// first asked for: "needs code to load: GLOBAL 'posix.system' at data.pkl+0x41".
Error RefusedError(
    const Pickle& pickle,
    std::string_view hint = "save the state dict instead: torch.save(model.state_dict(), ...)");

/// Returns a number, text, None, path or version as text, as Python would print it; nothing for
/// anything else. Long texts are cut.
std::optional<std::string> ScalarText(const Pickle& pickle, const PickleNode& node);

/// What a global of the list is, as far as the reader of pickles itself cares.
enum class GlobalUse : std::uint8_t {
  kRefused,
  kInert,  ///< may be named and called: the call stays a node
  kDict,
  kList,
  kSet,
  kTuple,   ///< a call makes one of these
  kFirst,   ///< a call is its first argument (a value with its type in TorchScript)
  kSparse,  ///< a call makes a dict of the parts of a sparse tensor
  kEncode,  ///< _codecs.encode: text to bytes
};
GlobalUse UseOfGlobal(std::string_view module, std::string_view name);

}  // namespace dlv::interchange
