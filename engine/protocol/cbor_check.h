#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace tarn {

/// Why these bytes are not one acceptable CBOR map (RFC 8949, in the subset that decodeMessage
/// names), or nullptr when they are. Takes no memory beyond a fixed stack and never recurses.
const char* cborFault(std::span<const std::byte> cbor);

}  // namespace tarn
