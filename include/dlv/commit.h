#pragma once
/// \file
/// What a commit is asked to do, and what it answers.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dlv/version_info.h"

namespace dlv {

/// A file to commit. Its format is found from its content. Files beside an .onnx file that hold
/// tensors of it ("external data") come with it and need not be named.
struct FileInput {
  std::filesystem::path source;  ///< where it is now
  std::string path;              ///< its name in the version; empty: the file name of `source`
  std::optional<std::int64_t>
      step;  ///< the snapshot that it belongs to; files without tensors need none
  bool as_blob =
      false;  ///< keep the bytes unread, whatever the format; for files that would be refused
  std::string format =
      {};  ///< what it is, where the content cannot say ("llama2c"); empty: found out
};

/// A snapshot whose tensors come from memory (or anywhere), not from files.
struct TensorInput {
  TensorSource* source = nullptr;  ///< must outlive the call
  std::optional<std::int64_t> step;
};

/// How the parent of a new version is found.
enum class ParentChoice : std::uint8_t {
  /// By comparing weights: the nearest of the model's newest versions, else of another model's; if
  /// no weights are alike the model's latest version (attribute weights=unlike), or none.
  kInfer,
  kGiven,  ///< `CommitRequest::parents`
  kNone,   ///< nothing is coded against other versions either
};

struct CommitRequest {
  std::string model;
  std::string message;
  /// Files with one step form a snapshot; without steps, all form one. An index of shards
  /// (model.safetensors.index.json) brings the files that it names.
  std::vector<FileInput> files;
  std::vector<TensorInput> tensors;  ///< in place of files, or beside them
  ParentChoice parent_choice = ParentChoice::kInfer;
  std::vector<std::string> parents;  ///< references
  std::optional<Relation> relation;  ///< default: finetune across models, retrain within one
  KeyValues hparams;
  std::vector<Metric> metrics;
  KeyValues tags;
  std::vector<std::string> aliases;  ///< moved to the new version in the same transaction
  bool include_optimizer =
      true;  ///< false: optimizer tensors and the files' exact bytes are not kept
  /// Take hyper-parameters, metric series and tags from files of known kinds among the committed
  /// ones and beside them (config.json, params.yaml, metrics.csv, TensorBoard's event files,
  /// README.md, ...: docs/formats.md) and from the metadata of checkpoints. What is given here
  /// counts more; what cannot be read is a warning.
  bool side_information = true;
  /// A file that describes the network of these tensors (ONNX, Caffe prototxt, dlv's text form:
  /// docs/network.md); it becomes a file of the version, and an ONNX file's weights are not taken.
  /// Empty: the first committed file that has a network.
  std::filesystem::path graph = {};
  bool accept_guesses = false;   ///< join what alone has its shape where names do not tell
  bool allow_unchanged = false;  ///< make a version even if it equals the model's latest
  std::string author;            ///< empty: the environment's DLV_AUTHOR, else the login name
};

/// What a file beside or among the committed ones said.
struct FoundInformation {
  std::string path;                  ///< relative to the version's files; may begin with "../"
  std::vector<std::string> hparams;  ///< names
  std::vector<std::string> metrics;
  std::vector<std::string> tags;
  std::uint64_t point_count = 0;  ///< of all its metrics
};

struct CommitResult {
  VersionSummary version;
  bool unchanged = false;         ///< equal to the latest version: nothing was written
  std::uint64_t raw_bytes = 0;    ///< of what was read
  std::uint64_t added_bytes = 0;  ///< by which the packs grew
  std::uint64_t tensors_total = 0;
  std::uint64_t tensors_new = 0;    ///< the others were stored already
  std::uint64_t tensors_delta = 0;  ///< of the new ones, stored against a base
  std::vector<FileInfo> files;
  /// Of `graph`: how parameters and tensors were joined, and which were left.
  std::vector<std::string> graph_notes = {};
  std::vector<FoundInformation> found;  ///< what was taken from files, not given
  std::vector<std::string> warnings;
};

}  // namespace dlv
