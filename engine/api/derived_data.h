#pragma once
/// \file
/// The store's derived data, as progressive runs want it.

#include "engine/progressive/level_source.h"
#include "storage/store/derived_store.h"

namespace dlv::api {

class RepositoryDerived : public progressive::DerivedData {
 public:
  explicit RepositoryDerived(store::Store& store) : derived_(store) {}

  std::optional<std::vector<double>> Find(std::string_view key) override {
    return derived_.Find(key);
  }
  Status Put(std::string_view key, const std::vector<double>& values) override {
    return derived_.Put(key, values);
  }

 private:
  store::DerivedStore derived_;
};

}  // namespace dlv::api
