#include "engine/landscape/winograd_kernel.h"

// No header with inline functions is included: they would be compiled for processors of this file's
// options, and a linker may take them for the whole program.

namespace tarn::engine {
namespace {

// Eight neighbouring channels.
using Eight [[gnu::vector_size(32)]] = float;
using Unaligned [[gnu::vector_size(32), gnu::aligned(4), gnu::may_alias]] = float;

constexpr std::int64_t lanes = 8;
constexpr std::int64_t rows = 6;  // of a product's block, beside winogradLane columns
constexpr std::int64_t mostTiles = 96;
constexpr std::int64_t cacheLine = 16;
constexpr std::int64_t cacheFloats = 48L * 1024;  // transformed tiles and products of a block

template <typename Value>
Value load(const float* from);
template <>
Eight load<Eight>(const float* from) {
  return *reinterpret_cast<const Unaligned*>(from);
}
template <>
float load<float>(const float* from) {
  return *from;
}

void store(float* to, Eight value) {
  *reinterpret_cast<Unaligned*>(to) = value;
}
void store(float* to, float value) {
  *to = value;
}

std::int64_t roundedUp(std::int64_t value, std::int64_t unit) {
  return (value + unit - 1) / unit * unit;
}

/// Where a block of tiles keeps what. One position of all its tiles lies behind the other, a cache
/// line apart from where they would share the cache's sets.
struct Block {
  explicit Block(const WinogradShape& shape)
      : inputs(shape.inputs), outputs(roundedUp(shape.outputs, winogradLane)) {
    const auto fit = cacheFloats / (winogradPositions * (inputs + outputs)) / rows * rows;
    tiles = fit < rows ? rows : (fit > mostTiles ? mostTiles : fit);
  }

  std::int64_t inputs;
  std::int64_t outputs;  ///< rounded up
  std::int64_t tiles = 0;

  std::int64_t inputStride() const { return tiles * inputs + cacheLine; }
  std::int64_t productStride() const { return tiles * outputs + cacheLine; }
};

/// A tile of the output's 2×2 pixels, and the input's 4×4 that it needs. One after the other.
struct Tile {
  std::int64_t image = 0;
  std::int64_t row = 0;     ///< of its first output
  std::int64_t column = 0;  ///< of its first output

  void advance(const WinogradShape& shape) {
    column += 2;
    if (column >= shape.outputWidth()) {
      column = 0;
      row += 2;
    }
    if (row >= shape.outputHeight()) {
      row = 0;
      ++image;
    }
  }
};

std::int64_t tilesOf(const WinogradShape& shape) {
  return shape.images * ((shape.outputHeight() + 1) / 2) * ((shape.outputWidth() + 1) / 2);
}

/// The four sums of BᵀdB, along either side of a tile.
template <typename Value>
struct Sums {
  Value s0, s1, s2, s3;
};

template <typename Value>
Sums<Value> inputSums(Value d0, Value d1, Value d2, Value d3) {
  return {d0 - d2, d1 + d2, d2 - d1, d1 - d3};
}

template <typename Value>
void storeRow(float* to, std::int64_t stride, const Sums<Value>& row) {
  store(to, row.s0);
  store(to + stride, row.s1);
  store(to + 2 * stride, row.s2);
  store(to + 3 * stride, row.s3);
}

/// BᵀdB of some channels: position p of the result is written to out + p·stride. Pixels are read
/// twice, so that a row of the result fits into registers.
template <typename Value>
void transformInput(const float* const* pixels, std::int64_t channel, float* out,
                    std::int64_t stride) {
  const auto pixel = [&](int i, int j) { return load<Value>(pixels[4 * i + j] + channel); };
  const auto write = [&](std::int64_t i, const auto& half) {
    storeRow(out + 4 * i * stride + channel, stride,
             inputSums<Value>(half(0), half(1), half(2), half(3)));
  };
  write(0, [&](int j) { return pixel(0, j) - pixel(2, j); });
  write(1, [&](int j) { return pixel(1, j) + pixel(2, j); });
  write(2, [&](int j) { return pixel(2, j) - pixel(1, j); });
  write(3, [&](int j) { return pixel(1, j) - pixel(3, j); });
}

void transformTile(const WinogradShape& shape, const Tile& tile, const float* x, const float* zeros,
                   float* out, std::int64_t stride) {
  const auto top = tile.row - shape.padding;
  const auto left = tile.column - shape.padding;
  const float* pixels[winogradPositions];
  for (std::int64_t i = 0; i < 4; ++i) {
    const float* line = x + (tile.image * shape.height + top + i) * shape.width * shape.inputs;
    const bool inside = top + i >= 0 && top + i < shape.height;
    for (std::int64_t j = 0; j < 4; ++j) {
      const bool there = inside && left + j >= 0 && left + j < shape.width;
      pixels[4 * i + j] = there ? line + (left + j) * shape.inputs : zeros;
    }
  }
  std::int64_t channel = 0;
  for (; channel + lanes <= shape.inputs; channel += lanes) {
    transformInput<Eight>(pixels, channel, out, stride);
  }
  for (; channel < shape.inputs; ++channel) {
    transformInput<float>(pixels, channel, out, stride);
  }
}

/// product (rows × winogradLane) = tiles (rows × inputs) · filters (inputs × winogradLane).
void multiply(const float* tiles, const float* filters, float* product, std::int64_t inputs,
              std::int64_t outputs) {
  Eight sum[rows][2] = {};
  for (std::int64_t c = 0; c < inputs; ++c) {
    const auto left = load<Eight>(filters + c * outputs);
    const auto right = load<Eight>(filters + c * outputs + lanes);
#pragma GCC unroll 6
    for (std::int64_t i = 0; i < rows; ++i) {
      const float tile = tiles[i * inputs + c];
      sum[i][0] += tile * left;
      sum[i][1] += tile * right;
    }
  }
#pragma GCC unroll 6
  for (std::int64_t i = 0; i < rows; ++i) {
    store(product + i * outputs, sum[i][0]);
    store(product + i * outputs + lanes, sum[i][1]);
  }
}

/// What becomes of the sums before they are written.
struct Epilogue {
  const float* bias;
  const float* other;
  bool relu;
};

/// Where the pixels of a tile are in the output; less than 0: nowhere.
struct Places {
  std::int64_t at[2][2];

  Places(const WinogradShape& shape, const Tile& tile) {
    const auto height = shape.outputHeight();
    const auto width = shape.outputWidth();
    const auto first = ((tile.image * height + tile.row) * width + tile.column) * shape.outputs;
    const bool right = tile.column + 1 < width;
    const bool below = tile.row + 1 < height;
    at[0][0] = first;
    at[0][1] = right ? first + shape.outputs : -1;
    at[1][0] = below ? first + width * shape.outputs : -1;
    at[1][1] = right && below ? first + (width + 1) * shape.outputs : -1;
  }
};

/// AᵀmA of some channels, finished, for the pixels of the tile that there are.
template <typename Value>
void transformOutput(const Places& places, const float* product, std::int64_t stride,
                     std::int64_t channel, const Epilogue& end, float* y) {
  const Value bias = end.bias != nullptr ? load<Value>(end.bias + channel) : Value{};
  const auto at = [&](int i, int j) {
    return load<Value>(product + (4 * i + j) * stride + channel);
  };
  const auto write = [&](std::int64_t place, Value value) {
    if (place < 0) {
      return;
    }
    value += bias;
    if (end.other != nullptr) {
      value += load<Value>(end.other + place + channel);
    }
    if (end.relu) {
      value = value < 0 ? Value{} : value;  // what is no number stays none
    }
    store(y + place + channel, value);
  };
  const auto writeRow = [&](const std::int64_t* row, const auto& half) {
    const Value h0 = half(0);
    const Value h1 = half(1);
    const Value h2 = half(2);
    const Value h3 = half(3);
    write(row[0], h0 + h1 + h2);
    write(row[1], h1 - h2 - h3);
  };
  writeRow(places.at[0], [&](int j) { return at(0, j) + at(1, j) + at(2, j); });
  writeRow(places.at[1], [&](int j) { return at(1, j) - at(2, j) - at(3, j); });
}

void finishTile(const WinogradShape& shape, const Tile& tile, const float* product,
                std::int64_t stride, const Epilogue& end, float* y) {
  const Places places(shape, tile);
  std::int64_t channel = 0;
  for (; channel + lanes <= shape.outputs; channel += lanes) {
    transformOutput<Eight>(places, product, stride, channel, end, y);
  }
  for (; channel < shape.outputs; ++channel) {
    transformOutput<float>(places, product, stride, channel, end, y);
  }
}

}  // namespace

std::int64_t winogradScratch(const WinogradShape& shape) {
  const Block block(shape);
  return block.inputs + winogradPositions * (block.inputStride() + block.productStride());
}

void winogradConvolve(const WinogradShape& shape, const float* x, const float* filters,
                      const float* bias, const float* other, bool relu, float* scratch, float* y) {
  const Block block(shape);
  const auto inputStride = block.inputStride();
  const auto productStride = block.productStride();
  const float* zeros = scratch;
  float* tiles = scratch + block.inputs;
  float* products = tiles + winogradPositions * inputStride;
  const Epilogue end{bias, other, relu};
  const auto all = tilesOf(shape);
  Tile tile;
  for (std::int64_t first = 0; first < all; first += block.tiles) {
    const auto count = all - first < block.tiles ? all - first : block.tiles;
    Tile next = tile;
    for (std::int64_t i = 0; i < count; ++i, next.advance(shape)) {
      transformTile(shape, next, x, zeros, tiles + i * block.inputs, inputStride);
    }
    for (std::int64_t p = 0; p < winogradPositions; ++p) {
      for (std::int64_t k = 0; k < block.outputs; k += winogradLane) {
        for (std::int64_t i = 0; i < count; i += rows) {
          multiply(tiles + p * inputStride + i * block.inputs,
                   filters + p * block.inputs * block.outputs + k,
                   products + p * productStride + i * block.outputs + k, block.inputs,
                   block.outputs);
        }
      }
    }
    for (std::int64_t i = 0; i < count; ++i, tile.advance(shape)) {
      finishTile(shape, tile, products + i * block.outputs, productStride, end, y);
    }
  }
}

}  // namespace tarn::engine
