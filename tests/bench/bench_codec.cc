// Speed and size of chunk coding, one thread, in memory, checksums on.
//
//   bench_codec [--repeat N] [--seconds S] [--effort 0|1] [--hurry] [--no-peers | --only-delta]
//   [--cold] DTYPE FILE [BASE [SECOND]]
//
// FILE holds elements of DTYPE (f32, bf16, f16, f64 ...), little-endian; BASE the same number of
// them, SECOND what BASE was made from. --cold: cold forms too. Prints, for memcpy, zstd -3,
// byte-grouped zstd -3 (each group apart, chunks of 2^17 elements) and the codec without, with one
// and with two bases: bits an element, encode and decode in GB (1e9 original bytes) a second of
// thread CPU time, as median [minimum..maximum] over the repeats.

#include <time.h>
#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/kernels.h"

namespace {

using dlv::DType;
using Bytes = std::vector<std::byte>;

Bytes ReadAll(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "bench_codec: cannot open %s\n", path);
    std::exit(1);
  }
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Bytes bytes(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

struct Rates {
  double median = 0;
  double low = 0;
  double high = 0;
};

// Seconds of processor time of this thread: other load on the machine counts less than with a wall
// clock.
double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Runs `body` (which handles `bytes` bytes) until both limits are reached.
Rates Measure(std::size_t bytes, int repeats, double seconds, const std::function<void()>& body) {
  std::vector<double> rates;
  body();
  const double begin = ThreadSeconds();
  for (;;) {
    const double start = ThreadSeconds();
    body();
    const double stop = ThreadSeconds();
    rates.push_back(static_cast<double>(bytes) / 1e9 / (stop - start));
    if (static_cast<int>(rates.size()) >= repeats && stop - begin >= seconds) break;
  }
  std::sort(rates.begin(), rates.end());
  return {rates[rates.size() / 2], rates.front(), rates.back()};
}

struct Bench {
  DType dtype = DType::kF32;
  Bytes raw;
  Bytes base, second;
  int repeats = 5;
  double seconds = 0.5;
  int effort = 0;
  bool hurry = false;

  std::size_t chunk_bytes() const { return dlv::codec::kMaxChunkElements * SizeOf(dtype); }
  double elements() const { return static_cast<double>(raw.size() / SizeOf(dtype)); }

  void Print(const char* what, std::size_t size, const Rates& encode, const Rates& decode) const {
    std::printf("%-22s %8.3f   %6.3f [%5.3f..%5.3f]   %6.3f [%5.3f..%5.3f]\n", what,
                8.0 * static_cast<double>(size) / elements(), encode.median, encode.low,
                encode.high, decode.median, decode.low, decode.high);
  }

  void Memcpy() {
    Bytes copy(raw.size());
    const Rates rates = Measure(raw.size(), repeats, seconds,
                                [&] { std::memcpy(copy.data(), raw.data(), raw.size()); });
    Print("memcpy", raw.size(), rates, rates);
  }

  void Checksums() {
    std::uint64_t sum = 0;
    const Rates rates = Measure(raw.size(), repeats, seconds, [&] {
      for (std::size_t at = 0; at < raw.size(); at += chunk_bytes()) {
        const std::size_t size = std::min(chunk_bytes(), raw.size() - at);
        sum ^= dlv::codec::Checksum(std::span(raw).subspan(at, size));
      }
    });
    Print(sum == 1 ? "xxh3 " : "xxh3", raw.size(), rates, rates);
  }

  // `groups` 1: the bytes as they are.
  void Zstd(const char* what, std::size_t groups) {
    Bytes grouped(chunk_bytes());
    Bytes decoded(raw.size());
    std::vector<Bytes> coded;
    std::size_t total = 0;
    const auto encode = [&] {
      coded.clear();
      total = 0;
      for (std::size_t at = 0; at < raw.size(); at += chunk_bytes()) {
        const std::size_t size = std::min(chunk_bytes(), raw.size() - at);
        const std::size_t n = size / groups;
        const std::byte* source = raw.data() + at;
        if (groups > 1) {
          for (std::size_t g = 0; g < groups; ++g) {
            for (std::size_t i = 0; i < n; ++i) grouped[g * n + i] = source[i * groups + g];
          }
          source = grouped.data();
        }
        for (std::size_t g = 0; g < groups; ++g) {
          Bytes out(ZSTD_compressBound(n));
          out.resize(ZSTD_compress(out.data(), out.size(), source + g * n, n, 3));
          total += out.size();
          coded.push_back(std::move(out));
        }
      }
    };
    const auto decode = [&] {
      std::size_t next = 0;
      for (std::size_t at = 0; at < raw.size(); at += chunk_bytes()) {
        const std::size_t size = std::min(chunk_bytes(), raw.size() - at);
        const std::size_t n = size / groups;
        std::byte* const target = groups > 1 ? grouped.data() : decoded.data() + at;
        for (std::size_t g = 0; g < groups; ++g, ++next) {
          ZSTD_decompress(target + g * n, n, coded[next].data(), coded[next].size());
        }
        for (std::size_t g = 0; groups > 1 && g < groups; ++g) {
          for (std::size_t i = 0; i < n; ++i) decoded[at + i * groups + g] = grouped[g * n + i];
        }
      }
    };
    const Rates encode_rates = Measure(raw.size(), repeats, seconds, encode);
    const Rates decode_rates = Measure(raw.size(), repeats, seconds, decode);
    if (decoded != raw) std::abort();
    Print(what, total, encode_rates, decode_rates);
  }

  void Codec(const char* what, bool with_base, bool with_second = false, bool cold = false) {
    dlv::codec::ChunkEncoder encoder;
    dlv::codec::ChunkDecoder decoder;
    dlv::codec::EncodeOptions options;
    options.effort = effort;
    options.hurry = hurry;
    options.cold = cold;
    const std::size_t chunks = (raw.size() + chunk_bytes() - 1) / chunk_bytes();
    std::vector<dlv::codec::EncodedChunk> coded(chunks);
    Bytes decoded(raw.size());
    const auto part = [this](std::span<const std::byte> all, std::size_t chunk) {
      const std::size_t at = chunk * chunk_bytes();
      return all.subspan(at, std::min(chunk_bytes(), all.size() - at));
    };
    const auto encode = [&] {
      for (std::size_t c = 0; c < chunks; ++c) {
        const auto b = with_base ? part(base, c) : std::span<const std::byte>();
        options.second_base = with_second ? part(second, c) : std::span<const std::byte>();
        if (!encoder.Encode(dtype, part(raw, c), b, options, coded[c]).ok()) std::abort();
      }
    };
    const auto decode = [&] {
      for (std::size_t c = 0; c < chunks; ++c) {
        const auto header = decoder.ParseHeader(coded[c].bytes);
        const auto b = with_base ? part(base, c) : std::span<const std::byte>();
        const auto to = std::span(decoded).subspan(c * chunk_bytes(), part(raw, c).size());
        const auto s = with_second ? part(second, c) : std::span<const std::byte>();
        const auto status =
            decoder.Decode(*header, coded[c].bytes, header->level_count - 1u, b, to, s);
        if (!status.ok()) {
          std::printf("%s\n", status.error().message.c_str());
          std::abort();
        }
      }
    };
    const Rates encode_rates = Measure(raw.size(), repeats, seconds, encode);
    const Rates decode_rates = Measure(raw.size(), repeats, seconds, decode);
    if (decoded != raw) std::abort();
    std::size_t total = 0;
    std::size_t modes[32] = {};
    std::size_t extrapolated = 0;
    for (const auto& chunk : coded) {
      total += chunk.bytes.size();
      ++modes[static_cast<std::size_t>(chunk.header.mode) % 32];
      extrapolated += chunk.header.needs_second_base ? 1 : 0;
    }
    Print(what, total, encode_rates, decode_rates);
    std::printf("%-22s", "  chunks by mode:");
    for (int mode = 0; mode < 32; ++mode) {
      if (modes[mode] != 0) std::printf(" %d:%zu", mode, modes[mode]);
    }
    if (extrapolated != 0) std::printf(", %zu from two bases", extrapolated);
    std::printf("\n");
  }
};

}  // namespace

int main(int argc, char** argv) {
  Bench bench;
  bool peers = true;
  bool alone = true;
  bool cold = false;
  std::vector<const char*> names;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--repeat" && i + 1 < argc) {
      bench.repeats = std::atoi(argv[++i]);
    } else if (word == "--seconds" && i + 1 < argc) {
      bench.seconds = std::atof(argv[++i]);
    } else if (word == "--effort" && i + 1 < argc) {
      bench.effort = std::atoi(argv[++i]);
    } else if (word == "--hurry") {
      bench.hurry = true;
    } else if (word == "--cold") {
      cold = true;
    } else if (word == "--no-peers") {
      peers = false;
    } else if (word == "--only-delta") {
      peers = false;
      alone = false;
    } else {
      names.push_back(argv[i]);
    }
  }
  if (names.size() < 2) {
    std::fprintf(stderr,
                 "usage: bench_codec [--repeat N] [--seconds S] DTYPE FILE [BASE [SECOND]]\n");
    return 2;
  }
  bench.dtype = dlv::DTypeFromName(names[0]).value_or(DType::kF32);
  bench.raw = ReadAll(names[1]);
  bench.raw.resize(bench.raw.size() / SizeOf(bench.dtype) * SizeOf(bench.dtype));
  if (names.size() > 2) bench.base = ReadAll(names[2]);
  if (names.size() > 3) bench.second = ReadAll(names[3]);
  std::printf("%s: %.0f elements of %s, kernels %s\n", names[1], bench.elements(), names[0],
              dlv::codec::NameOf(dlv::codec::ActiveKernelLevel()));
  std::printf("%-22s %8s   %6s GB/s            %6s GB/s\n", "", "bits/el", "encode", "decode");
  if (peers) {
    bench.Memcpy();
    bench.Checksums();
    bench.Zstd("zstd -3", 1);
    bench.Zstd("byte groups + zstd -3", SizeOf(bench.dtype));
  }
  if (alone) bench.Codec("dlv", false);
  if (alone && cold) bench.Codec("dlv, cold", false, false, true);
  if (bench.base.size() == bench.raw.size()) {
    bench.Codec("dlv against base", true);
    if (cold) bench.Codec("dlv against base, cold", true, false, true);
    if (bench.second.size() == bench.raw.size()) bench.Codec("dlv against both", true, true);
  }
  return 0;
}
