#pragma once
/// \file
/// Evaluating versions on data: networks run, and their scores are compared with labels.
///
///     dlv::EvaluationOptions options;
///     options.data = "fashion-eval-images-idx3-ubyte.gz";
///     options.preprocess = "scale=1/255";
///     DLV_ASSIGN(const auto report, repository.Evaluate({"lenet:v1", "lenet:v2"}, options));
///     for (const auto& version : report.versions) { ... version.metrics ... }

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dlv/ids.h"

namespace dlv {

struct EvaluationOptions {
  /// A file or folder: idx (plain or in gzip; labels beside it), CIFAR binary, .npy, .npz,
  /// .safetensors (first axis: examples), a folder of PNG or JPEG images (a folder a class, or
  /// labels.csv).
  std::filesystem::path data;
  std::filesystem::path labels;  ///< where they are not found by themselves
  std::string array;             ///< of .npz and .safetensors: the examples; empty: found
  std::string label_array;       ///< likewise, the labels

  /// What is done to examples first: "scale=1/255,mean=0.485:0.456:0.406,std=0.229:0.224:0.225"
  /// (docs/evaluation.md). Nothing: what was remembered with the version, or the nearest ancestor
  /// of its model; "": nothing is done.
  std::optional<std::string> preprocess;
  /// Remembers `preprocess` with each version, as its tag "preprocess".
  bool remember = true;

  std::vector<std::string> metrics = {"top1", "loss"};  ///< "top1", "top5" (any number), "loss"
  std::uint32_t batch = 64;            ///< examples that a network is given at a time
  std::optional<std::uint64_t> limit;  ///< the first so many examples only
  bool confusion = false;              ///< fills VersionEvaluation::confusion
  std::filesystem::path predictions;   ///< .npz: "scores" and "predicted" of one version, "labels"
  /// Records the metrics in the catalog, under the data's name, where queries find them.
  bool save = false;
};

/// How one class fared.
struct ClassEvaluation {
  std::string name;             ///< as the data names it, else its number
  std::uint64_t examples = 0;   ///< with this label
  std::uint64_t right = 0;      ///< of these, named so
  std::uint64_t predicted = 0;  ///< of all, named so
};

struct VersionEvaluation {
  std::string reference;  ///< "lenet:v3", "lenet:v3#400"
  VersionId id;
  std::string preprocess;  ///< as carried out
  std::uint64_t examples = 0;
  /// In the order of EvaluationOptions::metrics: shares of right answers from 0 to 1; the loss is
  /// the mean cross entropy in nats.
  std::vector<std::pair<std::string, double>> metrics;
  std::uint64_t undefined = 0;  ///< examples with a NaN among their scores; they count as wrong
  std::vector<ClassEvaluation> classes;
  /// classes x classes: row, the label; column, the class named. Empty unless asked for.
  std::vector<std::uint64_t> confusion;
  double seconds = 0;            ///< of running the network, without reading weights
  std::uint64_t peak_bytes = 0;  ///< most memory of values between the nodes, weights included
  std::vector<std::string> warnings;
};

struct EvaluationReport {
  std::string data;            ///< as it was given
  std::string format;          ///< "idx", "cifar-10", "images", ...
  std::uint64_t examples = 0;  ///< that were used
  std::vector<VersionEvaluation> versions;
};

}  // namespace dlv
