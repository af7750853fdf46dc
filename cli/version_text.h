#pragma once
/// \file
/// Parts of a version as the screens word them. All returned text is printable.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/commit.h"
#include "dlv/version_info.h"

namespace dlv::cli {

/// "9f31c2e0".
std::string ShortId(const VersionId& id);
/// "best, latest"; empty for none.
std::string JoinNames(const std::vector<std::string>& names);
/// Returns the place of a metric among others; lower comes first: validation before training,
/// accuracy before loss.
int MetricRank(std::string_view name);
/// "val_acc 0.91  val_loss 0.3": the metrics that say most first (validation before training,
/// accuracy before loss), at most `most`, then "+4".
std::string MetricsText(const std::vector<std::pair<std::string, double>>& metrics,
                        std::size_t most);
/// "finetune of lenet:v1", "merge of a:v1, b:v2"; empty for none.
std::string ParentsText(const std::vector<ParentInfo>& parents);
/// Whether a parent is there only as the model's version before: what a commit notes of one that it
/// found no weights of (docs/cli.md, "Parents").
bool HasNoWeightsOf(const ParentInfo& parent);
/// "lr=0.1 batch=32 +5": at most `most` (0: all).
std::string KeyValuesText(const KeyValues& values, std::size_t most);
/// "23 hparams, loss (400 points), license": what was taken from a file.
std::string FoundText(const FoundInformation& found);
/// "config.json (23 hparams), metrics.csv (2 metrics)": where things of a version came from.
std::string SourcesText(const VersionDetails& details);
/// "20", "20, 40, 60", "20 .. 499 (26)": the steps of snapshots.
std::string StepsText(const std::vector<std::int64_t>& steps);
/// The first paragraph of a message on one line, for lists; not sanitised.
std::string SubjectOf(const std::string& message);
/// The lines of a text, each printable.
std::vector<std::string> LinesOf(const std::string& text);
/// "512x256x3x3"; "scalar" for rank 0.
std::string ShapeText(const Shape& shape);
/// What the file calls the type, where dlv has no numbers for it; not sanitised.
std::string_view TypeText(const TensorInfo& tensor);
/// The shape that the network sees: of quantised blocks that of their elements, not of their bytes.
const Shape& SeenShape(const TensorInfo& tensor);
/// A reference as a word of a shell command: in quotes where the shell needs them.
std::string ShellWord(const std::string& text);

}  // namespace dlv::cli
