// Asks a repository in DQL: a prepared statement with a parameter, typed rows, and an error with
// its place.
//
//   ask_in_dql FOLDER      makes a repository in FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "dlv/dlv.h"
#include "dlv/query.h"

namespace {

dlv::Status MakeVersions(dlv::Repository& repository, const std::filesystem::path& folder) {
  for (int i = 1; i <= 4; ++i) {
    std::ofstream(folder / "notes.txt", std::ios::binary) << "run " << i;
    dlv::CommitRequest request;
    request.model = i % 2 == 0 ? "even" : "odd";
    request.message = "run " + std::to_string(i);
    request.files = {{folder / "notes.txt", "notes.txt", {}}};
    request.metrics = {{"val_acc", {{-1, 0.7 + 0.05 * i}}}};
    const auto done = repository.Commit(request);
    if (!done.ok()) return done.error();
  }
  return dlv::Ok();
}

dlv::Result<std::size_t> PrintGood(dlv::QuerySession& session, double limit) {
  DLV_ASSIGN(const auto query,
             session.Prepare("select m, m.metrics[\"val_acc\"] acc where acc > :limit "
                             "order by acc desc"));
  DLV_TRY(query->Bind("limit", {limit}));
  DLV_ASSIGN(const dlv::QueryResult result, query->Run());
  for (const auto& row : result.rows) {
    const auto& version = std::get<dlv::QueryVersion>(row[0].value);
    std::printf("%s  %.2f\n", version.reference.c_str(), std::get<double>(row[1].value));
  }
  return result.rows.size();
}

dlv::Status Run(const std::filesystem::path& folder) {
  DLV_ASSIGN(const auto repository, dlv::Repository::Init(folder));
  DLV_TRY(MakeVersions(*repository, folder));

  DLV_ASSIGN(const auto session, dlv::QuerySession::Open(*repository));
  DLV_ASSIGN(const std::size_t rows, PrintGood(*session, 0.78));
  if (rows != 3) return dlv::Error{dlv::ErrorCode::kInternal, "3 versions are above 0.78"};

  // An error knows its place: the line, the caret and what may have been meant.
  const auto wrong = session->Prepare("select m.nme from versions m");
  if (wrong.ok()) return dlv::Error{dlv::ErrorCode::kInternal, "there is no attribute nme"};
  std::printf("%s\n", session->diagnostic().rendered.c_str());
  return dlv::Ok();
}

}  // namespace

int main(int argc, char** argv) {
  const dlv::Status status = Run(argc > 1 ? argv[1] : ".");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status.ok() ? 0 : 1;
}
