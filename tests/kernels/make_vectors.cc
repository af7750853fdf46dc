// Writes the cases of the kernels' tests to a file, for a machine where the codec is not built:
//
//     make_vectors FILE

#include <cstdio>
#include <utility>
#include <vector>

#include "tests/kernels/case_file.h"
#include "tests/kernels/make_cases.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_vectors FILE\n");
    return 2;
  }
  using namespace dlv::kernels::test;
  Cases cases{MakeCases(true), MakeDeltaCases(true), MakeSignificanceCases(true)};
  std::erase_if(cases.deltas,
                [](const DeltaCase& one) {  // the file is to be carried: half of them do
                  return one.count > 700 && one.count != 4097 && one.count != 131072;
                });
  std::printf("%zu chunks of mode float, %zu deltas, %zu by significance\n", cases.floats.size(),
              cases.deltas.size(), cases.by_significance.size());
  SaveCases(argv[1], std::move(cases));
  return 0;
}
