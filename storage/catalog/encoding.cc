#include "storage/catalog/encoding.h"

#include "storage/io/byte_io.h"

namespace dlv::catalog {
namespace {

/// Distances wrap around, so that any sequence of 64-bit numbers has one.
std::int64_t Distance(std::uint64_t from, std::uint64_t to) {
  return static_cast<std::int64_t>(to - from);
}

}  // namespace

std::vector<std::byte> EncodeNumbers(std::span<const ObjectNumber> numbers) {
  io::ByteWriter writer;
  writer.PutVarint(numbers.size());
  ObjectNumber expected = 0;
  for (const ObjectNumber number : numbers) {
    writer.PutSignedVarint(Distance(expected, number));
    expected = number + 1;
  }
  return writer.Take();
}

Result<std::vector<ObjectNumber>> DecodeNumbers(std::span<const std::byte> bytes) {
  io::ByteReader reader(bytes, "catalog, object numbers");
  DLV_ASSIGN(const std::uint64_t count, reader.GetCount(1));
  std::vector<ObjectNumber> numbers;
  numbers.reserve(count);
  ObjectNumber expected = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    DLV_ASSIGN(const std::int64_t distance, reader.GetSignedVarint());
    numbers.push_back(expected + static_cast<std::uint64_t>(distance));
    expected = numbers.back() + 1;
  }
  DLV_TRY(reader.ExpectEnd());
  return numbers;
}

std::vector<std::byte> EncodeKeyValues(const KeyValues& values) {
  io::ByteWriter writer;
  writer.PutVarint(values.size());
  for (const auto& [key, value] : values) {
    writer.PutString(key);
    writer.PutString(value);
  }
  return writer.Take();
}

Result<KeyValues> DecodeKeyValues(std::span<const std::byte> bytes) {
  io::ByteReader reader(bytes, "catalog, attributes");
  DLV_ASSIGN(const std::uint64_t count, reader.GetCount(2));
  KeyValues values;
  for (std::uint64_t i = 0; i < count; ++i) {
    DLV_ASSIGN(std::string key, reader.GetString(bytes.size()));
    DLV_ASSIGN(std::string value, reader.GetString(bytes.size()));
    values.insert_or_assign(std::move(key), std::move(value));
  }
  DLV_TRY(reader.ExpectEnd());
  return values;
}

std::vector<std::byte> EncodePoints(std::span<const MetricPoint> points) {
  io::ByteWriter writer;
  writer.PutVarint(points.size());
  std::int64_t before = 0;
  for (const MetricPoint& point : points) {
    writer.PutSignedVarint(
        Distance(static_cast<std::uint64_t>(before), static_cast<std::uint64_t>(point.step)));
    before = point.step;
  }
  for (const MetricPoint& point : points) writer.Put(point.value);
  return writer.Take();
}

Result<std::vector<MetricPoint>> DecodePoints(std::span<const std::byte> bytes) {
  io::ByteReader reader(bytes, "catalog, metric series");
  DLV_ASSIGN(const std::uint64_t count, reader.GetCount(9));
  std::vector<MetricPoint> points(count);
  std::uint64_t before = 0;
  for (MetricPoint& point : points) {
    DLV_ASSIGN(const std::int64_t distance, reader.GetSignedVarint());
    before += static_cast<std::uint64_t>(distance);
    point.step = static_cast<std::int64_t>(before);
  }
  for (MetricPoint& point : points) {
    DLV_ASSIGN(point.value, reader.Get<double>());
  }
  DLV_TRY(reader.ExpectEnd());
  return points;
}

}  // namespace dlv::catalog
