// The one door: operators by name, called through the boxed dispatcher with tagged values.
#include "shim.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <cstring>
#include <sstream>

struct graft_operator {
    c10::OperatorHandle handle;
    const c10::FunctionSchema& schema;
};

namespace {

using namespace graft;

c10::IValue from_value(const graft_value& value, const c10::TypePtr& expected)
{
    switch (value.tag) {
    case GRAFT_NONE: return c10::IValue();
    case GRAFT_TENSOR: return borrow(static_cast<graft_tensor*>(value.pointer));
    case GRAFT_INT:
        // A whole number where the schema wants a float: 2 is as good as 2.0.
        if (expected->kind() == c10::TypeKind::FloatType) return static_cast<double>(value.integer);
        return value.integer;
    case GRAFT_DOUBLE: return value.number;
    case GRAFT_BOOL: return value.integer != 0;
    case GRAFT_STRING: return std::string(static_cast<const char*>(value.pointer), value.count);
    case GRAFT_INT_LIST: {
        auto* items = static_cast<const int64_t*>(value.pointer);
        c10::List<int64_t> list;
        list.reserve(value.count);
        for (int32_t i = 0; i < value.count; i++) list.push_back(items[i]);
        return list;
    }
    case GRAFT_DOUBLE_LIST: {
        auto* items = static_cast<const double*>(value.pointer);
        c10::List<double> list;
        list.reserve(value.count);
        for (int32_t i = 0; i < value.count; i++) list.push_back(items[i]);
        return list;
    }
    case GRAFT_SCALAR_LIST: {
        auto* items = static_cast<const double*>(value.pointer);
        c10::impl::GenericList list(c10::NumberType::get());
        for (int32_t i = 0; i < value.count; i++) list.push_back(c10::IValue(items[i]));
        return list;
    }
    case GRAFT_BOOL_LIST: {
        auto* items = static_cast<const int64_t*>(value.pointer);
        c10::List<bool> list;
        for (int32_t i = 0; i < value.count; i++) list.push_back(items[i] != 0);
        return list;
    }
    case GRAFT_TENSOR_LIST: {
        auto* items = static_cast<graft_tensor* const*>(value.pointer);
        c10::List<at::Tensor> list;
        list.reserve(value.count);
        for (int32_t i = 0; i < value.count; i++) list.push_back(borrow(items[i]));
        return list;
    }
    case GRAFT_OPTIONAL_TENSOR_LIST: {
        auto* items = static_cast<graft_tensor* const*>(value.pointer);
        c10::List<c10::optional<at::Tensor>> list;
        for (int32_t i = 0; i < value.count; i++)
            list.push_back(items[i] ? c10::optional<at::Tensor>(borrow(items[i])) : c10::optional<at::Tensor>());
        return list;
    }
    case GRAFT_DEVICE: return unpack(value.integer);
    default: TORCH_CHECK(false, "unknown tag ", value.tag);
    }
}

template <typename Item>
Item* allocate(size_t count)
{
    return static_cast<Item*>(std::malloc(sizeof(Item) * (count ? count : 1)));
}

graft_value to_value(c10::IValue&& value)
{
    graft_value out{};
    if (value.isTensor()) {
        auto tensor = std::move(value).toTensor();
        out.tag = tensor.defined() ? GRAFT_TENSOR : GRAFT_NONE;
        out.pointer = give(std::move(tensor));
    } else if (value.isInt()) {
        out.tag = GRAFT_INT;
        out.integer = value.toInt();
    } else if (value.isDouble()) {
        out.tag = GRAFT_DOUBLE;
        out.number = value.toDouble();
    } else if (value.isBool()) {
        out.tag = GRAFT_BOOL;
        out.integer = value.toBool();
    } else if (value.isTensorList()) {
        auto list = value.toTensorVector();
        auto** items = allocate<graft_tensor*>(list.size());
        for (size_t i = 0; i < list.size(); i++) items[i] = give(std::move(list[i]));
        out.tag = GRAFT_TENSOR_LIST;
        out.count = static_cast<int32_t>(list.size());
        out.pointer = items;
    } else if (value.isIntList()) {
        auto list = value.toIntVector();
        auto* items = allocate<int64_t>(list.size());
        std::memcpy(items, list.data(), list.size() * sizeof(int64_t));
        out.tag = GRAFT_INT_LIST;
        out.count = static_cast<int32_t>(list.size());
        out.pointer = items;
    } else {
        TORCH_CHECK(value.isNone(), "a result of type ", value.tagKind(), " is not supported");
    }
    return out;
}

} // namespace

graft_operator* graft_operator_find(const char* name, const char* overload)
{
    return guarded<graft_operator*>(nullptr, [&] {
        auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
        return new graft_operator{handle, handle.schema()};
    });
}

int32_t graft_operator_schema(graft_operator* op, char* buffer, int32_t capacity)
{
    return guarded<int32_t>(-1, [&] {
        std::ostringstream text;
        text << op->schema;
        auto schema = text.str();
        auto length = std::min<size_t>(schema.size(), capacity);
        std::memcpy(buffer, schema.data(), length);
        return static_cast<int32_t>(schema.size());
    });
}

int32_t graft_call(graft_operator* op, const graft_value* arguments, int32_t argument_count, graft_value* results,
                   int32_t result_capacity)
{
    return guarded<int32_t>(-1, [&] {
        const auto& formal = op->schema.arguments();
        TORCH_CHECK(argument_count <= static_cast<int32_t>(formal.size()), "expected at most ", formal.size(),
                    " arguments, came ", argument_count);
        torch::jit::Stack stack;
        stack.reserve(formal.size());
        for (int32_t i = 0; i < argument_count; i++) stack.push_back(from_value(arguments[i], formal[i].type()));
        for (size_t i = argument_count; i < formal.size(); i++) {
            TORCH_CHECK(formal[i].default_value().has_value(), "argument ", formal[i].name(), " is missing");
            stack.push_back(*formal[i].default_value());
        }
        op->handle.callBoxed(stack);
        auto count = static_cast<int32_t>(stack.size());
        TORCH_CHECK(count <= result_capacity, count, " results for ", result_capacity, " places");
        for (int32_t i = 0; i < count; i++) results[i] = to_value(std::move(stack[i]));
        return count;
    });
}

void graft_free(void* memory) { std::free(memory); }
