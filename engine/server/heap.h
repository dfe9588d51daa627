#pragma once

namespace tarn::engine {

/// Makes the process keep the memory that it frees, for the next tensors. A Hessian-vector product
/// allocates and frees the same activations again and again; given back to the system each time,
/// they have to be cleared and mapped anew each time. To be called before any thread is started. It
/// changes glibc's allocator and does nothing with others.
void keepFreedMemory();

}  // namespace tarn::engine
