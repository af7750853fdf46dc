// Writes the cases of the kernels' tests to a file, for a machine where the codec is not built:
//
//     make_vectors FILE

#include <cstdio>

#include "tests/kernels/make_cases.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_vectors FILE\n");
    return 2;
  }
  const auto cases = dlv::kernels::test::MakeCases(true);
  dlv::kernels::test::SaveCases(argv[1], cases);
  std::printf("%zu cases\n", cases.size());
  return 0;
}
