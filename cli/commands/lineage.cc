#include <algorithm>
#include <set>
#include <unordered_map>

#include "cli/block_chart.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_lineage.h"
#include "cli/lineage_lines.h"
#include "cli/lineage_view.h"
#include "cli/plots/lineage_plot.h"
#include "cli/suggest.h"
#include "cli/text_file.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

Result<Relation> ParseRelation(const std::string& name) {
  if (const auto relation = RelationFromName(name)) return *relation;
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(Relation::kAdapter); ++i)
    names.emplace_back(NameOf(static_cast<Relation>(i)));
  Error error{ErrorCode::kInvalidArgument, "--relation: no relation \"" + name + "\"",
              DidYouMean(Nearest(name, names))};
  if (error.hint.empty()) error.hint = "there are: " + JoinNames(names);
  return error;
}

/// "finetune of base:v1"; "merge of a:v1, b:v2"; "?" behind a parent that was inferred.
std::string EdgesText(const std::vector<LineageEdge>& edges) {
  std::string text;
  for (const LineageEdge& edge : edges) {
    text += text.empty() ? std::string(NameOf(edge.relation)) + " of " : ", ";
    text += Sanitize(edge.parent.reference) + (edge.inferred ? "?" : "");
  }
  return text;
}

class LineageCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_);
    arguments.Value("--metric", &metric_, "NAME",
                    "this metric of each version, and along the line");
    arguments.Flag("--ancestors", &ancestors_, "only what it came from");
    arguments.Flag("--descendants", &descendants_, "only what came from it");
    arguments.Values("--relation", &relations_, "NAME",
                     "only edges of this kind (finetune, prune, ...); may be repeated");
    arguments.Number("--depth", &depth_, "N", "at most N edges away");
    arguments.Value("--path", &path_, "REF", "one shortest way from REF to the other REF");
    arguments.Value("--common", &common_, "REF", "the lowest common ancestors of both");
    arguments.Flag("--dot", &dot_, "DOT, for graphviz");
    arguments.Flag("--svg", &svg_, "a drawing");
    arguments.Value("-o,--output", &output_, "FILE", "where DOT or drawing go; \"-\" is stdout");
  }

  Result<int> Run(Context& context) override {
    DLV_TRY(CheckOptions());
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const std::unique_ptr<Lineage> lineage, Lineage::Open(*repository));
    if (path_ || common_) return ShowVersions(context, *lineage);
    DLV_ASSIGN(const LineageWanted wanted, Wanted());
    if (dot_) {
      DLV_ASSIGN(const std::string text, lineage->Dot(wanted.reference));
      return Write(context.out(), text);
    }
    DLV_ASSIGN(const LineageView view, ViewLineage(*repository, *lineage, wanted));
    Output& out = context.out();
    if (svg_) return Draw(out, view);
    if (out.json()) {
      out.Text(LineageDocument(view, out.mode()));
    } else if (out.quiet()) {
      for (const LineageItem& item : view.items) out.Line(Sanitize(item.version.reference));
    } else {
      Show(context, view);
    }
    return kExitOk;
  }

 private:
  Status CheckOptions() const {
    const auto refuse = [](const std::string& what) {
      return Error{ErrorCode::kInvalidArgument, what};
    };
    if (dot_ && svg_) return refuse("--dot and --svg: want one of them");
    if (output_ && !dot_ && !svg_) return refuse("--output: want --dot or --svg with it");
    const bool restricts = ancestors_ || descendants_ || depth_ || !relations_.empty();
    if (dot_ && restricts) return refuse("--dot draws all edges around a version: want no filter");
    if (!reference_ && (ancestors_ || descendants_ || depth_ || path_ || common_))
      return refuse("REF is missing");
    if (path_ && common_) return refuse("--path and --common: want one of them");
    if ((path_ || common_) && (dot_ || svg_ || metric_ || restricts))
      return refuse("--path and --common take no other option of lineage");
    return Ok();
  }

  Result<LineageWanted> Wanted() const {
    LineageWanted wanted;
    wanted.reference = reference_.value_or("");
    wanted.metric = metric_.value_or("");
    if (ancestors_ != descendants_) {
      wanted.ancestors = ancestors_;
      wanted.descendants = descendants_;
    }
    wanted.filter.max_depth = static_cast<std::size_t>(depth_.value_or(0));
    for (const std::string& name : relations_) {
      DLV_ASSIGN(const Relation relation, ParseRelation(name));
      wanted.filter.relations.push_back(relation);
    }
    return wanted;
  }

  Result<int> ShowVersions(Context& context, const Lineage& lineage) const {
    Output& out = context.out();
    std::vector<LineageVersion> versions;
    if (path_) {
      DLV_ASSIGN(versions, lineage.Path(*reference_, *path_));
    } else {
      DLV_ASSIGN(versions, lineage.LowestCommonAncestors(*reference_, *common_));
    }
    if (out.json()) {
      out.Text(LineageVersionsDocument(path_ ? "path" : "common", versions, out.mode()));
    } else if (versions.empty() && out.human()) {
      out.Line(path_ ? "No way leads from one to the other." : "They have no common ancestor.");
    }
    if (!out.json()) {
      for (const LineageVersion& version : versions) out.Line(Sanitize(version.reference));
    }
    return versions.empty() ? kExitNo : kExitOk;
  }

  /// Says where the text is now, unless it is the output.
  Result<int> Write(Output& out, const std::string& text) const {
    const std::string path = output_.value_or("-");
    DLV_TRY(WriteTextFile(path, text));
    if (path != "-" && !out.quiet() && !out.json()) out.Line("written to " + Sanitize(path));
    return kExitOk;
  }

  Result<int> Draw(Output& out, const LineageView& view) const {
    std::vector<VersionSummary> versions;
    for (const LineageItem& item : view.items) {
      if (item.version.present) versions.push_back(item.summary);
    }
    const std::string title = "Lineage" + (view.focus.empty() ? "" : " of " + Sanitize(view.focus));
    return Write(out, plots::DrawLineage(title, versions).Finish());
  }

  static std::vector<std::string> DrawingOf(const LineageView& view, Glyphs glyphs) {
    std::unordered_map<VersionId, std::size_t> places;
    for (std::size_t i = 0; i < view.items.size(); ++i) places.emplace(view.items[i].version.id, i);
    std::vector<LineagePoint> points;
    for (const LineageItem& item : view.items) {
      points.push_back({{}, !item.version.present});
      for (const LineageEdge& edge : item.parents)
        points.back().parents.push_back(places.at(edge.parent.id));
    }
    return DrawLineageLines(points, glyphs);
  }

  void Show(Context& context, const LineageView& view) const {
    Output& out = context.out();
    if (view.items.empty()) {
      out.Line("No versions yet.");
      return out.Next("dlv commit -n NAME FILES...");
    }
    Table table({{"", Align::kLeft, 0, 3},
                 {"VERSION", Align::kLeft, 0, 16, Cut::kMiddle},
                 {Sanitize(view.metric), Align::kRight},
                 {"FROM", Align::kLeft, 1, 14, Cut::kMiddle},
                 {"WHEN", Align::kRight, 2},
                 {"MESSAGE", Align::kLeft, 3, 12}});
    const std::vector<std::string> drawing = DrawingOf(view, out.terminal().glyphs);
    for (std::size_t i = 0; i < view.items.size(); ++i)
      AddRow(table, view, view.items[i], drawing[i], context.now());
    out.Print(table);
    if (!view.line.empty()) ShowLine(out, view);
    if (view.focus.empty()) return;
    out.Next(view.metric.empty() ? "dlv blame " + ShellWord(view.focus)
                                 : "dlv plot curves " + ShellWord(view.focus));
  }

  static void AddRow(Table& table, const LineageView& view, const LineageItem& item,
                     const std::string& drawing, std::int64_t now) {
    std::string name = item.version.reference;
    if (!item.summary.aliases.empty()) name += " (" + JoinNames(item.summary.aliases) + ")";
    const bool focus = item.version.reference == view.focus;
    table.AddRow(
        {drawing, name, item.value ? HumanNumber(*item.value, 4) : "", EdgesText(item.parents),
         item.version.present ? Age(item.version.created, now) : "",
         item.version.present ? SubjectOf(item.summary.message) : "not in this repository"},
        {Paint::kDim,
         focus                  ? Paint::kCyan
         : item.version.present ? Paint::kBold
                                : Paint::kDim,
         Paint::kGreen, Paint::kDim, Paint::kDim});
  }

  /// "val_acc along lenet:v1 .. lenet:v3   0.91 -> 0.915  _~#  least 0.91 (lenet:v1), ..."
  static void ShowLine(Output& out, const LineageView& view) {
    std::vector<double> values;
    const LineageMetric *least = nullptr, *most = nullptr;
    for (const LineageMetric& point : view.line) {
      if (!point.value) continue;
      values.push_back(*point.value);
      if (least == nullptr || *point.value < *least->value) least = &point;
      if (most == nullptr || *point.value > *most->value) most = &point;
    }
    if (values.size() < 2) return;
    const std::string numbers = values.size() <= 8 ? NumbersText(values)
                                                   : HumanNumber(values.front(), 4) + " .. " +
                                                         HumanNumber(values.back(), 4);
    out.Field(Elide(Sanitize(view.metric), 10),
              numbers + "  " + Sparkline(values, 40, out.terminal().glyphs) + "  least " +
                  HumanNumber(*least->value, 4) + " in " + Sanitize(least->version.reference) +
                  ", most " + HumanNumber(*most->value, 4) + " in " +
                  Sanitize(most->version.reference));
  }

  static std::string NumbersText(const std::vector<double>& values) {
    std::string text;
    for (const double value : values) text += (text.empty() ? "" : " ") + HumanNumber(value, 4);
    return text;
  }

  std::optional<std::string> reference_, metric_, path_, common_, output_;
  std::vector<std::string> relations_;
  std::optional<std::uint64_t> depth_;
  bool ancestors_ = false, descendants_ = false, dot_ = false, svg_ = false;
};

}  // namespace

extern const CommandEntry kLineageCommand;
const CommandEntry kLineageCommand = {
    "lineage",
    "Look",
    "show what a version came from and what came from it",
    "[REF] [--metric NAME] [--dot|--svg] [-o FILE]",
    "dlv lineage lenet\tancestors and descendants\n"
    "dlv lineage lenet --metric val_acc\ta metric along the line\n"
    "dlv lineage birds --ancestors --relation finetune\tonly fine-tuning\n"
    "dlv lineage birds --common resnet18:v1\twhere two lines meet\n"
    "dlv lineage lenet --svg -o lineage.svg\ta drawing",
    "Newest first; a line leads from each version down to its parents. Versions that are parents "
    "but "
    "not in this repository are shown by their id. The metric is the last value of each version, "
    "and its curve that along first parents. --path and --common end with status 1 where there is "
    "none.",
    Make<LineageCommand>};

}  // namespace dlv::cli
