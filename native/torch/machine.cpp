// Threads, seeds and devices.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>

using namespace graft;

int32_t graft_threads(void) { return at::get_num_threads(); }

void graft_set_threads(int32_t count) { at::set_num_threads(count); }

void graft_set_flush_denormal(int32_t enabled) { at::globalContext().setFlushDenormal(enabled != 0); }

int32_t graft_cuda_device_count(void)
{
    return guarded<int32_t>(0, [&] { return static_cast<int32_t>(torch::cuda::device_count()); });
}

int32_t graft_manual_seed(uint64_t seed)
{
    return guarded<int32_t>(-1, [&] {
        at::manual_seed(seed);
        return 0;
    });
}

graft_tensor* graft_generator_state(void)
{
    return guarded<graft_tensor*>(nullptr, [&] { return give(at::detail::getDefaultCPUGenerator().get_state()); });
}

int32_t graft_set_generator_state(graft_tensor* state)
{
    return guarded<int32_t>(-1, [&] {
        auto generator = at::detail::getDefaultCPUGenerator();
        generator.set_state(borrow(state));
        return 0;
    });
}
