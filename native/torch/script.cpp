// TorchScript: a network with its program, loaded, run, changed tensor by tensor, and saved.
#include "shim.h"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <unordered_set>

using torch::jit::Module;

struct graft_script {
    struct Slot {
        std::string name; // with its path
        Module owner;
        std::string attribute;
        bool is_buffer;
    };

    explicit graft_script(Module loaded) : module(std::move(loaded))
    {
        std::unordered_set<const void*> seen; // weights that several layers share stand once
        collect(module, "", seen);
    }

    Module module;
    std::vector<Slot> slots;

private:
    void collect(const Module& at, const std::string& prefix, std::unordered_set<const void*>& seen)
    {
        auto add = [&](const std::string& name, const at::Tensor& tensor, bool is_buffer) {
            if (tensor.defined() && seen.insert(tensor.unsafeGetTensorImpl()).second)
                slots.push_back({prefix + name, at, name, is_buffer});
        };
        for (const auto& parameter : at.named_parameters(/*recurse=*/false)) add(parameter.name, parameter.value, false);
        for (const auto& buffer : at.named_buffers(/*recurse=*/false)) add(buffer.name, buffer.value, true);
        for (const auto& child : at.named_children()) collect(child.value, prefix + child.name + ".", seen);
    }
};

using namespace graft;

namespace {

graft_script::Slot& slot(graft_script* script, int32_t index) { return script->slots.at(index); }

void set_mode(Module& at, bool training, bool keep_statistics)
{
    bool has_statistics = at.hasattr("running_mean") && at.attr("running_mean").isTensor();
    if (at.hasattr("training")) at.setattr("training", training && !(has_statistics && keep_statistics));
    for (auto child : at.children()) set_mode(child, training, keep_statistics);
}

} // namespace

graft_script* graft_script_load(const char* path)
{
    return guarded<graft_script*>(nullptr, [&] { return new graft_script(torch::jit::load(path, c10::kCPU)); });
}

void graft_script_release(graft_script* script) { delete script; }

int32_t graft_script_save(graft_script* script, const char* path)
{
    return guarded<int32_t>(-1, [&] {
        script->module.save(path);
        return 0;
    });
}

graft_tensor* graft_script_forward(graft_script* script, graft_tensor* input)
{
    return guarded<graft_tensor*>(nullptr, [&] {
        auto output = script->module.forward({borrow(input)});
        TORCH_CHECK(output.isTensor(), "forward gives a ", output.type()->repr_str(), ", expected a tensor");
        return give(output.toTensor());
    });
}

int32_t graft_script_set_mode(graft_script* script, int32_t training, int32_t keep_statistics)
{
    return guarded<int32_t>(-1, [&] {
        set_mode(script->module, training != 0, keep_statistics != 0);
        return 0;
    });
}

int32_t graft_script_count(graft_script* script) { return static_cast<int32_t>(script->slots.size()); }

const char* graft_script_name(graft_script* script, int32_t index)
{
    return guarded<const char*>(nullptr, [&] { return slot(script, index).name.c_str(); });
}

int32_t graft_script_is_buffer(graft_script* script, int32_t index)
{
    return guarded<int32_t>(-1, [&] { return static_cast<int32_t>(slot(script, index).is_buffer); });
}

graft_tensor* graft_script_get(graft_script* script, int32_t index)
{
    return guarded<graft_tensor*>(nullptr, [&] {
        auto& at = slot(script, index);
        return give(at.owner.attr(at.attribute).toTensor());
    });
}

int32_t graft_script_set(graft_script* script, int32_t index, graft_tensor* value)
{
    return guarded<int32_t>(-1, [&] {
        auto& at = slot(script, index);
        at.owner.setattr(at.attribute, borrow(value));
        return 0;
    });
}

graft_script* graft_script_with_head(graft_script* body, graft_tensor* weight, graft_tensor* bias)
{
    return guarded<graft_script*>(nullptr, [&] {
        Module head("__torch__.graft.Head");
        head.register_parameter("weight", borrow(weight), /*is_buffer=*/false);
        head.register_parameter("bias", borrow(bias), /*is_buffer=*/false);
        head.define("def forward(self, x):\n    return torch.linear(x, self.weight, self.bias)\n");
        Module whole("__torch__.graft.Classifier");
        whole.register_module("body", body->module);
        whole.register_module("head", head);
        whole.define(
            "def forward(self, x):\n"
            "    features = self.body.forward(x)\n"
            "    if features.dim() == 4:\n"
            "        features = features.mean([2, 3])\n"
            "    return self.head.forward(features)\n");
        return new graft_script(whole);
    });
}
