#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "engine/network/attributes.h"
#include "engine/network/limits.h"
#include "engine/network/normalise.h"
#include "engine/network/quoting.h"
#include "engine/network/text_form.h"
#include "engine/network/text_tokens.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

using Kind = TextToken::Kind;

template <class T>
std::optional<T> Parsed(std::string_view text) {
  T value{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Reads what RealText writes. Whole numbers count as real ones.
template <class Real, class Bits>
std::optional<Real> ParsedReal(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view size = negative ? text.substr(1) : text;
  std::optional<Real> value;
  if (size == "nan") {
    value = std::numeric_limits<Real>::quiet_NaN();
  } else if (size.starts_with("nan(0x") && size.ends_with(")")) {
    Bits bits = 0;
    const char* end = size.data() + size.size() - 1;
    const auto result = std::from_chars(size.data() + 6, end, bits, 16);
    if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
    value = std::bit_cast<Real>(bits);
    if (!std::isnan(*value) || std::signbit(*value)) return std::nullopt;
  } else {
    value = Parsed<Real>(size);
    if (!value || std::signbit(*value)) return std::nullopt;
  }
  return negative ? std::bit_cast<Real>(std::bit_cast<Bits>(*value) ^
                                        ~(std::numeric_limits<Bits>::max() >> 1))
                  : *value;
}

/// Names to places, for the network at hand.
using Places = std::unordered_map<std::string, std::uint32_t>;

/// One function a piece of the grammar in docs/network.md.
class Reader {
 public:
  explicit Reader(std::string_view text) : tokens_(text) {}

  Result<Network> Run() {
    DLV_TRY(Advance());
    Network network;
    DLV_TRY(Keyword("network"));
    DLV_TRY(Body(network, 0));
    if (now_.kind != Kind::kEnd) return Unexpected("the end");
    const Status good = CheckNetwork(network);
    if (!good.ok()) {
      const bool beyond = good.error().code == ErrorCode::kUnsupported;
      return Error{beyond ? ErrorCode::kUnsupported : ErrorCode::kSyntax, good.error().message};
    }
    return network;
  }

 private:
  struct Scope {
    Places inputs, parameters, nodes;
  };

  // ---- tokens
  Status Advance() {
    DLV_ASSIGN(now_, tokens_.Next());
    return Ok();
  }
  bool Is(std::string_view symbol) const {
    return now_.kind == Kind::kSymbol && now_.text == symbol;
  }
  bool IsWord(std::string_view word) const { return now_.kind == Kind::kName && now_.text == word; }
  Error Unexpected(const std::string& wanted) const {
    const std::string got =
        now_.kind == Kind::kEnd ? "the text ends" : "got " + Quoted(now_.text.substr(0, 60));
    return tokens_.SyntaxError(now_.begin, got + ", want " + wanted);
  }
  Status Symbol(std::string_view symbol) {
    if (!Is(symbol)) return Unexpected(Quoted(symbol));
    return Advance();
  }
  Status Keyword(std::string_view word) {
    if (!IsWord(word)) return Unexpected(Quoted(word));
    return Advance();
  }
  Result<bool> Accept(std::string_view symbol) {
    if (!Is(symbol)) return false;
    DLV_TRY(Advance());
    return true;
  }
  Result<std::string> Name(const std::string& wanted) {
    if (now_.kind != Kind::kName && now_.kind != Kind::kQuoted) return Unexpected(wanted);
    if (now_.text.size() > kMaxNameBytes) return Unexpected("a name of at most 4096 bytes");
    std::string name = std::move(now_.text);
    DLV_TRY(Advance());
    return name;
  }
  Result<std::string> QuotedText(const std::string& wanted) {
    if (now_.kind != Kind::kQuoted) return Unexpected(wanted);
    std::string text = std::move(now_.text);
    DLV_TRY(Advance());
    return text;
  }
  Result<std::int64_t> Whole(std::int64_t low, std::int64_t high, const std::string& wanted) {
    const auto value = now_.kind == Kind::kNumber ? Parsed<std::int64_t>(now_.text) : std::nullopt;
    if (!value || *value < low || *value > high) return Unexpected(wanted);
    DLV_TRY(Advance());
    return *value;
  }

  // ---- the grammar
  Status Body(Network& network, unsigned depth) {
    if (depth > kMaxDepth) return Unexpected("at most 16 networks in each other");
    DLV_ASSIGN(network.name, QuotedText("the network's name in quotes"));
    DLV_TRY(Symbol("{"));
    Scope scope;
    while (!Is("}")) DLV_TRY(Statement(network, scope, depth));
    return Advance();
  }

  Status Statement(Network& network, Scope& scope, unsigned depth) {
    if (IsWord("operators")) return Operators(network);
    if (IsWord("input")) return Input(network, scope);
    if (IsWord("parameter")) return Parameter(network, scope);
    if (IsWord("constant")) return Constant(network);
    if (IsWord("node")) return Node(network, scope, depth);
    if (IsWord("output")) return Output(network, scope);
    return Unexpected("operators, input, parameter, constant, node, output or \"}\"");
  }

  Status Operators(Network& network) {
    DLV_TRY(Advance());
    DLV_ASSIGN(std::string domain, QuotedText("a domain in quotes"));
    DLV_ASSIGN(const std::int64_t version, Whole(INT64_MIN, INT64_MAX, "a version"));
    network.operator_sets.emplace_back(std::move(domain), version);
    return Ok();
  }

  Status Declare(Places& places, const std::string& name, std::size_t place, std::size_t at) {
    if (!places.emplace(name, static_cast<std::uint32_t>(place)).second) {
      return tokens_.SyntaxError(at, Quoted(name) + " is there already");
    }
    return Ok();
  }

  Result<std::string> NewName(Places& places, std::size_t place, const std::string& wanted) {
    const std::size_t at = now_.begin;
    DLV_ASSIGN(std::string name, Name(wanted));
    DLV_TRY(Declare(places, name, place, at));
    return name;
  }

  Status Input(Network& network, Scope& scope) {
    DLV_TRY(Advance());
    NetworkValue input;
    DLV_ASSIGN(input.name, NewName(scope.inputs, network.inputs.size(), "the input's name"));
    DLV_TRY(Type(input.dtype, input.shape));
    network.inputs.push_back(std::move(input));
    return Ok();
  }

  Status Parameter(Network& network, Scope& scope) {
    DLV_TRY(Advance());
    NetworkParameter parameter;
    DLV_ASSIGN(parameter.name,
               NewName(scope.parameters, network.parameters.size(), "the parameter's name"));
    DLV_TRY(Type(parameter.dtype, parameter.shape));
    DLV_ASSIGN(const bool initialised, Accept("="));
    if (initialised) {
      DLV_ASSIGN(parameter.initializer, QuotedText("an initializer in quotes"));
    }
    network.parameters.push_back(std::move(parameter));
    return Ok();
  }

  Status Constant(Network& network) {
    DLV_TRY(Advance());
    const auto place = static_cast<std::int64_t>(network.constants.size());
    DLV_ASSIGN(const std::int64_t number,
               Whole(place, place, "the constant's number, which is " + std::to_string(place)));
    static_cast<void>(number);
    DLV_TRY(Symbol("="));
    NetworkConstant constant;
    DLV_TRY(ConstantValue(constant));
    network.constants.push_back(std::move(constant));
    return Ok();
  }

  Status Output(Network& network, Scope& scope) {
    DLV_TRY(Advance());
    NetworkOutput output;
    DLV_ASSIGN(output.name, Name("the output's name"));
    DLV_TRY(Symbol("="));
    DLV_TRY(Operand(network, scope, output.source));
    network.outputs.push_back(std::move(output));
    return Ok();
  }

  Status Type(std::optional<DType>& dtype, std::optional<NetworkShape>& shape) {
    DLV_ASSIGN(const bool typed, Accept(":"));
    if (!typed) return Ok();
    if (Is("?")) {
      DLV_TRY(Advance());
    } else {
      DLV_ASSIGN(dtype, ElementType());
    }
    if (Is("[")) return Shape(shape.emplace());
    return Ok();
  }

  Result<DType> ElementType() {
    const auto dtype = now_.kind == Kind::kName ? DTypeFromName(now_.text) : std::nullopt;
    if (!dtype) return Unexpected("an element type (f32, i64, ...)");
    DLV_TRY(Advance());
    return *dtype;
  }

  Status Shape(NetworkShape& shape) {
    DLV_TRY(Symbol("["));
    while (!Is("]")) {
      if (shape.size() == kMaxRank) return Unexpected("at most 32 axes");
      if (!shape.empty()) DLV_TRY(Symbol(","));
      DLV_ASSIGN(const bool unknown, Accept("?"));
      std::int64_t size = kUnknownSize;
      if (!unknown) {
        DLV_ASSIGN(size, Whole(0, kMaxAxis, "a size or \"?\""));
      }
      shape.push_back(size);
    }
    return Advance();
  }

  Status ConstantValue(NetworkConstant& constant) {
    const std::size_t at = now_.begin;
    DLV_ASSIGN(constant.dtype, ElementType());
    DLV_TRY(Shape(constant.shape));
    if (IsWord("hex")) {
      DLV_TRY(Advance());
      DLV_TRY(HexBytes(constant.bytes));
    } else {
      DLV_TRY(Symbol("("));
      while (!Is(")")) {
        if (!constant.bytes.empty()) DLV_TRY(Symbol(","));
        if (constant.bytes.size() > kMaxConstantBytes) return Unexpected("at most 64 MiB");
        DLV_TRY(Element(constant));
      }
      DLV_TRY(Advance());
    }
    const Status good = CheckConstant(constant, "constant");
    if (!good.ok()) return tokens_.SyntaxError(at, good.error().message);
    return Ok();
  }

  Status HexBytes(std::vector<std::byte>& bytes) {
    const std::size_t at = now_.begin;
    DLV_ASSIGN(const std::string digits, QuotedText("bytes in quotes"));
    if (digits.size() % 2 != 0) return tokens_.SyntaxError(at, "an odd number of digits");
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      std::uint8_t byte = 0;
      const auto result = std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
      if (result.ec != std::errc() || result.ptr != digits.data() + i + 2) {
        return tokens_.SyntaxError(at, "want two hexadecimal digits a byte");
      }
      bytes.push_back(static_cast<std::byte>(byte));
    }
    return Ok();
  }

  template <class T>
  Status Put(NetworkConstant& constant, const std::optional<T>& value) {
    if (!value) return Unexpected("an element of type " + std::string(NameOf(constant.dtype)));
    const auto* begin = reinterpret_cast<const std::byte*>(&*value);
    constant.bytes.insert(constant.bytes.end(), begin, begin + sizeof(T));
    return Advance();
  }
  Status Element(NetworkConstant& constant) {
    const bool word = now_.kind == Kind::kName && (now_.text == "inf" || now_.text == "nan");
    if (now_.kind != Kind::kNumber && !word) return Unexpected("a number or \")\"");
    DLV_TRY(NanPayload());
    switch (constant.dtype) {
      case DType::kBool:
        return Put(constant, Parsed<std::uint8_t>(now_.text));
      case DType::kI32:
        return Put(constant, Parsed<std::int32_t>(now_.text));
      case DType::kI64:
        return Put(constant, Parsed<std::int64_t>(now_.text));
      case DType::kF32:
        return Put(constant, ParsedReal<float, std::uint32_t>(now_.text));
      case DType::kF64:
        return Put(constant, ParsedReal<double, std::uint64_t>(now_.text));
      default:
        return Unexpected("hex and the bytes in quotes");
    }
  }

  /// `nan(0x...)` begins with a letter and so comes as several tokens: joins them.
  Status NanPayload() {
    if (!IsWord("nan")) return Ok();
    TextTokens ahead = tokens_;
    DLV_ASSIGN(const TextToken open, ahead.Next());
    if (open.kind != Kind::kSymbol || open.text != "(") return Ok();
    DLV_ASSIGN(const TextToken payload, ahead.Next());
    DLV_ASSIGN(const TextToken close, ahead.Next());
    if (payload.kind != Kind::kNumber || close.text != ")") return Unexpected("nan(0xBITS)");
    now_.text = "nan(" + payload.text + ")";
    tokens_ = ahead;
    return Ok();
  }

  Status Operand(const Network& network, const Scope& scope, NetworkOperand& operand) {
    if (Is("-")) return Advance();
    DLV_ASSIGN(const bool constant, Accept("#"));
    if (constant) {
      const auto count = static_cast<std::int64_t>(network.constants.size());
      DLV_ASSIGN(const std::int64_t number, Whole(0, count - 1, "the number of a constant above"));
      operand = {OperandKind::kConstant, static_cast<std::uint32_t>(number), 0, {}};
      return Ok();
    }
    DLV_ASSIGN(const bool outer, Accept("^"));
    if (outer) {
      operand.kind = OperandKind::kOuter;
      DLV_ASSIGN(operand.name, Name("the name of an enclosing value"));
      return Ok();
    }
    DLV_ASSIGN(const bool input, Accept("@"));
    if (input) return Place(scope.inputs, OperandKind::kInput, "an input above", operand);
    DLV_ASSIGN(const bool parameter, Accept("$"));
    if (parameter)
      return Place(scope.parameters, OperandKind::kParameter, "a parameter above", operand);
    DLV_TRY(Place(scope.nodes, OperandKind::kNode, "an operand", operand));
    DLV_ASSIGN(const bool port, Accept(":"));
    if (!port) return Ok();
    const auto outputs = static_cast<std::int64_t>(network.nodes[operand.index].outputs.size());
    DLV_ASSIGN(const std::int64_t number,
               Whole(0, outputs - 1, "one of its " + std::to_string(outputs) + " outputs"));
    operand.port = static_cast<std::uint32_t>(number);
    return Ok();
  }

  Status Place(const Places& places, OperandKind kind, const std::string& wanted,
               NetworkOperand& operand) {
    const std::size_t at = now_.begin;
    DLV_ASSIGN(const std::string name, Name(wanted));
    const auto found = places.find(name);
    if (found == places.end()) {
      const bool node = kind == OperandKind::kNode;
      return tokens_.SyntaxError(
          at, "no " + std::string(node ? "node " : "") + Quoted(name) + " above, want " +
                  (node ? "a node above (or @input, $parameter, #constant)" : wanted));
    }
    operand = {kind, found->second, 0, {}};
    return Ok();
  }

  Status Node(Network& network, Scope& scope, unsigned depth) {
    DLV_TRY(Advance());
    const std::size_t at = now_.begin;
    if (++nodes_ > kMaxNodes) return Unexpected("at most 1000000 nodes");
    NetworkNode node;
    DLV_ASSIGN(node.name, Name("the node's name"));
    node.original_name = node.name;
    if (IsWord("was")) {
      DLV_TRY(Advance());
      DLV_ASSIGN(node.original_name, QuotedText("the original name in quotes"));
    }
    DLV_TRY(Symbol("="));
    DLV_TRY(Operator(node));
    DLV_TRY(Symbol("("));
    while (!Is(")")) {
      if (!node.operands.empty()) DLV_TRY(Symbol(","));
      DLV_TRY(Operand(network, scope, node.operands.emplace_back()));
    }
    DLV_TRY(Advance());
    if (Is("{")) DLV_TRY(Attributes(node, depth));
    DLV_TRY(Outputs(node));
    DLV_TRY(Declare(scope.nodes, node.name, network.nodes.size(), at));
    network.nodes.push_back(std::move(node));
    return Ok();
  }

  /// `Conv`, or with its domain `"com.example" Special`.
  Status Operator(NetworkNode& node) {
    const bool quoted = now_.kind == Kind::kQuoted;
    DLV_ASSIGN(node.op, Name("an operator"));
    if (!quoted || Is("(")) return Ok();
    node.domain = std::move(node.op);
    DLV_ASSIGN(node.op, Name("an operator"));
    return Ok();
  }

  /// Nodes without an arrow have one output, called like the node.
  Status Outputs(NetworkNode& node) {
    DLV_ASSIGN(const bool named, Accept("->"));
    if (!named) {
      node.outputs.push_back({node.name, std::nullopt, std::nullopt});
      return Ok();
    }
    do {
      NetworkValue value;
      DLV_ASSIGN(value.name, Name("the output's name"));
      DLV_TRY(Type(value.dtype, value.shape));
      node.outputs.push_back(std::move(value));
      if (!Is(",")) return Ok();
      DLV_TRY(Advance());
    } while (true);
  }

  Status Attributes(NetworkNode& node, unsigned depth) {
    DLV_TRY(Symbol("{"));
    while (!Is("}")) {
      if (!node.attributes.empty()) DLV_TRY(Symbol(","));
      if (Is("}")) break;
      const std::size_t at = now_.begin;
      DLV_ASSIGN(const std::string name, Name("an attribute's name or \"}\""));
      if (FindAttribute(node, name) != nullptr) {
        return tokens_.SyntaxError(at, Quoted(name) + " is there already");
      }
      DLV_TRY(Symbol("="));
      DLV_ASSIGN(AttributeValue value, Value(depth));
      SetAttribute(node, name, std::move(value));
    }
    return Advance();
  }

  Result<AttributeValue> Value(unsigned depth) {
    if (IsWord("network")) {
      DLV_TRY(Advance());
      const auto body = std::make_shared<Network>();
      DLV_TRY(Body(*body, depth + 1));
      return AttributeValue(std::shared_ptr<const Network>(body));
    }
    if (Is("[") || IsWord("reals") || IsWord("texts")) return List();
    if (now_.kind == Kind::kQuoted) {
      DLV_ASSIGN(std::string text, QuotedText("a text"));
      return AttributeValue(std::move(text));
    }
    if (now_.kind == Kind::kName && DTypeFromName(now_.text)) {
      NetworkConstant constant;
      DLV_TRY(ConstantValue(constant));
      return AttributeValue(std::move(constant));
    }
    DLV_TRY(NanPayload());
    if (const auto whole = Parsed<std::int64_t>(now_.text); whole && now_.kind == Kind::kNumber) {
      DLV_TRY(Advance());
      return AttributeValue(*whole);
    }
    DLV_ASSIGN(const double real, Real());
    return AttributeValue(real);
  }

  Result<double> Real() {
    DLV_TRY(NanPayload());
    const bool may = now_.kind == Kind::kNumber || now_.kind == Kind::kName;
    const auto real = may ? ParsedReal<double, std::uint64_t>(now_.text) : std::nullopt;
    if (!real) return Unexpected("a number, a text in quotes, a list, a constant or a network");
    DLV_TRY(Advance());
    return *real;
  }

  /// Of whole numbers if all are, else of real ones; or of texts.
  Result<AttributeValue> List() {
    const bool reals = IsWord("reals"), texts = IsWord("texts");
    if (reals || texts) DLV_TRY(Advance());
    DLV_TRY(Symbol("["));
    std::vector<std::string> items;
    std::vector<double> numbers;
    std::vector<std::int64_t> wholes;
    const bool of_texts = texts || now_.kind == Kind::kQuoted;
    bool first = true;
    while (!Is("]")) {
      if (!first) DLV_TRY(Symbol(","));
      first = false;
      if (of_texts) {
        DLV_ASSIGN(std::string text, QuotedText("a text in quotes"));
        items.push_back(std::move(text));
        continue;
      }
      const auto whole =
          now_.kind == Kind::kNumber ? Parsed<std::int64_t>(now_.text) : std::nullopt;
      if (whole) wholes.push_back(*whole);
      DLV_ASSIGN(const double number, Real());
      numbers.push_back(number);
    }
    DLV_TRY(Advance());
    if (of_texts) return AttributeValue(std::move(items));
    if (reals || wholes.size() != numbers.size()) return AttributeValue(std::move(numbers));
    return AttributeValue(std::move(wholes));
  }

  TextTokens tokens_;
  TextToken now_;
  std::size_t nodes_ = 0;
};

}  // namespace

Result<Network> ReadText(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return Error{ErrorCode::kUnsupported, "a network of " + std::to_string(text.size()) +
                                              " bytes of text, want at most " +
                                              std::to_string(kMaxTextBytes)};
  }
  return Reader(text).Run();
}

bool IsTextForm(std::string_view text) {
  TextTokens tokens(text);
  const auto word = tokens.Next();
  if (!word.ok() || word->kind != Kind::kName || word->text != "network") return false;
  const auto name = tokens.Next();
  return name.ok() && name->kind == Kind::kQuoted;
}

}  // namespace dlv::network
