#pragma once

#include <string>

namespace tarn::test {

/// Behaves as something that is no proper engine, from the first byte on: `garbage` never greets,
/// `old-version` greets with another version's magic, `old-hello` with another version in its
/// hello, `mute` says nothing, `dies` leaves with status 3 and a last word, `hostile:SEED` greets
/// and then sends mutated frames. Returns the exit status.
int misbehave(const std::string& how);

}  // namespace tarn::test
