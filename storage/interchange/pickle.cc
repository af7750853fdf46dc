#include "storage/interchange/pickle.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <unordered_map>

#include "storage/interchange/pickle_machine.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxRefused = 1'000;
constexpr int kMaxProtocol = 5;

// The opcodes, named as in Python's pickletools.
enum Op : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kFloatText = 'F',
  kIntText = 'I',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kLongText = 'L',
  kBinInt2 = 'M',
  kNoneOp = 'N',
  kPersIdText = 'P',
  kBinPersId = 'Q',
  kReduce = 'R',
  kStringText = 'S',
  kBinString = 'T',
  kShortBinString = 'U',
  kUnicodeText = 'V',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobalOp = 'c',
  kDictOp = 'd',
  kEmptyDict = '}',
  kAppends = 'e',
  kGetText = 'g',
  kBinGet = 'h',
  kInst = 'i',
  kLongBinGet = 'j',
  kListOp = 'l',
  kEmptyList = ']',
  kObj = 'o',
  kPutText = 'p',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTupleOp = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kBinFloat = 'G',
  kProto = 0x80,
  kNewObj = 0x81,
  kExt1 = 0x82,
  kExt2 = 0x83,
  kExt4 = 0x84,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes8 = 0x8e,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kNewObjEx = 0x92,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
  kByteArray8 = 0x96,
  kNextBuffer = 0x97,
  kReadOnlyBuffer = 0x98,
};

class Reader : private PickleMachine {
 public:
  using PickleMachine::PickleMachine;

  Result<Pickle> Run() {
    while (!stopped_) {
      op_offset_ = at_;
      DLV_ASSIGN(const std::string_view op, Take(1));
      DLV_TRY(Step(static_cast<std::uint8_t>(op[0])));
      if (stack_.size() > kMaxPickleStack || marks_.size() > kMaxPickleMarks)
        return Unsafe("stack is too deep");
    }
    pickle_.size_bytes = at_;
    return std::move(pickle_);
  }

 private:
  // --- opcodes, by family ---

  Status Step(std::uint8_t op) {
    switch (op) {
      case kProto: {
        DLV_ASSIGN(const std::uint64_t version, TakeUnsigned(1));
        if (version > kMaxProtocol) return Bad("protocol " + std::to_string(version));
        return Ok();
      }
      case kFrame: {
        DLV_ASSIGN(const std::uint64_t size, TakeUnsigned(8));
        if (size > left()) return Bad("frame is cut off");
        return Ok();
      }
      case kStop: {
        DLV_ASSIGN(pickle_.root, Pop());
        stopped_ = true;
        return Ok();
      }
      case kExt1:
      case kExt2:
      case kExt4:
        return Unsafe("needs code to load: extension registry");
      case kNextBuffer:
      case kReadOnlyBuffer:
        return Unsafe("needs buffers outside the pickle");
      default:
        break;
    }
    if (op == kMark || op == kPop || op == kPopMark || op == kDup || IsMemoOp(op))
      return StackStep(op);
    if (const Result<bool> done = ValueStep(op); !done.ok() || *done) return StatusOf(done);
    if (const Result<bool> done = TextStep(op); !done.ok() || *done) return StatusOf(done);
    if (const Result<bool> done = ContainerStep(op); !done.ok() || *done) return StatusOf(done);
    return ObjectStep(op);
  }
  static Status StatusOf(const Result<bool>& result) {
    return result.ok() ? Ok() : Status(result.error());
  }
  static Result<bool> Done(Status status) {
    if (status.ok()) return true;
    return std::move(status).error();
  }
  static bool IsMemoOp(std::uint8_t op) {
    return op == kGetText || op == kBinGet || op == kLongBinGet || op == kPutText ||
           op == kBinPut || op == kLongBinPut || op == kMemoize;
  }

  Status StackStep(std::uint8_t op) {
    switch (op) {
      case kMark:
        marks_.push_back(stack_.size());
        return Ok();
      case kPop:
        if (!marks_.empty() && stack_.size() == marks_.back()) {
          marks_.pop_back();
          return Ok();
        }
        DLV_TRY(Pop());
        return Ok();
      case kPopMark:
        DLV_TRY(PopToMark());
        return Ok();
      case kDup: {
        DLV_ASSIGN(const NodeIndex top, Top());
        stack_.push_back(top);
        return Ok();
      }
      case kMemoize:
        return Memoize(memo_count_);
      default:
        break;
    }
    const bool text = op == kGetText || op == kPutText;
    const bool one = op == kBinGet || op == kBinPut;
    DLV_ASSIGN(const std::uint64_t key, text ? TakeDecimal() : TakeUnsigned(one ? 1 : 4));
    const bool get = op == kGetText || op == kBinGet || op == kLongBinGet;
    return get ? Recall(key) : Memoize(key);
  }

  // Numbers and constants. Returns whether the opcode was one of these.
  Result<bool> ValueStep(std::uint8_t op) {
    switch (op) {
      case kNoneOp:
        return Done(PushKind(NodeKind::kNone));
      case kNewTrue:
        return Done(PushInteger(NodeKind::kBool, 1));
      case kNewFalse:
        return Done(PushInteger(NodeKind::kBool, 0));
      case kBinInt: {
        DLV_ASSIGN(const std::uint64_t value, TakeUnsigned(4));
        return Done(PushInteger(NodeKind::kInteger, static_cast<std::int32_t>(value)));
      }
      case kBinInt1:
      case kBinInt2: {
        DLV_ASSIGN(const std::uint64_t value, TakeUnsigned(op == kBinInt1 ? 1 : 2));
        return Done(PushInteger(NodeKind::kInteger, static_cast<std::int64_t>(value)));
      }
      case kLong1:
      case kLong4: {
        DLV_ASSIGN(const std::string_view digits, TakeSized(op == kLong1 ? 1 : 4));
        return Done(PushLong(digits));
      }
      case kBinFloat: {
        DLV_ASSIGN(const std::uint64_t raw, TakeUnsigned(8));
        return Done(PushFloat(std::bit_cast<double>(__builtin_bswap64(raw))));
      }
      case kIntText:
      case kLongText: {
        DLV_ASSIGN(const std::string_view line, TakeLine());
        return Done(PushDecimal(line));
      }
      case kFloatText: {
        DLV_ASSIGN(const std::string_view line, TakeLine());
        double value = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
        if (error != std::errc() || end != line.data() + line.size()) return Bad("bad number");
        return Done(PushFloat(value));
      }
      default:
        return false;
    }
  }

  Status PushLong(std::string_view digits) {
    if (digits.size() > 8) return PushKept(NodeKind::kBigInteger, digits);
    std::uint64_t value = !digits.empty() && (digits.back() & 0x80) != 0 ? UINT64_MAX : 0;
    std::memcpy(&value, digits.data(), digits.size());
    return PushInteger(NodeKind::kInteger, static_cast<std::int64_t>(value));
  }

  Status PushDecimal(std::string_view line) {
    if (line == "00" || line == "01") return PushInteger(NodeKind::kBool, line == "01");
    if (line.ends_with('L')) line.remove_suffix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error == std::errc::result_out_of_range) return PushKept(NodeKind::kBigInteger, line);
    if (error != std::errc() || end != line.data() + line.size()) return Bad("bad number");
    return PushInteger(NodeKind::kInteger, value);
  }

  // Texts and bytes.
  Result<bool> TextStep(std::uint8_t op) {
    switch (op) {
      case kShortBinString:
      case kShortBinUnicode:
        return PushSized(NodeKind::kText, 1);
      case kBinString:
      case kBinUnicode:
        return PushSized(NodeKind::kText, 4);
      case kBinUnicode8:
        return PushSized(NodeKind::kText, 8);
      case kShortBinBytes:
        return PushSized(NodeKind::kBytes, 1);
      case kBinBytes:
        return PushSized(NodeKind::kBytes, 4);
      case kBinBytes8:
      case kByteArray8:
        return PushSized(NodeKind::kBytes, 8);
      case kUnicodeText: {
        DLV_ASSIGN(const std::string_view line, TakeLine());
        return Done(PushKept(NodeKind::kText, line));
      }
      case kStringText: {
        DLV_ASSIGN(std::string_view line, TakeLine());
        if (line.size() < 2 || line.front() != line.back() ||
            (line.front() != '\'' && line.front() != '"')) {
          return Bad("bad string");
        }
        line.remove_prefix(1);
        line.remove_suffix(1);
        return Done(PushKept(NodeKind::kText, line));
      }
      default:
        return false;
    }
  }
  Result<bool> PushSized(NodeKind kind, unsigned size_bytes) {
    PickleNode node;
    node.kind = kind;
    DLV_ASSIGN(node.size, TakeUnsigned(size_bytes));
    node.integer = static_cast<std::int64_t>(at_);
    if (source_ != nullptr && node.size > kMaxHeldText && node.size <= left()) {
      at_ += node.size;  // left in the source
    } else {
      DLV_ASSIGN(const std::string_view text, Take(node.size));
      DLV_ASSIGN(node.text, Keep(text));
    }
    return Done(Push(std::move(node)));
  }
  Status PushKept(NodeKind kind, std::string_view text) {
    DLV_ASSIGN(const std::string_view kept, Keep(text));
    return PushText(kind, kept);
  }

  // Tuples, lists, dicts and sets.
  Result<bool> ContainerStep(std::uint8_t op) {
    switch (op) {
      case kEmptyTuple:
        return Done(PushKind(NodeKind::kTuple));
      case kEmptyList:
        return Done(PushKind(NodeKind::kList));
      case kEmptyDict:
        return Done(PushKind(NodeKind::kDict));
      case kEmptySet:
        return Done(PushKind(NodeKind::kSet));
      case kTuple1:
      case kTuple2:
      case kTuple3:
        return Done(PushTuple(static_cast<std::size_t>(op - kTuple1 + 1)));
      case kTupleOp:
      case kListOp:
      case kDictOp:
      case kFrozenSet: {
        DLV_ASSIGN(std::vector<NodeIndex> items, PopToMark());
        if (op == kDictOp && items.size() % 2 != 0) return Bad("dict with an odd number of items");
        const NodeKind kind = op == kTupleOp  ? NodeKind::kTuple
                              : op == kListOp ? NodeKind::kList
                              : op == kDictOp ? NodeKind::kDict
                                              : NodeKind::kSet;
        return Done(PushKind(kind, std::move(items)));
      }
      case kAppend:
      case kSetItem: {
        std::vector<NodeIndex> items(op == kAppend ? 1 : 2);
        for (std::size_t i = items.size(); i-- > 0;) {
          DLV_ASSIGN(items[i], Pop());
        }
        return Done(Extend(items, op == kSetItem));
      }
      case kAppends:
      case kAddItems:
      case kSetItems: {
        DLV_ASSIGN(const std::vector<NodeIndex> items, PopToMark());
        return Done(Extend(items, op == kSetItems));
      }
      default:
        return false;
    }
  }

  Status Extend(const std::vector<NodeIndex>& items, bool pairs) {
    DLV_ASSIGN(const NodeIndex index, Top());
    PickleNode& node = Node(index);
    if (pairs && items.size() % 2 != 0) return Bad("odd number of items");
    if (node.kind == NodeKind::kObject)
      return Ok();  // of a subclass: what it holds is not looked at
    const bool fits = pairs ? node.kind == NodeKind::kDict
                            : node.kind == NodeKind::kList || node.kind == NodeKind::kSet;
    if (!fits) return Bad("items for what is no container");
    item_count_ += items.size();
    if (item_count_ > kMaxPickleItems)
      return Unsafe("more than " + std::to_string(kMaxPickleItems) + " items");
    node.items.insert(node.items.end(), items.begin(), items.end());
    return Ok();
  }

  // Globals, calls and states.
  Status ObjectStep(std::uint8_t op) {
    switch (op) {
      case kGlobalOp: {
        DLV_ASSIGN(const std::string_view line, TakeLine());
        const std::string module(line);
        DLV_ASSIGN(const std::string_view name, TakeLine());
        return PushGlobal(module, name);
      }
      case kStackGlobal: {
        DLV_ASSIGN(const NodeIndex name, Pop());
        DLV_ASSIGN(const NodeIndex module, Pop());
        if (Node(name).kind != NodeKind::kText || Node(module).kind != NodeKind::kText) {
          return Bad("global without a name");
        }
        return PushGlobal(Node(module).text, Node(name).text);
      }
      case kInst: {
        DLV_ASSIGN(const std::string_view line, TakeLine());
        const std::string module(line);
        DLV_ASSIGN(const std::string_view name, TakeLine());
        DLV_ASSIGN(std::vector<NodeIndex> arguments, PopToMark());
        DLV_TRY(PushGlobal(module, name));
        DLV_TRY(PushKind(NodeKind::kTuple, std::move(arguments)));
        return Call();
      }
      case kObj: {
        DLV_ASSIGN(std::vector<NodeIndex> arguments, PopToMark());
        if (arguments.empty()) return Bad("object without a class");
        stack_.push_back(arguments.front());
        arguments.erase(arguments.begin());
        DLV_TRY(PushKind(NodeKind::kTuple, std::move(arguments)));
        return Call();
      }
      case kNewObjEx:
        DLV_TRY(Pop());
        return Call();  // keyword arguments: kept in the file only
      case kReduce:
      case kNewObj:
        return Call();
      case kBuild:
        return Build();
      case kPersIdText: {
        DLV_ASSIGN(const std::string_view line, TakeLine());
        DLV_TRY(PushKept(NodeKind::kText, line));
        return PushPersistent();
      }
      case kBinPersId:
        return PushPersistent();
      default:
        return Bad("unknown opcode " + Hex(op));
    }
  }

  // Pops a persistent id, pushes what it stands for. That of a module's class, which torch.save
  // wrote before 1.6 with the source code beside it, is the class itself.
  Status PushPersistent() {
    DLV_ASSIGN(const NodeIndex id, Pop());
    const PickleNode& tuple = Node(id);
    const bool is_class = tuple.kind == NodeKind::kTuple && tuple.items.size() > 1 &&
                          Node(tuple.items[0]).kind == NodeKind::kText &&
                          Node(tuple.items[0]).text == "module" &&
                          Node(tuple.items[1]).kind == NodeKind::kGlobal;
    if (!is_class) return PushKind(NodeKind::kPersistent, {id});
    stack_.push_back(tuple.items[1]);
    return Ok();
  }

  Status PushGlobal(std::string_view module, std::string_view name) {
    PickleNode node;
    node.kind = NodeKind::kGlobal;
    std::string full = std::string(module) + "." + std::string(name);
    if (full.size() > 4096) return Unsafe("name of a global is too long");
    const auto [place, is_new] = global_names_.try_emplace(full, pickle_.owned.size());
    if (UseOfGlobal(module, name) == GlobalUse::kRefused) {
      node.refused = true;
      if (is_new && pickle_.refused.size() < kMaxRefused) {
        pickle_.refused.push_back(
            {Printable(full), std::string(what_) + "+" + Hex(base_ + op_offset_)});
      }
    }
    if (is_new) pickle_.owned.push_back(std::move(full));
    node.text = pickle_.owned[place->second];
    return Push(std::move(node));
  }

  GlobalUse UseOf(const PickleNode& callee) const {
    if (callee.kind != NodeKind::kGlobal || callee.refused) return GlobalUse::kInert;
    const std::size_t dot = callee.text.rfind('.');
    return UseOfGlobal(callee.text.substr(0, dot), callee.text.substr(dot + 1));
  }

  // Pops arguments and what is called, pushes what the call stands for.
  Status Call() {
    DLV_ASSIGN(const NodeIndex arguments, Pop());
    DLV_ASSIGN(const NodeIndex callee, Pop());
    if (Node(arguments).kind != NodeKind::kTuple) return Bad("arguments are no tuple");
    const NodeKind kind = Node(callee).kind;
    if (kind != NodeKind::kGlobal && kind != NodeKind::kObject)
      return Bad("call of what is no global");
    const GlobalUse use = UseOf(Node(callee));
    const std::vector<NodeIndex>& given = Node(arguments).items;
    const PickleNode* last = given.empty() ? nullptr : &Node(given.back());
    switch (use) {
      case GlobalUse::kDict:
        return PushDictOf(given);
      case GlobalUse::kList:
        return PushKind(NodeKind::kList, SequenceItems(given));
      case GlobalUse::kSet:
        return PushKind(NodeKind::kSet, SequenceItems(given));
      case GlobalUse::kTuple:
        return PushKind(NodeKind::kTuple, SequenceItems(given));
      case GlobalUse::kFirst:
        if (given.empty()) return Bad("a call without arguments");
        stack_.push_back(given.front());
        return Ok();
      case GlobalUse::kSparse:
        return PushSparse(given);
      case GlobalUse::kEncode:
        if (given.size() != 2 || Node(given[0]).kind != NodeKind::kText || last->text != "latin1") {
          return Unsafe("encode of other than latin1 text");
        }
        return PushLatin1(Node(given[0]));
      default:
        return PushKind(NodeKind::kObject, {callee, arguments, kNoNode});
    }
  }

  Status PushLatin1(PickleNode text) {
    text.kind = NodeKind::kBytes;
    text.latin1 = true;
    return Push(std::move(text));
  }

  std::vector<NodeIndex> SequenceItems(const std::vector<NodeIndex>& given) {
    if (given.empty()) return {};
    const PickleNode& first = Node(given[0]);
    const bool sequence = first.kind == NodeKind::kList || first.kind == NodeKind::kTuple ||
                          first.kind == NodeKind::kSet;
    return sequence ? first.items : std::vector<NodeIndex>{};
  }

  // OrderedDict([(key, value), ...]), dict({...}), defaultdict(factory[, {...}]).
  Status PushDictOf(const std::vector<NodeIndex>& given) {
    std::vector<NodeIndex> items;
    const PickleNode* source = given.empty() ? nullptr : &Node(given.back());
    if (source != nullptr && source->kind == NodeKind::kDict) {
      items = source->items;
    } else if (source != nullptr && source->kind == NodeKind::kList) {
      for (const NodeIndex index : source->items) {
        const PickleNode& pair = Node(index);
        const bool fits = (pair.kind == NodeKind::kTuple || pair.kind == NodeKind::kList) &&
                          pair.items.size() == 2;
        if (!fits) return Bad("dict of what are no pairs");
        items.insert(items.end(), pair.items.begin(), pair.items.end());
      }
    }
    return PushKind(NodeKind::kDict, std::move(items));
  }

  // (layout, (indices, values, size, ...)) of coordinates; of compressed rows or columns, where the
  // layout is the name of one or a call with that name, (compressed, plain, values, size, ...).
  Status PushSparse(const std::vector<NodeIndex>& given) {
    if (given.size() != 2 || Node(given[1]).kind != NodeKind::kTuple)
      return Bad("sparse tensor without its parts");
    const std::vector<NodeIndex> parts = Node(given[1]).items;
    const bool compressed = parts.size() > 3 && Node(parts[2]).kind == NodeKind::kObject;
    const std::string_view layout = LayoutName(given[0]);
    const bool by_column = layout.ends_with("csc") || layout.ends_with("bsc");
    std::vector<std::string_view> names = {"indices", "values", "size"};
    if (compressed && by_column) names = {"ccol_indices", "row_indices", "values", "size"};
    if (compressed && !by_column) names = {"crow_indices", "col_indices", "values", "size"};
    if (parts.size() < names.size()) return Bad("sparse tensor with too few parts");
    std::vector<NodeIndex> items;
    for (std::size_t i = 0; i < names.size(); ++i) {
      PickleNode name;
      name.kind = NodeKind::kText;
      name.text = names[i];
      DLV_ASSIGN(const NodeIndex key, Make(std::move(name)));
      items.push_back(key);
      items.push_back(parts[i]);
    }
    return PushKind(NodeKind::kDict, std::move(items));
  }

  std::string_view LayoutName(NodeIndex index) {
    const PickleNode& node = Node(index);
    if (node.kind != NodeKind::kObject) return node.text;
    const std::vector<NodeIndex>& arguments = Node(node.items[1]).items;
    return arguments.empty() ? std::string_view() : Node(arguments[0]).text;
  }

  Status Build() {
    DLV_ASSIGN(const NodeIndex state, Pop());
    DLV_ASSIGN(const NodeIndex object, Top());
    PickleNode& node = Node(object);
    // Attributes of dicts (a state dict's _metadata) and tensors stay in the file only.
    if (node.kind == NodeKind::kObject) node.items[2] = state;
    return Ok();
  }
};

}  // namespace

const PickleNode* Pickle::Find(const PickleNode& dict, std::string_view key) const {
  if (dict.kind != NodeKind::kDict) return nullptr;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const PickleNode& candidate = nodes[dict.items[i]];
    if (candidate.kind == NodeKind::kText && candidate.text == key)
      return &nodes[dict.items[i + 1]];
  }
  return nullptr;
}

Result<Pickle> ReadPickle(std::span<const std::byte> bytes, std::string_view what) {
  return Reader(bytes, what).Run();
}

Result<Pickle> ReadPickle(const io::ByteSource& source, std::string_view what, std::uint64_t base) {
  return Reader(source, what, base).Run();
}

Error RefusedError(const Pickle& pickle, std::string_view hint) {
  std::string message = "needs code to load:";
  bool first = true;
  for (const RefusedGlobal& refused : pickle.refused) {
    message += (first ? " GLOBAL '" : ", '") + refused.name + "' at " + refused.where;
    first = false;
  }
  if (pickle.refused.size() == kMaxRefused) message += " and perhaps more";
  return Error{ErrorCode::kUnsafe, message, std::string(hint)};
}

}  // namespace dlv::interchange
