// What the shim's files share: handles, the last error, and the guard that turns exceptions into it.
#pragma once

#include <ATen/ATen.h>
#include <string>

#include "graft.h"

namespace graft {

using Impl = c10::TensorImpl;
using ImplPtr = c10::intrusive_ptr<Impl, c10::UndefinedTensorImpl>;

/// A borrowed handle as a tensor that holds its own reference.
inline at::Tensor borrow(graft_tensor* handle)
{
    auto* impl = reinterpret_cast<Impl*>(handle);
    return at::Tensor(ImplPtr::reclaim_copy(impl));
}

/// A tensor as a handle that the caller owns; NULL for an undefined one.
inline graft_tensor* give(at::Tensor tensor)
{
    if (!tensor.defined()) return nullptr;
    return reinterpret_cast<graft_tensor*>(tensor.unsafeReleaseTensorImpl());
}

inline Impl* raw(graft_tensor* handle) { return reinterpret_cast<Impl*>(handle); }

void set_error(const char* message);

template <typename Result, typename Body>
Result guarded(Result on_failure, Body&& body)
{
    try {
        return body();
    } catch (const c10::Error& error) {
        set_error(error.what_without_backtrace());
    } catch (const std::exception& error) {
        set_error(error.what());
    } catch (...) {
        set_error("unknown native error");
    }
    return on_failure;
}

inline int64_t pack(c10::Device device) { return static_cast<int64_t>(device.type()) * 256 + device.index() + 1; }

inline c10::Device unpack(int64_t packed)
{
    return c10::Device(static_cast<c10::DeviceType>(packed / 256), static_cast<c10::DeviceIndex>(packed % 256 - 1));
}

} // namespace graft
