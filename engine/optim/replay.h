#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace tarn::engine {

/// Drives an optimizer with recorded gradients, in double precision, on one tensor that counts as
/// a hidden matrix: how an implementation is compared with another one's numbers.
///
/// `name` is the registry's, or what the authors' programs are called there: for
/// "polargrad-polar-first-ns" the options `order` and `polar` are set. `course` is {shape, w0,
/// grads: [[…]…], options (those of the registry or the authors' names of them), w1, w5, w20
/// (optional)}, all numbers row-major. Returns {weights: {w1, w5, w20}, difference: {w1, …}}: the
/// weights after so many steps, as far as there are gradients, and the largest difference from
/// those of the course, as a share of the largest of them. `pause` is called before each step.
///
/// Throws Error(usage) for an unknown optimizer or option, Error(badInput) for a course that makes
/// no sense or is larger than 2,048 rows or columns.
nlohmann::json replay(const std::string& name, const nlohmann::json& course,
                      const std::function<void()>& pause);

}  // namespace tarn::engine
