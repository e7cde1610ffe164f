// What autograd needs beside the operators: leaves, gradients, backward, grad mode.
#include "shim.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

using namespace graft;

int32_t graft_tensor_requires_grad(graft_tensor* tensor) { return borrow(tensor).requires_grad(); }

int32_t graft_tensor_set_requires_grad(graft_tensor* tensor, int32_t value)
{
    return guarded<int32_t>(-1, [&] {
        borrow(tensor).set_requires_grad(value != 0);
        return 0;
    });
}

int32_t graft_tensor_is_leaf(graft_tensor* tensor) { return borrow(tensor).is_leaf(); }

graft_tensor* graft_tensor_grad(graft_tensor* tensor)
{
    return guarded<graft_tensor*>(nullptr, [&] { return give(borrow(tensor).grad()); });
}

int32_t graft_tensor_set_grad(graft_tensor* tensor, graft_tensor* grad)
{
    return guarded<int32_t>(-1, [&] {
        borrow(tensor).mutable_grad() = grad ? borrow(grad) : at::Tensor();
        return 0;
    });
}

int32_t graft_backward(graft_tensor* output, graft_tensor* grad_output, int32_t retain_graph)
{
    return guarded<int32_t>(-1, [&] {
        torch::autograd::variable_list grads;
        if (grad_output) grads.push_back(borrow(grad_output));
        torch::autograd::backward({borrow(output)}, grads, retain_graph != 0);
        return 0;
    });
}

int32_t graft_grad_mode(void) { return at::GradMode::is_enabled(); }

void graft_set_grad_mode(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }
