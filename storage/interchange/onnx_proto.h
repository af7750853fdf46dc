#pragma once
/// \file
/// Field numbers of the ONNX messages that are looked at (docs/format/foreign_messages.md).

#include <cstdint>

namespace dlv::interchange::onnx {

enum ModelField : std::uint32_t {
  kIrVersion = 1,
  kProducerName = 2,
  kProducerVersion = 3,
  kModelDomain = 4,
  kModelVersion = 5,
  kModelDoc = 6,
  kGraph = 7,
  kOpsetImport = 8,
  kMetadataProps = 14,
  kTrainingInfo = 20,
  kFunctions = 25,
};
enum OpsetField : std::uint32_t { kOpsetDomain = 1, kOpsetVersion = 2 };
enum EntryField : std::uint32_t { kEntryKey = 1, kEntryValue = 2 };
enum TrainingField : std::uint32_t { kInitialization = 1, kAlgorithm = 2 };

enum GraphField : std::uint32_t {
  kGraphNode = 1,
  kGraphName = 2,
  kInitializer = 5,
  kGraphInput = 11,
  kGraphOutput = 12,
  kGraphValue = 13,
  kSparseInitializer = 15,
};
enum FunctionField : std::uint32_t { kFunctionInput = 4, kFunctionOutput = 5, kFunctionNode = 7 };
enum ValueInfoField : std::uint32_t { kValueName = 1, kValueType = 2 };
enum TypeField : std::uint32_t { kTypeTensor = 1 };
enum TensorTypeField : std::uint32_t { kTensorElement = 1, kTensorShape = 2 };
enum ShapeField : std::uint32_t { kShapeDim = 1 };
enum DimensionField : std::uint32_t { kDimValue = 1 };

enum NodeField : std::uint32_t {
  kNodeInput = 1,
  kNodeOutput = 2,
  kNodeName = 3,
  kNodeOperator = 4,
  kNodeAttribute = 5,
  kNodeDomain = 7,
};
enum AttributeField : std::uint32_t {
  kAttributeName = 1,
  kAttributeFloat = 2,
  kAttributeInt = 3,
  kAttributeString = 4,
  kAttributeTensor = 5,
  kAttributeGraph = 6,
  kAttributeFloats = 7,
  kAttributeInts = 8,
  kAttributeStrings = 9,
  kAttributeTensors = 10,
  kAttributeGraphs = 11,
  kAttributeTypeProto = 14,
  kAttributeTypeProtos = 15,
  kAttributeType = 20,
  kAttributeSparseTensor = 22,
  kAttributeSparseTensors = 23,
};
enum SparseField : std::uint32_t { kSparseValues = 1, kSparseIndices = 2, kSparseDims = 3 };

enum TensorField : std::uint32_t {
  kDims = 1,
  kDataType = 2,
  kSegment = 3,
  kFloatData = 4,
  kInt32Data = 5,
  kStringData = 6,
  kInt64Data = 7,
  kTensorName = 8,
  kRawData = 9,
  kDoubleData = 10,
  kUInt64Data = 11,
  kTensorDoc = 12,
  kExternalData = 13,
  kDataLocation = 14,
  kTensorMetadata = 16,
};

}  // namespace dlv::interchange::onnx
