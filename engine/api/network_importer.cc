#include "engine/api/network_importer.h"

#include <utility>

#include "engine/network/encoding.h"
#include "engine/network/normalise.h"
#include "engine/network/text_form.h"

namespace dlv::api {
namespace {

class Importer : public store::NetworkImporter {
 public:
  Result<store::ImportedNetwork> Encode(Network raw) const override {
    DLV_ASSIGN(network::Normalised normalised, network::Normalise(std::move(raw)));
    store::ImportedNetwork imported;
    imported.form = network::Encode(normalised.network);
    imported.id = network::IdOf(imported.form);
    imported.warnings = std::move(normalised.warnings);
    return imported;
  }

  Result<Network> ReadText(std::string_view text) const override { return network::ReadText(text); }
};

}  // namespace

const store::NetworkImporter& EngineImporter() {
  static const Importer importer;
  return importer;
}

}  // namespace dlv::api
