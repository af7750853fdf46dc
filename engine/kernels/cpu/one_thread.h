#pragma once
/// \file
/// oneDNN runs on OpenMP, whose threads wait by spinning: on a busy machine small networks then
/// take ten times as long. Runs use one thread each; several runs may go on at once.

extern "C" {  // of the OpenMP runtime that oneDNN brings; <omp.h> belongs to one compiler
int omp_get_max_threads(void);
void omp_set_num_threads(int count);
}

namespace dlv::kernels {

/// While it lives, OpenMP takes one thread for what this thread calls.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace dlv::kernels
