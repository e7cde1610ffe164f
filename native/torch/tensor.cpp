// Lifetime, shape and raw data of tensors.
#include "shim.h"

using namespace graft;

void graft_tensor_release(graft_tensor* tensor) { (void)ImplPtr::reclaim(raw(tensor)); }

graft_tensor* graft_tensor_share(graft_tensor* tensor) { return give(borrow(tensor)); }

void* graft_tensor_data(graft_tensor* tensor)
{
    return guarded<void*>(nullptr, [&] { return borrow(tensor).data_ptr(); });
}

int64_t graft_tensor_numel(graft_tensor* tensor) { return raw(tensor)->numel(); }

int32_t graft_tensor_sizes(graft_tensor* tensor, int64_t* sizes, int32_t capacity)
{
    auto all = raw(tensor)->sizes();
    for (size_t i = 0; i < all.size() && i < static_cast<size_t>(capacity); i++) sizes[i] = all[i];
    return static_cast<int32_t>(all.size());
}

int32_t graft_tensor_strides(graft_tensor* tensor, int64_t* strides, int32_t capacity)
{
    return guarded<int32_t>(-1, [&] {
        auto all = raw(tensor)->strides();
        for (size_t i = 0; i < all.size() && i < static_cast<size_t>(capacity); i++) strides[i] = all[i];
        return static_cast<int32_t>(all.size());
    });
}

int32_t graft_tensor_dtype(graft_tensor* tensor)
{
    return static_cast<int32_t>(c10::typeMetaToScalarType(raw(tensor)->dtype()));
}

int32_t graft_tensor_device(graft_tensor* tensor) { return static_cast<int32_t>(pack(raw(tensor)->device())); }

int32_t graft_tensor_is_contiguous(graft_tensor* tensor, int32_t memory_format)
{
    return guarded<int32_t>(-1, [&] {
        return static_cast<int32_t>(borrow(tensor).is_contiguous(static_cast<c10::MemoryFormat>(memory_format)));
    });
}

int32_t graft_tensor_is_same(graft_tensor* a, graft_tensor* b) { return a == b; }

graft_tensor* graft_tensor_from_memory(void* data, const int64_t* sizes, int32_t rank, int32_t dtype, void (*released)(void*),
                                       void* context)
{
    return guarded<graft_tensor*>(nullptr, [&] {
        auto options = at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype));
        auto shape = at::IntArrayRef(sizes, rank);
        if (!released) return give(at::from_blob(data, shape, options));
        return give(at::from_blob(data, shape, [released, context](void*) { released(context); }, options));
    });
}
