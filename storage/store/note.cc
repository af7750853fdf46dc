#include "storage/store/note.h"

#include "storage/store/names.h"
#include "storage/store/resolve.h"

namespace dlv::store {
namespace {

constexpr std::size_t kMaxNoteBytes = 256u << 10;

}  // namespace

Status CheckNote(std::string_view text) {
  if (text.size() > kMaxNoteBytes) {
    return Error{ErrorCode::kInvalidArgument, "note: has " + std::to_string(text.size()) +
                                                  " bytes, at most " +
                                                  std::to_string(kMaxNoteBytes)};
  }
  if (!IsValidUtf8(text) || text.find('\0') != std::string_view::npos)
    return Error{ErrorCode::kInvalidArgument, "note: is not UTF-8 text"};
  return Ok();
}

Status SetNote(Store& store, std::string_view reference, std::string_view text) {
  DLV_TRY(CheckNote(text));
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return store.Write("dlv note", [&](Change& change) -> Status {
    DLV_ASSIGN(const auto version, ResolveIn(change.catalog, reference));
    if (version.summary.note == text) return Ok();
    DLV_TRY(change.transaction.SetNote(version.row, text, change.now));
    change.log.emplace_back(
        archive::NoteRecord{version.summary.model, version.summary.number, std::string(text)});
    return Ok();
  });
}

}  // namespace dlv::store
