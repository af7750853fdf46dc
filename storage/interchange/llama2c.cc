// The raw files of llama2.c: seven 32-bit integers and f32 values. Nothing in them says what they
// are, so that they are read on request only. Names are those of the network that they come from.

#include <array>

#include "storage/interchange/formats.h"
#include "storage/interchange/placed_tensors.h"
#include "storage/interchange/sequential_reader.h"
#include "storage/interchange/sources.h"

namespace dlv::interchange {
namespace {

constexpr std::string_view kLlama2c = "llama2c";
constexpr std::int32_t kMaxExtent = 1 << 26;
constexpr std::uint64_t kMaxLayers = 100'000;
constexpr std::uint32_t kLaterMagic = 0x616b3432;  // of the versions with a magic number

struct Header {
  std::uint64_t dim = 0;
  std::uint64_t hidden_dim = 0;
  std::uint64_t layers = 0;
  std::uint64_t heads = 0;
  std::uint64_t kv_heads = 0;
  std::uint64_t vocabulary = 0;
  std::uint64_t sequence = 0;
  bool shared_classifier = true;
  std::uint64_t head_size() const { return dim / heads; }
  std::uint64_t kv_dim() const { return head_size() * kv_heads; }
};

Result<Header> ReadHeader(SequentialReader& in) {
  constexpr std::array<std::string_view, 7> kNames = {
      "dim", "hidden_dim", "n_layers", "n_heads", "n_kv_heads", "vocab_size", "seq_len"};
  std::array<std::int32_t, 7> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    DLV_ASSIGN(values[i], in.Number<std::int32_t>());
    if (i == 0 && static_cast<std::uint32_t>(values[i]) == kLaterMagic) {
      return Error{ErrorCode::kUnsupported,
                   "llama2c, offset 0: a file of a later version (ak42), which is not read"};
    }
    const bool may_be_negative = i == 5;  // says that the classifier stands for itself
    const std::int32_t least = may_be_negative ? -kMaxExtent : 1;
    if (values[i] < least || values[i] > kMaxExtent || values[i] == 0) {
      return Error{ErrorCode::kCorruption, "llama2c, offset " + std::to_string(4 * i) + ": " +
                                               std::string(kNames[i]) + " is " +
                                               std::to_string(values[i])};
    }
  }
  Header header;
  header.dim = static_cast<std::uint64_t>(values[0]);
  header.hidden_dim = static_cast<std::uint64_t>(values[1]);
  header.layers = static_cast<std::uint64_t>(values[2]);
  header.heads = static_cast<std::uint64_t>(values[3]);
  header.kv_heads = static_cast<std::uint64_t>(values[4]);
  header.shared_classifier = values[5] > 0;
  header.vocabulary = static_cast<std::uint64_t>(values[5] > 0 ? values[5] : -values[5]);
  header.sequence = static_cast<std::uint64_t>(values[6]);
  if (header.dim % header.heads != 0 || header.heads % header.kv_heads != 0 ||
      header.layers > kMaxLayers) {
    return in.Bad("sizes that do not go together: dim " + std::to_string(header.dim) + ", heads " +
                  std::to_string(header.heads) + ", kv_heads " + std::to_string(header.kv_heads) +
                  ", layers " + std::to_string(header.layers));
  }
  return header;
}

class LlamaReader {
 public:
  explicit LlamaReader(const io::ByteSource& file) : file_(file), in_(file, kLlama2c) {}

  Result<FileDescription> Run() {
    description_.format = kLlama2c;
    DLV_ASSIGN(const Header h, ReadHeader(in_));
    Say(h);
    at_ = in_.offset();
    DLV_TRY(Add("tok_embeddings.weight", {h.vocabulary, h.dim}));
    DLV_TRY(AddLayers(h, "attention_norm.weight", {h.dim}));
    DLV_TRY(AddLayers(h, "attention.wq.weight", {h.dim, h.dim}));
    DLV_TRY(AddLayers(h, "attention.wk.weight", {h.kv_dim(), h.dim}));
    DLV_TRY(AddLayers(h, "attention.wv.weight", {h.kv_dim(), h.dim}));
    DLV_TRY(AddLayers(h, "attention.wo.weight", {h.dim, h.dim}));
    DLV_TRY(AddLayers(h, "ffn_norm.weight", {h.dim}));
    DLV_TRY(AddLayers(h, "feed_forward.w1.weight", {h.hidden_dim, h.dim}));
    DLV_TRY(AddLayers(h, "feed_forward.w2.weight", {h.dim, h.hidden_dim}));
    DLV_TRY(AddLayers(h, "feed_forward.w3.weight", {h.hidden_dim, h.dim}));
    DLV_TRY(Add("norm.weight", {h.dim}));
    DLV_TRY(Add("freqs_cos", {h.sequence, h.head_size() / 2}, TensorRole::kBuffer));
    DLV_TRY(Add("freqs_sin", {h.sequence, h.head_size() / 2}, TensorRole::kBuffer));
    if (!h.shared_classifier) DLV_TRY(Add("output.weight", {h.vocabulary, h.dim}));
    if (at_ != file_.size()) {
      return Error{ErrorCode::kCorruption, "llama2c, offset " + std::to_string(at_) + ": " +
                                               std::to_string(file_.size() - at_) +
                                               " bytes are left over"};
    }
    DLV_TRY(BuildPlacedRecipe(file_, std::move(parts_), kLlama2c, description_));
    return std::move(description_);
  }

 private:
  void Say(const Header& h) {
    const std::pair<const char*, std::uint64_t> values[] = {
        {"dim", h.dim},          {"hidden_dim", h.hidden_dim}, {"n_layers", h.layers},
        {"n_heads", h.heads},    {"n_kv_heads", h.kv_heads},   {"vocab_size", h.vocabulary},
        {"seq_len", h.sequence},
    };
    for (const auto& [key, value] : values) {
      description_.metadata.emplace_back(key, std::to_string(value));
    }
  }

  Status AddLayers(const Header& header, const std::string& part,
                   const std::vector<std::uint64_t>& shape) {
    for (std::uint64_t i = 0; i < header.layers; ++i) {
      DLV_TRY(Add("layers." + std::to_string(i) + "." + part, shape));
    }
    return Ok();
  }

  Status Add(std::string name, const std::vector<std::uint64_t>& shape,
             TensorRole role = TensorRole::kParameter) {
    std::uint64_t bytes = 0;
    const auto count = ElementCount(shape);
    if (!count || __builtin_mul_overflow(*count, std::uint64_t{4}, &bytes) ||
        bytes > file_.size() - at_) {
      return Error{ErrorCode::kCorruption, "llama2c, offset " + std::to_string(at_) +
                                               ": the file ends before " + name + " does"};
    }
    DescribedTensor tensor;
    tensor.name = std::move(name);
    tensor.role = role;
    tensor.dtype = DType::kF32;
    tensor.shape.assign(shape.begin(), shape.end());
    tensor.source = MakeRange(file_, at_, bytes);
    const auto index = static_cast<std::uint32_t>(description_.tensors.size());
    description_.tensors.push_back(std::move(tensor));
    parts_.push_back(PlaceWhole(description_, index, at_));
    at_ += bytes;
    return Ok();
  }

  const io::ByteSource& file_;
  SequentialReader in_;
  FileDescription description_;
  std::vector<PlacedPart> parts_;
  std::uint64_t at_ = 0;
};

}  // namespace

bool SniffNever(const Probe&) { return false; }

Result<FileDescription> DescribeLlama2c(const Probe& probe, const DescribeOptions&) {
  return LlamaReader(*probe.file).Run();
}

}  // namespace dlv::interchange
