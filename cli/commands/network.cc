#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/graphviz.h"
#include "cli/json_network.h"
#include "cli/network_table.h"
#include "cli/text_file.h"
#include "cli/version_text.h"
#include "dlv/network_text.h"

namespace dlv::cli {
namespace {

class NetworkCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Flag("--text", &text_,
                   "print it in dlv's text form, which commit --graph takes back");
    arguments.Flag("--dot", &dot_, "print it as a digraph for graphviz");
    arguments.Value("--svg", &svg_, "FILE", "draw it with graphviz into FILE (-: stdout)");
  }

  Result<int> Run(Context& context) override {
    if (text_ + dot_ + svg_.has_value() > 1) {
      return Error{ErrorCode::kInvalidArgument,
                   "dlv network: --text, --dot and --svg: give one of them"};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const NetworkReport report, repository->ReadNetwork(*reference_));
    DLV_TRY(Show(context.out(), report));
    for (const std::string& warning : report.warnings) context.out().Warn(Sanitize(warning));
    return kExitOk;
  }

 private:
  Status Show(Output& out, const NetworkReport& report) const {
    if (svg_) {
      DLV_ASSIGN(const std::string drawing, DrawGraph(NetworkDot(report.network)));
      return WriteTextFile(*svg_, drawing);
    }
    if (text_) {
      out.Text(NetworkText(report.network));
    } else if (dot_) {
      out.Text(NetworkDot(report.network));
    } else if (out.json()) {
      out.Text(NetworkDocument(*reference_, report, out.mode()));
    } else if (out.quiet()) {
      for (const NetworkNode& node : report.network.nodes) out.Line(Sanitize(node.name));
    } else {
      ShowNetwork(out, *reference_, report);
      out.Next("dlv network " + ShellWord(*reference_) + " --svg net.svg");
    }
    return Ok();
  }

  std::optional<std::string> reference_, svg_;
  bool text_ = false, dot_ = false;
};

}  // namespace

extern const CommandEntry kNetworkCommand;
const CommandEntry kNetworkCommand = {
    "network",
    "Look",
    "show the network of a version: nodes, shapes, weights",
    "REF [--text|--dot|--svg FILE]",
    "dlv network onnx-lenet\ta row for each node, with the shape that it gives and its weights\n"
    "dlv network onnx-lenet --text > lenet.dlvnet\tto change it and commit it with --graph\n"
    "dlv network onnx-lenet --dot\tfor graphviz\n"
    "dlv network onnx-lenet --json\tall of it, with attributes and how weights were found",
    "The network comes from a file of the version: the one given with commit --graph, one in dlv's "
    "text form (.dlvnet), an ONNX file, a Caffe prototxt, or the graph inside a .caffemodel, in "
    "this order. Nodes are named after their weights where these have a common path. Weights are "
    "found among the version's tensors by name, then by content; docs/network.md says more.\n"
    "\"?\" is a size that is known only when the network runs, as of a batch.",
    Make<NetworkCommand>};

}  // namespace dlv::cli
