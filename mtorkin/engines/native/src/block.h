// The last rows of a factorisation where they are nearly full: a dense block in tiles of 4 x 4, so
// that each number that is loaded is used four times.
#pragma once

#include "lanes.h"

namespace mtorkin {
namespace {

constexpr int TILE = 4;

class TiledBlock {
public:
  explicit TiledBlock(int m)
      : m(m), kept(static_cast<std::size_t>(m) * m), fresh(static_cast<std::size_t>(m) * m), inverse(m), pivots(m) {}

  // Where a row goes before `factorise`.
  V *row(int i) { return fresh + static_cast<std::size_t>(i) * m; }

  // Factorise for all lanes; the others than `wanted` keep what they had.
  void factorise(M wanted) {
    for (int i = 0; i < m; i += TILE)
      for (int j = 0; j < m; j += TILE) tile(i, j);
    for (int i = 0; i < m * m; ++i) kept[i] = wanted ? fresh[i] : kept[i];
    for (int i = 0; i < m; ++i) inverse[i] = wanted ? pivots[i] : inverse[i];
  }

  template <class X> void solve(X *__restrict x) const {
    for (int i = 1; i < m; ++i) x[i] -= product(kept + i * m, x, 0, i);
    for (int i = m - 1; i >= 0; --i) x[i] = (x[i] - product(kept + i * m, x, i + 1, m)) * inverse[i];
  }

private:
  const int m;
  Block<V> kept, fresh, inverse, pivots;

  // One tile: take away what the tiles before it contribute, then eliminate.
  void tile(int row, int column) {
    V *__restrict block = fresh;
    V *__restrict inverse = pivots;
    V a[TILE][TILE];
    for (int r = 0; r < TILE; ++r)
      for (int c = 0; c < TILE; ++c) a[r][c] = block[(row + r) * m + column + c];
    const int before = row < column ? row : column;
    for (int k = 0; k < before; ++k)
#pragma GCC unroll 4
      for (int r = 0; r < TILE; ++r) {
        const V x = block[(row + r) * m + k];
        for (int c = 0; c < TILE; ++c) a[r][c] -= x * block[k * m + column + c];
      }
    for (int k = 0; k < TILE; ++k) {
      if (row == column) inverse[row + k] = 1.0 / a[k][k];
      for (int r = row > column ? 0 : k + 1; r < TILE; ++r) {
        if (row < column) {
          const V x = block[(row + r) * m + row + k];
          for (int c = 0; c < TILE; ++c) a[r][c] -= x * a[k][c];
        } else {
          a[r][k] *= inverse[column + k];
          for (int c = k + 1; c < TILE; ++c)
            a[r][c] -= a[r][k] * (row == column ? a[k][c] : block[(column + k) * m + column + c]);
        }
      }
    }
    for (int r = 0; r < TILE; ++r)
      for (int c = 0; c < TILE; ++c) block[(row + r) * m + column + c] = a[r][c];
  }

  template <class X> static X product(const V *__restrict row, const X *__restrict x, int from, int to) {
    X a = X{}, b = X{};
    int k = from;
    for (; k + 1 < to; k += 2) {
      a += row[k] * x[k];
      b += row[k + 1] * x[k + 1];
    }
    if (k < to) a += row[k] * x[k];
    return a + b;
  }
};

} // namespace
} // namespace mtorkin
