#include "engine/query/execute/run_subject.h"

#include "engine/query/execute/initial_weights.h"

namespace dlv::query {

Result<NewVersion> NewVersionOf(const Snapshot& snapshot, const MadeNetwork& made) {
  NewVersion version;
  version.source = snapshot.versions.id[made.source];
  version.source_reference = snapshot.ReferenceOf(made.source);
  version.network = *made.network;
  version.tensors = made.tensors;
  for (const NetworkParameter& parameter : version.network.parameters) {
    // What the source has weights for keeps them, however they once began.
    if (parameter.initializer.empty() || made.tensors.contains(parameter.name)) continue;
    DLV_ASSIGN(auto bytes, MakeInitialWeights(parameter));
    version.made.push_back({parameter.name, DType::kF32, *parameter.shape, std::move(bytes)});
  }
  return version;
}

Result<std::optional<RunSubject>> RunSubjectOf(Execution& execution, const Value& subject) {
  const Snapshot& snapshot = execution.snapshot();
  RunSubject run;
  if (const auto* version = subject.As<VersionRef>()) {
    if (snapshot.graph_of[version->index] == kNoGraph) {
      execution.without_network.insert(version->index);
      return std::optional<RunSubject>();
    }
    run.version = snapshot.versions.id[version->index];
    run.reference = snapshot.ReferenceOf(version->index);
    return std::optional(std::move(run));
  }
  const auto* made = subject.As<std::shared_ptr<const MadeNetwork>>();
  if (made == nullptr) return std::optional<RunSubject>();
  DLV_ASSIGN(NewVersion version, NewVersionOf(snapshot, **made));
  run.version = version.source;
  run.reference = (*made)->name + " of " + version.source_reference;
  run.made = std::make_shared<const NewVersion>(std::move(version));
  return std::optional(std::move(run));
}

}  // namespace dlv::query
