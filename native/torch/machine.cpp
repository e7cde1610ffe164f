// Threads, seeds and devices.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <malloc.h>
#include <unistd.h>

using namespace graft;

int32_t graft_threads(void) { return at::get_num_threads(); }

void graft_set_threads(int32_t count) { at::set_num_threads(count); }

void graft_set_flush_denormal(int32_t enabled) { at::globalContext().setFlushDenormal(enabled != 0); }

void graft_keep_freed_memory(void)
{
    // Activations of tens of megabytes come and go every step. By default each is mapped and unmapped again, and every page of
    // it faults in anew: a fifth of a training step.
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
    mallopt(M_TOP_PAD, 16 << 20);
}

void graft_trim_memory(void) { malloc_trim(0); }

void graft_exit_process(int32_t code) { _exit(code); }

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
