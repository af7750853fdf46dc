/// \file
///     make_golden FOLDER      makes the golden packs there (only for a new version of the format)
///     make_golden --values FOLDER   makes the pack of later forms there
///     make_golden --tails FOLDER    makes the pack with coded tails there
///     make_golden --planes FOLDER   makes the pack with coded planes there
///     make_golden --significance FOLDER   makes the pack with levels by significance there
///     make_golden --integers FOLDER  makes the pack with deltas of integers there
///     make_golden --cold FOLDER     makes the pack with cold forms there
///     make_golden --narrow FOLDER   makes the pack with deltas of narrow elements there
///     make_golden --sources FOLDER  makes the pack whose manifest has sources there
///     make_golden --strips FOLDER   makes the pack with strips there
///     make_golden --second-bases FOLDER  makes the packs whose tensors have second bases there
///     make_golden --dump      prints the pack that docs/format/archive.md shows

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include "tests/format/golden_packs.h"

namespace {

/// Prints lines of 16 bytes; runs of zero lines become one "*".
void Dump(const std::vector<std::byte>& bytes) {
  bool starred = false;
  for (std::size_t at = 0; at < bytes.size(); at += 16) {
    const std::size_t end = std::min(at + 16, bytes.size());
    bool zero = at != 0;
    for (std::size_t i = at; i < end; ++i) zero = zero && bytes[i] == std::byte{0};
    if (zero) {
      if (!starred) std::printf("    *\n");
      starred = true;
      continue;
    }
    starred = false;
    std::printf("    %08zx ", at);
    for (std::size_t i = at; i < end; ++i) std::printf(" %02x", static_cast<unsigned>(bytes[i]));
    std::printf("\n");
  }
}

int Fail(const dlv::Error& error) {
  std::fprintf(stderr, "make_golden: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  auto& disk = dlv::io::PosixFileSystem();
  if (argc == 3 && std::strcmp(argv[1], "--values") == 0) {
    const dlv::Status made = dlv::testing::MakeValuesPack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--tails") == 0) {
    const dlv::Status made = dlv::testing::MakeTailsPack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--planes") == 0) {
    const dlv::Status made = dlv::testing::MakeCodedPlanesPack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--significance") == 0) {
    const dlv::Status made = dlv::testing::MakeSignificancePack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--integers") == 0) {
    const dlv::Status made = dlv::testing::MakeIntegersPack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--cold") == 0) {
    const dlv::Status made = dlv::testing::MakeColdPack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--narrow") == 0) {
    const dlv::Status made = dlv::testing::MakeNarrowPack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--sources") == 0) {
    const dlv::Status made = dlv::testing::MakeSourcesPack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--strips") == 0) {
    const dlv::Status made = dlv::testing::MakeStripsPack(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc == 3 && std::strcmp(argv[1], "--second-bases") == 0) {
    const dlv::Status made = dlv::testing::MakeSecondBasesPacks(disk, argv[2]);
    return made.ok() ? 0 : Fail(made.error());
  }
  if (argc != 2) {
    std::fprintf(stderr,
                 "usage: make_golden FOLDER | --values FOLDER | --tails FOLDER | --planes FOLDER "
                 "| --significance FOLDER | --cold FOLDER | --narrow FOLDER | --sources FOLDER | "
                 "--strips FOLDER | "
                 "--second-bases FOLDER | --integers FOLDER |"
                 " --dump\n");
    return 2;
  }
  if (std::strcmp(argv[1], "--dump") != 0) {
    const dlv::Status made = dlv::testing::MakeGoldenPacks(disk, argv[1]);
    return made.ok() ? 0 : Fail(made.error());
  }
  const std::string path = (std::filesystem::temp_directory_path() / "dlv-tiny.pack").string();
  if (const dlv::Status made = dlv::testing::MakeTinyPack(disk, path); !made.ok())
    return Fail(made.error());
  const auto bytes = dlv::io::ReadWholeFile(disk, path, 1u << 20);
  std::filesystem::remove(path);
  if (!bytes.ok()) return Fail(bytes.error());
  Dump(*bytes);
  return 0;
}
