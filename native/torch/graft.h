/* Graft's C ABI over libtorch: the whole of it.
 *
 * Every operator goes through graft_call, which hands tagged values to libtorch's boxed dispatcher. The other functions cover
 * what no operator does: lifetime and raw data of tensors, autograd's controls, threads, seeds and devices.
 *
 * No C++ exception crosses this line: a function that can fail returns a negative number or NULL, and graft_last_error()
 * then gives the message of the calling thread's last failure. The same source compiles against libtorch 1.13 and 2.x.
 */
#ifndef GRAFT_H
#define GRAFT_H

#include <stdint.h>

#ifdef GRAFT_EXPORTS
#define GRAFT_API __attribute__((visibility("default")))
#else
#define GRAFT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct graft_tensor graft_tensor;     /* one owned reference to a tensor */
typedef struct graft_operator graft_operator; /* lives as long as the process */
typedef struct graft_script graft_script;     /* a TorchScript module */

enum graft_tag {
    GRAFT_NONE = 0,
    GRAFT_TENSOR = 1,        /* pointer: graft_tensor* */
    GRAFT_INT = 2,           /* integer; also dtypes, layouts and memory formats */
    GRAFT_DOUBLE = 3,        /* number */
    GRAFT_BOOL = 4,          /* integer: 0 or 1 */
    GRAFT_STRING = 5,        /* pointer: UTF-8 bytes, count of them */
    GRAFT_INT_LIST = 6,      /* pointer: int64_t[count] */
    GRAFT_DOUBLE_LIST = 7,   /* pointer: double[count] */
    GRAFT_BOOL_LIST = 8,     /* pointer: int64_t[count] */
    GRAFT_TENSOR_LIST = 9,   /* pointer: graft_tensor*[count] */
    GRAFT_OPTIONAL_TENSOR_LIST = 10, /* as TENSOR_LIST, where NULL is "no tensor" */
    GRAFT_DEVICE = 11,       /* integer: type * 256 + index + 1 (index -1: the current one) */
    GRAFT_SCALAR_LIST = 12   /* pointer: double[count], given as a list of Scalar */
};

typedef struct graft_value {
    int32_t tag;
    int32_t count;
    union {
        int64_t integer;
        double number;
        void* pointer;
    };
} graft_value;

/* ---- Errors and versions */
GRAFT_API const char* graft_last_error(void);
GRAFT_API const char* graft_libtorch_version(void);

/* ---- Operators */
/* The operator of that name ("aten::add") and overload ("Tensor", or ""), or NULL. */
GRAFT_API graft_operator* graft_operator_find(const char* name, const char* overload);
/* The schema that libtorch registers, copied into buffer; returns its length. */
GRAFT_API int32_t graft_operator_schema(graft_operator* op, char* buffer, int32_t capacity);
/* Calls op. Arguments left out at the end take the schema's defaults. Returns the number of results, or -1. A tensor result is
 * a new reference; a list result is an array to be freed with graft_free (its tensors are new references). */
GRAFT_API int32_t graft_call(graft_operator* op, const graft_value* arguments, int32_t argument_count, graft_value* results,
                             int32_t result_capacity);
GRAFT_API void graft_free(void* memory);

/* ---- Tensors */
GRAFT_API void graft_tensor_release(graft_tensor* tensor);
GRAFT_API graft_tensor* graft_tensor_share(graft_tensor* tensor); /* another reference to the same tensor */
GRAFT_API void* graft_tensor_data(graft_tensor* tensor);           /* address of the first element, or NULL */
GRAFT_API int64_t graft_tensor_numel(graft_tensor* tensor);
GRAFT_API int32_t graft_tensor_sizes(graft_tensor* tensor, int64_t* sizes, int32_t capacity);     /* returns the rank */
GRAFT_API int32_t graft_tensor_strides(graft_tensor* tensor, int64_t* strides, int32_t capacity); /* returns the rank */
GRAFT_API int32_t graft_tensor_dtype(graft_tensor* tensor);
GRAFT_API int32_t graft_tensor_device(graft_tensor* tensor);       /* as GRAFT_DEVICE */
GRAFT_API int32_t graft_tensor_is_contiguous(graft_tensor* tensor, int32_t memory_format);
GRAFT_API int32_t graft_tensor_is_same(graft_tensor* a, graft_tensor* b);
/* A CPU tensor over memory that the caller keeps alive until released(context) is called (released may be NULL). */
GRAFT_API graft_tensor* graft_tensor_from_memory(void* data, const int64_t* sizes, int32_t rank, int32_t dtype,
                                                 void (*released)(void*), void* context);

/* ---- Autograd */
GRAFT_API int32_t graft_tensor_requires_grad(graft_tensor* tensor);
GRAFT_API int32_t graft_tensor_set_requires_grad(graft_tensor* tensor, int32_t value);
GRAFT_API int32_t graft_tensor_is_leaf(graft_tensor* tensor);
GRAFT_API graft_tensor* graft_tensor_grad(graft_tensor* tensor);   /* NULL where there is none */
GRAFT_API int32_t graft_tensor_set_grad(graft_tensor* tensor, graft_tensor* grad); /* grad may be NULL */
GRAFT_API int32_t graft_backward(graft_tensor* output, graft_tensor* grad_output, int32_t retain_graph);
GRAFT_API int32_t graft_grad_mode(void);
GRAFT_API void graft_set_grad_mode(int32_t enabled);

/* ---- TorchScript */
/* A network with its program, on the CPU. Its parameters and buffers are numbered from 0; shared ones stand once. */
GRAFT_API graft_script* graft_script_load(const char* path);
GRAFT_API void graft_script_release(graft_script* script);
GRAFT_API int32_t graft_script_save(graft_script* script, const char* path);
GRAFT_API graft_tensor* graft_script_forward(graft_script* script, graft_tensor* input); /* fails where it gives no tensor */
/* With keep_statistics, layers that have running statistics stay in evaluation mode. */
GRAFT_API int32_t graft_script_set_mode(graft_script* script, int32_t training, int32_t keep_statistics);
GRAFT_API int32_t graft_script_count(graft_script* script);
GRAFT_API const char* graft_script_name(graft_script* script, int32_t index); /* lives as long as the script */
GRAFT_API int32_t graft_script_is_buffer(graft_script* script, int32_t index);
GRAFT_API graft_tensor* graft_script_get(graft_script* script, int32_t index);
GRAFT_API int32_t graft_script_set(graft_script* script, int32_t index, graft_tensor* value); /* of any shape */
/* A network "body" (shared with the argument) whose output, pooled where it is a map, goes through a linear layer "head". */
GRAFT_API graft_script* graft_script_with_head(graft_script* body, graft_tensor* weight, graft_tensor* bias);

/* ---- The machine */
GRAFT_API int32_t graft_threads(void);
GRAFT_API void graft_set_threads(int32_t count);
GRAFT_API void graft_set_flush_denormal(int32_t enabled);
/* Lets the allocator keep freed memory for the next step instead of handing it back to the system and faulting it in again. */
GRAFT_API void graft_keep_freed_memory(void);
/* Hands what the allocator keeps back to the system. */
GRAFT_API void graft_trim_memory(void);
/* Ends the process at once, without unregistering libtorch's thousands of kernels one by one. Flush your streams before. */
GRAFT_API void graft_exit_process(int32_t code);
GRAFT_API int32_t graft_cuda_device_count(void);
GRAFT_API int32_t graft_manual_seed(uint64_t seed);
GRAFT_API graft_tensor* graft_generator_state(void);               /* of the CPU's default generator, uint8 */
GRAFT_API int32_t graft_set_generator_state(graft_tensor* state);

#ifdef __cplusplus
}
#endif
#endif
