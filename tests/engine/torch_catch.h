#pragma once

// LibTorch's logging header has a macro CHECK of its own, which ends the process: it has to come
// first and go again before Catch2's.
#include <torch/torch.h>
#undef CHECK
#include <catch2/catch_test_macros.hpp>
