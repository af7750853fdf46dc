#include "tests/unit/storage/interchange/pickle_writer.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

std::vector<float> Counting(std::size_t count, float first = 0) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = first + static_cast<float>(i);
  return values;
}

struct DescribedTorch {
  DescribedTorch(const Bytes& pickle, const std::vector<Bytes>& storages,
                 std::string_view byte_order = "little", const DescribeOptions& options = {})
      : bytes(BuildTorchZip(pickle, storages, byte_order)),
        file(io::MakeViewSource(bytes)),
        result(DescribeBytes(*file, "x.pt", options)) {}
  const DescribedTensor& operator[](std::string_view name) const {
    const DescribedTensor* tensor = result.ok() ? FindTensor(*result, name) : nullptr;
    EXPECT_NE(tensor, nullptr) << name << ": " << TextOf(result);
    static const DescribedTensor kNone;
    return tensor != nullptr ? *tensor : kNone;
  }
  Bytes bytes;
  std::unique_ptr<io::ByteSource> file;
  Result<FileDescription> result;
};

TEST(TorchZip, PlainStateDict) {
  PickleWriter out;
  out.Raw("}(").Text("w").Tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1});
  out.Text("bn.running_mean").Tensor("DoubleStorage", "1", 1, 0, {}, {}).Raw("u");
  const DescribedTorch d(out.Stop(), {RawOf(Counting(6)), ToBytes("12345678")});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d.result->format, "pytorch-zip");
  EXPECT_EQ(d.result->root, "");
  EXPECT_EQ(d["w"].shape, (Shape{2, 3}));
  EXPECT_EQ(d["w"].role, TensorRole::kParameter);
  EXPECT_EQ(ReadTensor(d["w"]), RawOf(Counting(6)));
  EXPECT_EQ(d["bn.running_mean"].role, TensorRole::kBuffer);
  EXPECT_EQ(d["bn.running_mean"].dtype, DType::kF64);
}

TEST(TorchZip, FindsParametersOptimizerAndMetadata) {
  PickleWriter out;
  out.Raw("}(")
      .Text("epoch")
      .Integer(12)
      .Text("lr")
      .Raw("G\x3f\xf8")
      .Raw(std::string_view("\0\0\0\0\0\0", 6));
  out.Text("model_state_dict")
      .Raw("}(")
      .Text("layer.weight")
      .Tensor("FloatStorage", "0", 2, 0, {2}, {1})
      .Raw("u");
  out.Text("ema")
      .Raw("}(")
      .Text("layer.weight")
      .Tensor("FloatStorage", "1", 2, 0, {2}, {1})
      .Raw("u");
  out.Text("optimizer").Raw("}(").Text("state").Raw("}(").Integer(0).Raw("}(").Text("exp_avg");
  out.Tensor("FloatStorage", "2", 2, 0, {2}, {1}).Text("step").Integer(7).Raw("uu");
  out.Text("param_groups").Raw("](}(").Text("lr").Integer(3).Raw("ueuu");
  const std::vector<Bytes> storages(3, RawOf(Counting(2)));
  const DescribedTorch d(out.Stop(), storages);
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d.result->root, "model_state_dict");
  EXPECT_EQ(d["layer.weight"].role, TensorRole::kParameter);
  EXPECT_EQ(d["ema.layer.weight"].role, TensorRole::kOther);
  EXPECT_EQ(d["optimizer.state.0.exp_avg"].role, TensorRole::kOptimizer);
  std::map<std::string, std::string> said(d.result->metadata.begin(), d.result->metadata.end());
  EXPECT_EQ(said["epoch"], "12");
  EXPECT_EQ(said["lr"], "1.5");
  EXPECT_EQ(said.count("optimizer.state.0.step"), 0u);

  const auto without = DescribeFile(*d.file, "x", {.include_optimizer = false});
  ASSERT_TRUE(without.ok());
  EXPECT_EQ(without->tensors.size(), 2u);
  EXPECT_FALSE(without->recipe.has_value());
}

TEST(TorchZip, TiedTensorsAreOneTensorAndAView) {
  PickleWriter out;
  out.Raw("}(").Text("a").Tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1});
  out.Text("b").Tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1});
  out.Text("flat").Tensor("FloatStorage", "0", 6, 0, {6}, {1});
  out.Text("transposed").Tensor("FloatStorage", "0", 6, 0, {3, 2}, {1, 3}).Raw("u");
  const DescribedTorch d(out.Stop(), {RawOf(Counting(6))});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_FALSE(d["a"].view.has_value());
  for (const char* name : {"b", "flat", "transposed"}) {
    ASSERT_TRUE(d[name].view.has_value()) << name;
    EXPECT_EQ(d[name].view->base, 0u);
  }
  EXPECT_EQ(d.result->tensors.size(), 4u);
  EXPECT_EQ(ReadTensor(d["transposed"]), RawOf(std::vector<float>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(RecipeTensorCount(*d.result->recipe), 1u);
}

TEST(TorchZip, PermutedTensorIsStoredInCOrder) {
  PickleWriter out;  // NHWC memory of an NCHW tensor of shape (2, 3, 2, 2)
  out.Raw("}(").Text("w").Tensor("FloatStorage", "0", 24, 0, {2, 3, 2, 2}, {12, 1, 6, 3}).Raw("u");
  const DescribedTorch d(out.Stop(), {RawOf(Counting(24))});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d["w"].order, MemoryOrder::kOther);
  EXPECT_FALSE(d["w"].view.has_value());
  const Bytes bytes = ReadTensor(d["w"]);
  std::vector<float> values(24);
  std::memcpy(values.data(), bytes.data(), bytes.size());
  EXPECT_EQ(values[0], 0);
  EXPECT_EQ(values[1], 3);    // (0, 0, 0, 1)
  EXPECT_EQ(values[2], 6);    // (0, 0, 1, 0)
  EXPECT_EQ(values[4], 1);    // (0, 1, 0, 0)
  EXPECT_EQ(values[12], 12);  // (1, 0, 0, 0)
}

TEST(TorchZip, TiedPermutedTensors) {
  PickleWriter out;
  out.Raw("}(").Text("a").Tensor("FloatStorage", "0", 6, 0, {2, 3}, {1, 2});
  out.Text("b").Tensor("FloatStorage", "0", 6, 0, {2, 3}, {1, 2}).Raw("u");
  const DescribedTorch same(out.Stop(), {RawOf(Counting(6))});
  ASSERT_TRUE(same.result.ok()) << TextOf(same.result);
  EXPECT_TRUE(same["b"].view.has_value());
  EXPECT_EQ(same.result->tensors.size(), 2u);

  PickleWriter other;  // two permutations of one storage, neither in C order
  other.Raw("}(").Text("a").Tensor("FloatStorage", "0", 8, 0, {2, 2, 2}, {1, 2, 4});
  other.Text("b").Tensor("FloatStorage", "0", 8, 0, {2, 2, 2}, {4, 1, 2}).Raw("u");
  const DescribedTorch apart(other.Stop(), {RawOf(Counting(8))});
  ASSERT_TRUE(apart.result.ok()) << TextOf(apart.result);
  EXPECT_TRUE(apart["a"].view.has_value() && apart["b"].view.has_value());
  EXPECT_EQ(ReadTensor(apart["a"]), RawOf(std::vector<float>{0, 4, 2, 6, 1, 5, 3, 7}));
}

TEST(TorchZip, OverlappingViewsShareAStorageTensor) {
  PickleWriter out;
  out.Raw("}(").Text("window").Tensor("FloatStorage", "0", 8, 1, {3, 4}, {1, 1});
  out.Text("wide").Tensor("FloatStorage", "0", 8, 2, {5, 2}, {0, 3});
  out.Text("all").Tensor("FloatStorage", "0", 8, 0, {8}, {1}).Raw("u");
  const DescribedTorch d(out.Stop(), {RawOf(Counting(8))});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d["storage.0"].role, TensorRole::kOther);
  EXPECT_EQ(ReadTensor(d["wide"]), RawOf(std::vector<float>{2, 5, 2, 5, 2, 5, 2, 5, 2, 5}));
  EXPECT_TRUE(d["all"].view.has_value());
}

TEST(TorchZip, PartsOfOneStorageAndWhatNoTensorShows) {
  PickleWriter out;
  out.Raw("}(").Text("b").Tensor("FloatStorage", "0", 10, 6, {2}, {1});
  out.Text("a").Tensor("FloatStorage", "0", 10, 1, {2, 2}, {2, 1}).Raw("u");
  const DescribedTorch d(out.Stop(), {RawOf(Counting(10))});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(ReadTensor(d["a"]), RawOf(Counting(4, 1)));
  EXPECT_EQ(ReadTensor(d["b"]), RawOf(Counting(2, 6)));
  EXPECT_EQ(ReadTensor(d["storage.0.0"]), RawOf(Counting(1, 0)));
  EXPECT_EQ(ReadTensor(d["storage.0.8"]), RawOf(Counting(2, 8)));
}

TEST(TorchZip, BigEndianFilesGiveLittleEndianTensors) {
  PickleWriter out;
  out.Raw("}(").Text("w").Tensor("ShortStorage", "0", 6, 0, {3, 2}, {1, 3}).Raw("u");
  const DescribedTorch d(out.Stop(), {ToBytes("aAbBcCdDeEfF")}, "big");
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_TRUE(d["w"].big_endian);
  EXPECT_EQ(ReadTensor(d["w"]), ToBytes("AaDdBbEeCcFf"));
}

TEST(TorchZip, RefusesTensorsBeyondTheirStorage) {
  const auto describe = [](std::int64_t offset, std::vector<std::int64_t> shape,
                           std::vector<std::int64_t> strides) {
    PickleWriter out;
    out.Raw("}(").Text("w").Tensor("FloatStorage", "0", 4, offset, shape, strides).Raw("u");
    return DescribedTorch(out.Stop(), {RawOf(Counting(4))}).result;
  };
  EXPECT_TRUE(describe(0, {4}, {1}).ok());
  EXPECT_FALSE(describe(1, {4}, {1}).ok());
  EXPECT_FALSE(describe(0, {2, 2}, {3, 1}).ok());
  EXPECT_FALSE(describe(-1, {1}, {1}).ok());
  EXPECT_FALSE(describe(0, {2}, {-1}).ok());
  EXPECT_FALSE(describe(0, {2, 2}, {1}).ok());
  EXPECT_FALSE(describe(0, {INT64_MAX, INT64_MAX}, {1, 1}).ok());
  EXPECT_FALSE(describe(INT64_MAX, {2}, {INT64_MAX}).ok());
  const auto huge = describe(0, {1'000'000'000, 1'000'000'000}, {0, 0});
  ASSERT_FALSE(huge.ok());
  EXPECT_EQ(huge.error().code, ErrorCode::kUnsafe)
      << "a view may not show far more than the file holds";
}

TEST(TorchZip, RefusesStoragesThatDoNotFit) {
  PickleWriter out;
  out.Raw("}(").Text("w").Tensor("FloatStorage", "0", 4, 0, {4}, {1}).Raw("u");
  const Bytes pickle = out.Stop();
  EXPECT_EQ(DescribedTorch(pickle, {RawOf(Counting(5))}).result.error().code,
            ErrorCode::kCorruption);
  EXPECT_EQ(DescribedTorch(pickle, {}).result.error().code, ErrorCode::kCorruption);
}

TEST(TorchZip, RefusesCodeAndCanKeepTheFile) {
  const Bytes zip = BuildTorchZip(ToBytes("\x80\x02"
                                          "cposix\nsystem\nX\x02\x00\x00\x00id\x85R."),
                                  {});
  const Bytes code = BuildTorchZip(ToBytes("cposix\nsystem\n(S'id'\ntR."), {});
  const auto file = io::MakeViewSource(code);
  const auto result = DescribeFile(*file, "x");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsafe);
  EXPECT_EQ(result.error().message, "needs code to load: GLOBAL 'posix.system' at data.pkl+0x0");
  const FileDescription blob = DescribeAsBlob(*file, result.error().message);
  EXPECT_EQ(blob.note, result.error().message);
  CheckDescription(blob, *file);
}

TEST(TorchZip, ParameterAndNamespaceAreUnderstood) {
  PickleWriter out;
  out.Raw("}(")
      .Text("args")
      .Global("argparse", "Namespace")
      .Raw(")\x81}")
      .Text("lr")
      .Integer(5)
      .Raw("sb");
  out.Text("net").Raw("}(").Text("w").Global("torch._utils", "_rebuild_parameter").Raw("(");
  out.Tensor("HalfStorage", "0", 2, 0, {2}, {1})
      .Raw("\x88")
      .Global("collections", "OrderedDict")
      .Raw(")RtRuu");
  const DescribedTorch d(out.Stop(), {ToBytes("abcd")});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d["w"].dtype, DType::kF16);
  const std::vector<std::pair<std::string, std::string>> want = {{"args.lr", "5"}};
  EXPECT_EQ(d.result->metadata, want);
}

TEST(TorchZip, QuantisedTensorsAreTheirIntegers) {
  PickleWriter out;
  const auto quantised = [&](std::string_view storage, std::string_view key) {
    out.Global("torch._utils", "_rebuild_qtensor").Raw("((").Text("storage");
    out.Global("torch", storage).Text(key).Text("cpu").Integer(4).Raw("tQ");
    out.Integer(0).Integers({2, 2}).Integers({2, 1}).Raw("(");
  };
  out.Raw("}(").Text("a");
  quantised("QInt8Storage", "0");
  out.Global("torch", "per_tensor_affine").Raw("G\x3f\xe0");
  out.Raw(std::string_view("\0\0\0\0\0\0", 6)).Integer(3).Raw("t\x89");
  out.Global("collections", "OrderedDict").Raw(")RtR").Text("b");
  quantised("QUInt8Storage", "1");
  out.Global("torch", "per_channel_affine").Tensor("DoubleStorage", "2", 2, 0, {2}, {1});
  out.Tensor("LongStorage", "3", 2, 0, {2}, {1}).Integer(0).Raw("t\x89");
  out.Global("collections", "OrderedDict").Raw(")RtRu");
  const Bytes sixteen = ToBytes("0123456789abcdef");
  const DescribedTorch d(out.Stop(), {ToBytes("abcd"), ToBytes("efgh"), sixteen, sixteen});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d["a"].dtype, DType::kI8);
  EXPECT_EQ(ReadTensor(d["a"]), ToBytes("abcd"));
  EXPECT_EQ(d["b"].dtype, DType::kU8);
  EXPECT_EQ(d["b.scale"].dtype, DType::kF64);
  EXPECT_EQ(d["b.scale"].role, TensorRole::kBuffer);
  EXPECT_EQ(d["b.zero_point"].dtype, DType::kI64);
  const std::vector<std::pair<std::string, std::string>> want = {
      {"a.scale", "0.5"}, {"a.zero_point", "3"}, {"b.axis", "0"}};
  EXPECT_EQ(d.result->metadata, want);
}

TEST(TorchZip, SparseTensorsAreTheirParts) {
  PickleWriter out;
  out.Raw("}(").Text("coo").Global("torch._utils", "_rebuild_sparse_tensor").Raw("(");
  out.Global("torch.serialization", "_get_layout").Raw("(").Text("torch.sparse_coo").Raw("tR(");
  out.Tensor("LongStorage", "0", 2, 0, {2, 1}, {1, 1}).Tensor("FloatStorage", "1", 1, 0, {1}, {1});
  out.Integers({5, 6}).Raw("\x88ttR");
  for (const char* layout : {"csr", "csc"}) {
    out.Text(layout).Global("torch._utils", "_rebuild_sparse_tensor").Raw("(");
    out.Global("torch.serialization", "_get_layout").Raw("(");
    out.Text(std::string("torch.sparse_") + layout).Raw("tR(");
    out.Tensor("LongStorage", "2", 2, 0, {2}, {1}).Tensor("LongStorage", "3", 1, 0, {1}, {1});
    out.Tensor("FloatStorage", "4", 1, 0, {1}, {1}).Integers({1, 6}).Raw("ttR");
  }
  out.Raw("u");
  const DescribedTorch d(out.Stop(),
                         {ToBytes("0123456789abcdef"), ToBytes("1234"), ToBytes("0123456789abcdef"),
                          ToBytes("12345678"), ToBytes("5678")});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d["coo.indices"].shape, (Shape{2, 1}));
  EXPECT_EQ(ReadTensor(d["coo.values"]), ToBytes("1234"));
  EXPECT_EQ(d["csr.crow_indices"].shape, (Shape{2}));
  EXPECT_EQ(d["csr.col_indices"].shape, (Shape{1}));
  EXPECT_EQ(ReadTensor(d["csr.values"]), ToBytes("5678"));
  EXPECT_EQ(d["csc.ccol_indices"].shape, (Shape{2}));
  EXPECT_EQ(d["csc.row_indices"].shape, (Shape{1}));
  std::map<std::string, std::string> said(d.result->metadata.begin(), d.result->metadata.end());
  EXPECT_EQ(said["coo.size"], "[5, 6]");
}

TEST(TorchZip, BrokenSparseAndQuantisedTensorsAreCorruption) {
  for (const char* parts : {"tR", "(ttR", "((ttR", "(NNttR"}) {
    PickleWriter out;
    out.Raw("](").Global("torch._utils", "_rebuild_sparse_tensor").Raw("(N").Raw(parts).Raw("e");
    const DescribedTorch d(out.Stop(), {});
    ASSERT_FALSE(d.result.ok()) << parts;
    EXPECT_EQ(d.result.error().code, ErrorCode::kCorruption) << parts;
  }
  PickleWriter out;
  out.Raw("}").Text("w").Global("torch._utils", "_rebuild_qtensor").Raw("(NNNNNtRs");
  EXPECT_EQ(DescribedTorch(out.Stop(), {}).result.error().code, ErrorCode::kCorruption);
}

TEST(TorchZip, AChainOfQuantisersEnds) {
  PickleWriter out;  // the scale of each is the one before
  constexpr int kMany = 100'000;
  out.Raw("}").Text("w").Tensor("QInt8Storage", "0", 1, 0, {}, {});
  for (int i = 0; i < kMany; ++i) {
    out.Raw("r").Raw(std::string_view("\0\0\0\0", 4)).Raw("0");
    out.Global("torch._utils", "_rebuild_qtensor").Raw("((").Text("storage");
    out.Global("torch", "QInt8Storage").Text("0").Text("cpu").Integer(1).Raw("tQ");
    out.Integer(0).Raw("))(N").Raw(std::string_view("j\0\0\0\0", 5)).Raw("ttR");
  }
  out.Raw("s");
  const DescribedTorch d(out.Stop(), {ToBytes("a")});
  ASSERT_FALSE(d.result.ok());
  EXPECT_EQ(d.result.error().code, ErrorCode::kUnsafe);
}

TEST(TorchZip, SettingsOfLightningAndOmegaConfBecomeMetadata) {
  PickleWriter out;
  out.Raw("}(").Text("hyper_parameters");
  out.Global("pytorch_lightning.utilities.parsing", "AttributeDict").Raw(")\x81(");
  out.Text("lr").Integer(5).Raw("u").Text("cfg");
  out.Global("omegaconf.dictconfig", "DictConfig").Raw(")\x81q\x01}(");
  out.Text("_parent").Raw("N").Text("_content").Raw("}(").Text("width");
  out.Global("omegaconf.nodes", "AnyNode").Raw(")\x81}(").Text("_parent").Raw("h\x01");
  out.Text("_val").Integer(7).Raw("ub").Text("layers");
  out.Global("omegaconf.listconfig", "ListConfig").Raw(")\x81}(").Text("_parent").Raw("h\x01");
  out.Text("_content").Raw("](").Integer(1).Integer(2).Raw("eubuubu");
  const DescribedTorch d(out.Stop(), {});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  const std::vector<std::pair<std::string, std::string>> want = {
      {"hyper_parameters.lr", "5"}, {"cfg.width", "7"}, {"cfg.layers", "[1, 2]"}};
  EXPECT_EQ(d.result->metadata, want);
}

TEST(TorchZip, NewFloatTypesKeepTheirNames) {
  PickleWriter out;
  out.Raw("}(").Text("w").Global("torch._utils", "_rebuild_tensor_v3").Raw("((").Text("storage");
  out.Global("torch.storage", "UntypedStorage").Text("0").Text("cpu").Integer(4).Raw("tQ");
  out.Integer(0).Integers({2, 2}).Integers({2, 1}).Raw("\x89");
  out.Global("collections", "OrderedDict").Raw(")R");
  out.Global("torch", "float8_e4m3fnuz").Raw("tRu");
  const DescribedTorch d(out.Stop(), {ToBytes("abcd")});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d["w"].dtype, DType::kOpaque);
  EXPECT_EQ(d["w"].foreign_dtype, "F8_E4M3FNUZ");
  EXPECT_EQ(d["w"].shape, (Shape{2, 2}));
}

TEST(TorchZip, StatesOfRandomNumbersAreNoParameters) {
  PickleWriter out;
  out.Raw("}(").Text("cpu").Tensor("ByteStorage", "0", 5056, 0, {5056}, {1});
  out.Text("cuda").Tensor("ByteStorage", "1", 16, 0, {16}, {1});
  out.Text("mask").Tensor("ByteStorage", "2", 16, 0, {16}, {1}).Raw("u");
  const DescribedTorch d(out.Stop(), {Bytes(5056), Bytes(16), Bytes(16)});
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d["cpu"].role, TensorRole::kOther);
  EXPECT_EQ(d["cuda"].role, TensorRole::kOther);
  EXPECT_EQ(d["mask"].role, TensorRole::kParameter);
}

// --- the legacy format ---

Bytes Legacy(const Bytes& object, const std::vector<std::string>& keys, const Bytes& storages,
             bool little = true) {
  Bytes bytes = ToBytes(
      std::string_view("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.", 21));
  PickleWriter system;
  system.Raw("}").Text("little_endian").Raw(little ? "\x88s" : "\x89s");
  Append(bytes, system.Stop());
  Append(bytes, object);
  PickleWriter list;
  list.Raw("](");
  for (const std::string& key : keys) list.Text(key);
  list.Raw("e");
  Append(bytes, list.Stop());
  Append(bytes, storages);
  return bytes;
}

Bytes LegacyStorage(std::uint64_t count, const Bytes& data) {
  Bytes bytes;
  PutLittle<std::uint64_t>(bytes, count);
  Append(bytes, data);
  return bytes;
}

TEST(TorchLegacy, StoragesFollowTheirKeys) {
  PickleWriter out;
  out.Raw("}(").Text("w").Tensor("FloatStorage", "94", 2, 0, {2}, {1}, true);
  out.Text("v").Tensor("ByteStorage", "17", 3, 0, {3}, {1}, true).Raw("u");
  Bytes storages = LegacyStorage(3, ToBytes("xyz"));
  Append(storages, LegacyStorage(2, RawOf(Counting(2))));
  const Bytes bytes = Legacy(out.Stop(), {"17", "94"}, storages);
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "pytorch-legacy");
  EXPECT_EQ(ReadTensor(*FindTensor(*result, "w")), RawOf(Counting(2)));
  EXPECT_EQ(ReadTensor(*FindTensor(*result, "v")), ToBytes("xyz"));
}

TEST(TorchLegacy, AWholeModuleIsRefusedByTheNameOfItsClass) {
  PickleWriter out;  // the class stands in a persistent id, with its source code
  out.Raw("(").Text("module").Global("__main__", "Net").Text("net.py").Text("class Net: pass");
  out.Raw("tQ)\x81}").Text("training").Raw("\x88sb");
  const Bytes bytes = Legacy(out.Stop(), {}, {});
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeFile(*file, "x.pt");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsafe);
  EXPECT_EQ(result.error().message,
            "needs code to load: GLOBAL '__main__.Net' at object pickle+0xe");
}

TEST(TorchLegacy, RefusesEveryTruncationAndWrongCounts) {
  PickleWriter out;
  out.Raw("}(").Text("w").Tensor("FloatStorage", "94", 2, 0, {2}, {1}, true).Raw("u");
  const Bytes object = out.Stop();
  const Bytes good = Legacy(object, {"94"}, LegacyStorage(2, RawOf(Counting(2))));
  for (std::size_t size = 15; size < good.size(); ++size) {
    const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    const auto file = io::MakeViewSource(cut);
    EXPECT_FALSE(DescribeFile(*file, "x").ok()) << size;
  }
  for (const Bytes& bad : {Legacy(object, {"94"}, LegacyStorage(3, RawOf(Counting(3)))),
                           Legacy(object, {"95"}, LegacyStorage(2, RawOf(Counting(2)))),
                           Legacy(object, {"94", "94"}, LegacyStorage(2, RawOf(Counting(2)))),
                           Legacy(object, {}, {})}) {
    const auto file = io::MakeViewSource(bad);
    const auto result = DescribeFile(*file, "x");
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kCorruption);
  }
}

// --- zips of several files ---

TEST(ZipBundle, MembersAreDescribedByTheirOwnReaders) {
  PickleWriter out;
  out.Raw("}(").Text("w").Tensor("FloatStorage", "0", 2, 0, {2}, {1}).Raw("u");
  const Bytes inner = BuildTorchZip(out.Stop(), {RawOf(Counting(2))});
  const Bytes code = BuildTorchZip(ToBytes("cposix\nsystem\n(S'id'\ntR."), {});
  const Bytes bytes = BuildZip({{"data", ToBytes("{}")},
                                {"policy.pth", inner},
                                {"policy.optimizer.pth", inner},
                                {"evil.pth", code}});
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "zip");
  ASSERT_EQ(result->tensors.size(), 2u);
  EXPECT_EQ(result->tensors[0].name, "policy.pth//w");
  EXPECT_EQ(result->tensors[1].role, TensorRole::kOptimizer);
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_NE(result->warnings[0].find("posix.system"), std::string::npos);
}

TEST(ZipBundle, WithoutTensorsIsAFileLikeAnyOther) {
  const Bytes bytes = BuildZip({{"a.txt", ToBytes("text")}, {"b.txt", Bytes(1000), 6}});
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "blob");
  EXPECT_TRUE(result->warnings.empty());
}

TEST(ZipBundle, DeflatedMembersWithoutTensorsStayAsTheyAre) {
  const Bytes array =
      BuildNpy("{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }", ToBytes("abcd"));
  const Bytes bytes = BuildZip({{"a.npy", array}, {"b.txt", Bytes(1000), 6, true}});
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  ASSERT_EQ(result->tensors.size(), 1u);
  EXPECT_EQ(result->tensors[0].name, "a.npy//a");
  EXPECT_TRUE(result->warnings.empty());
}

TEST(ZipBundle, DeflatedMembersWithTensorsAreMadeAgain) {
  PickleWriter out;
  out.Raw("}(").Text("w").Tensor("FloatStorage", "0", 2048, 0, {2048}, {1}).Raw("u");
  const Bytes weights = RawOf(Counting(2048));
  const Bytes inner = BuildTorchZip(out.Stop(), {weights});
  const Bytes bytes = BuildZip({{"policy.pth", inner, 6, true}, {"notes.txt", Bytes(500), 9}});
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  ASSERT_EQ(result->tensors.size(), 1u);
  EXPECT_EQ(result->tensors[0].name, "policy.pth//w");
  EXPECT_EQ(ReadTensor(result->tensors[0]), weights);
  std::uint64_t kept = 0;
  for (const auto& literal : result->literals) kept += literal->size();
  EXPECT_LT(kept, 2000u);  // the tensor's bytes are not kept a second time
}

TEST(ZipBundle, ZipsInZipsGoAsDeepAsARecipeCan) {
  const Bytes array =
      BuildNpy("{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }", ToBytes("abcd"));
  Bytes bytes = array;
  std::string name = "a.npy";
  for (unsigned level = 1; level <= 6; ++level) {
    bytes = BuildZip({{name, bytes, level % 2 == 0 ? 6 : -1}, {"x.txt", ToBytes("x")}});
    name = "level" + std::to_string(level) + ".zip";
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file);
    ASSERT_TRUE(result.ok()) << level << ": " << TextOf(result);
    EXPECT_EQ(result->tensors.size(), level <= 2 ? 1u : 0u) << level;
  }
}

TEST(ZipBundle, SettingsOfStableBaselinesBecomeMetadata) {
  const Bytes array =
      BuildNpy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", ToBytes("a"));
  const Bytes bytes =
      BuildZip({{"data", ToBytes(R"({"gamma": 0.99, "policy_class": {":serialized:": "gA=="}})")},
                {"a.npy", array}});
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->metadata,
            (std::vector<std::pair<std::string, std::string>>{{"data//gamma", "0.99"}}));
}

}  // namespace
}  // namespace dlv::interchange
