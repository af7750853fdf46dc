#pragma once
/// \file
/// A network with everything that networks can hold, for round trips.

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/engine/network/builder.h"

namespace dlv::network {

/// Every kind of everything.
inline Network Everything() {
  Builder body(11);
  body.Output("z", body.Node("inner", "Add", {Builder::Outer("x"), body.Scalar(3)}));
  Builder net;
  net.network().name = "all \"kinds\"";
  net.network().operator_sets = {{"", 13}, {"com.example", 2}};
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 2});
  const auto unknown = net.Input("any", std::nullopt);
  net.network().inputs[1].dtype.reset();
  const auto weight = net.Parameter("w", {2, 2});
  net.network().parameters[0].initializer = "normal(0, 0.02, seed=7)";
  const NetworkConstant half{DType::kF16, {2}, std::vector<std::byte>(4, std::byte{0x3c})};
  const auto node = net.Node(
      "odd\nname\x01", "Custom",
      {x, unknown, weight, net.Constant(half), net.List({}),
       net.Constant(Builder::Reals({std::nanf("7"), -0.0F, 0.1F})), Builder::Absent()},
      {{"a_whole", std::int64_t{-5}},
       {"b_real", 0.1},
       {"c_nan", std::nan("")},
       {"d_infinite", -std::numeric_limits<double>::infinity()},
       {"e_text", std::string("h\xc3\xa9\xff\"\\")},
       {"f_wholes", std::vector<std::int64_t>{1, -1, std::numeric_limits<std::int64_t>::min()}},
       {"g_no_wholes", std::vector<std::int64_t>{}},
       {"h_reals", std::vector<double>{1, 2.5, -0.0}},
       {"i_no_reals", std::vector<double>{}},
       {"j_texts", std::vector<std::string>{"a", ""}},
       {"k_no_texts", std::vector<std::string>{}},
       {"l_constant", Builder::Reals({1.5F, -2})},
       {"m_body", std::make_shared<const Network>(body.Take())}},
      2);
  net.network().nodes[0].domain = "com.example";
  net.network().nodes[0].original_name.clear();
  net.Output("y", Builder::Port(node, 1));
  net.Output("same", x);
  return net.Take();
}

}  // namespace dlv::network
