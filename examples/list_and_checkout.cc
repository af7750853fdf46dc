// Commits a file, lists what is there, follows the lineage and gets the file back byte for byte.
//
//   list_and_checkout FOLDER       works in FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "dlv/dlv.h"

namespace {

std::string Slurp(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

dlv::Status CommitNotes(dlv::Repository& repository, const std::filesystem::path& folder,
                        const std::string& text) {
  std::ofstream(folder / "notes.txt", std::ios::binary) << text;
  dlv::CommitRequest request;
  request.model = "notes";
  request.message = text;
  request.files = {{folder / "notes.txt", "notes.txt", {}}};
  return repository.Commit(request).ok() ? dlv::Ok()
                                         : dlv::Error{dlv::ErrorCode::kInternal, "commit failed"};
}

dlv::Status Run(const std::filesystem::path& folder) {
  DLV_ASSIGN(const auto repository, dlv::Repository::Init(folder));
  DLV_TRY(CommitNotes(*repository, folder, "first"));
  DLV_TRY(CommitNotes(*repository, folder, "second"));

  DLV_ASSIGN(const auto log, repository->Log("notes"));
  for (const dlv::LogEntry& entry : log) {
    std::printf("%s  %s  %s\n", entry.version.reference().c_str(), entry.version.id.Hex(8).c_str(),
                entry.version.message.c_str());
  }

  dlv::CheckoutOptions options;
  options.output = folder / "out";
  DLV_ASSIGN(const dlv::CheckoutResult out, repository->Checkout("notes:v1", options));
  const bool same =
      out.files.size() == 1 && out.files[0].identical && Slurp(out.files[0].path) == "first";
  if (!same) return dlv::Error{dlv::ErrorCode::kInternal, "the file came back changed"};

  // An error says what went wrong; a hint often says what to do.
  const auto missing = repository->Describe("noets");
  std::printf("asking for \"noets\": %s (%s)\n", missing.error().message.c_str(),
              missing.error().hint.c_str());
  return dlv::Ok();
}

}  // namespace

int main(int argc, char** argv) {
  const dlv::Status status = Run(argc > 1 ? argv[1] : ".");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status.ok() ? 0 : 1;
}
