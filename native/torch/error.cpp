#include "shim.h"

#include <torch/version.h>

namespace graft {

static thread_local std::string last_error;

void set_error(const char* message) { last_error = message; }

} // namespace graft

const char* graft_last_error(void) { return graft::last_error.c_str(); }

const char* graft_libtorch_version(void) { return TORCH_VERSION; }
