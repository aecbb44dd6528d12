// LU factors of I - c J for each lane, where the pattern is the same and nothing is exchanged.
//
// Rows before `dense` are sparse; the block after it is full and done in tiles of 4 x 4, so that
// each number that is loaded is used four times. A factorisation is done for all lanes and kept
// only where it was asked for: the others keep theirs, bit for bit. Each is tested on a vector
// whose solution is known. Where that fails, the lane gets a dense one with pivoting (dense.h).
#pragma once

#include "dense.h"
#include "lanes.h"
#include "rest.h"
#include "task.h"

namespace mtorkin {
namespace {

constexpr int TILE = 4;
// Error of the test solution from where pivoting is needed; more where totals are kept by
// cancellation and Newton's method puts it right.
constexpr double UNSOUND = 1e-6, UNSOUND_AT_REST = 1e-4;

struct Values {
  Block<V> lower, upper, inverse, block;
  Values(std::size_t l, std::size_t u, std::size_t n, std::size_t m)
      : lower(l), upper(u), inverse(n), block(m) {}
};

class Factor {
public:
  explicit Factor(const Tables &t)
      : t(t), n(t.species), dense(t.dense), m(t.species - t.dense), kept(sizes(t)), fresh(sizes(t)),
        work(n), test(n), pivoted(n) {}

  // Factorise I - c J in the lanes of `wanted`; `only`: no other lane is in use.
  void factorise(const V *registers, V c, M wanted, bool only) {
    rows(registers, c);
    tiles();
    if (only)
      swap();
    else
      keep(wanted);
    check(registers, c, wanted);
  }

  void solve(V *x) {
    for (int l = 0; l < lanes; ++l)
      if (pivoted.active(l)) pivoted.take(l, x);
    sweep(x);
    for (int l = 0; l < lanes; ++l)
      if (pivoted.active(l)) pivoted.solve(l, x);
  }

#if LANES == 1
  // Several right-hand sides side by side.
  template <class X> void solve_wide(X *x) {
    if (!pivoted.active(0)) return sweep(x);
    constexpr int width = sizeof(X) / sizeof(double);
    double *all = reinterpret_cast<double *>(x);
    for (int k = 0; k < width; ++k) {
      for (int i = 0; i < n; ++i) test[i] = all[i * width + k];
      pivoted.take(0, test);
      pivoted.solve(0, test);
      for (int i = 0; i < n; ++i) all[i * width + k] = test[i];
    }
  }
#endif

private:
  const Tables &t;
  const int n, dense, m;
  Values kept, fresh;
  Block<V> work, test;
  Pivoted pivoted;

  static Values sizes(const Tables &t) {
    const std::size_t m = t.species - t.dense;
    return Values(t.l_starts[t.species], t.u_starts[t.species], t.species, m * m);
  }

  void rows(const V *__restrict registers, V c) {
    V *__restrict w = work;
    V *__restrict lower = fresh.lower;
    V *__restrict upper = fresh.upper;
    V *__restrict inverse = fresh.inverse;
    for (int i = 0; i < n; ++i) {
      const int l0 = t.l_starts[i], l1 = t.l_starts[i + 1], u0 = t.u_starts[i], u1 = t.u_starts[i + 1];
      for (int z = l0; z < l1; ++z) w[t.l_columns[z]] = V{};
      for (int z = u0; z < u1; ++z) w[t.u_columns[z]] = V{};
      for (int j = dense; i >= dense && j < n; ++j) w[j] = V{};
      w[i] = V{};
      for (int z = t.j_starts[i]; z < t.j_starts[i + 1]; ++z) w[t.j_columns[z]] = -c * registers[t.j_registers[z]];
      w[i] += 1.0;
      for (int z = l0; z < l1; ++z) {
        const int k = t.l_columns[z];
        const V a = w[k] * inverse[k];
        lower[z] = a;
        for (int q = t.u_starts[k]; q < t.u_starts[k + 1]; ++q) w[t.u_columns[q]] -= a * upper[q];
      }
      if (i < dense) {
        inverse[i] = 1.0 / w[i];
        for (int z = u0; z < u1; ++z) upper[z] = w[t.u_columns[z]];
      } else {
        V *row = fresh.block + static_cast<std::size_t>(i - dense) * m;
        for (int j = 0; j < m; ++j) row[j] = w[dense + j];
      }
    }
  }

  void tiles() {
    for (int i = 0; i < m; i += TILE)
      for (int j = 0; j < m; j += TILE) tile(i, j);
  }

  // One tile of the full block: take away what the tiles before it contribute, then eliminate.
  void tile(int row, int column) {
    V *__restrict block = fresh.block;
    V *__restrict inverse = fresh.inverse + dense;
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

  void swap() {
    kept.lower.swap(fresh.lower);
    kept.upper.swap(fresh.upper);
    kept.inverse.swap(fresh.inverse);
    kept.block.swap(fresh.block);
  }

  void keep(M wanted) {
    blend(kept.lower, fresh.lower, t.l_starts[n], wanted);
    blend(kept.upper, fresh.upper, t.u_starts[n], wanted);
    blend(kept.inverse, fresh.inverse, n, wanted);
    blend(kept.block, fresh.block, m * m, wanted);
  }

  static void blend(V *__restrict to, const V *__restrict from, int count, M wanted) {
    for (int i = 0; i < count; ++i) to[i] = wanted ? from[i] : to[i];
  }

  // Solve for a vector of ones.
  void check(const V *registers, V c, M wanted) {
    for (int i = 0; i < n; ++i) {
      V sum = V{};
      for (int z = t.j_starts[i]; z < t.j_starts[i + 1]; ++z) sum += registers[t.j_registers[z]];
      test[i] = 1.0 - c * sum;
    }
    sweep(&test[0]);
    V worst = V{};
    for (int i = 0; i < n; ++i) {
      V off = test[i] - 1.0;
      off = off < 0.0 ? -off : off;
      worst = (off > worst) | (off != off) ? off : worst; // what is not a number stays the worst
    }
    for (int l = 0; l < lanes; ++l) {
      if (!reinterpret_cast<const std::int64_t *>(&wanted)[l]) continue;
      pivoted.drop(l);
      if (!(at(&worst, l) <= (at(&c, l) < LONG ? UNSOUND : UNSOUND_AT_REST))) pivoted.factorise(l, t, registers, at(&c, l));
    }
  }

  template <class X> void sweep(X *__restrict x) const {
    const V *__restrict lower = kept.lower;
    const V *__restrict upper = kept.upper;
    const V *__restrict inverse = kept.inverse;
    const V *__restrict block = kept.block;
    for (int i = 0; i < n; ++i) {
      X sum = x[i], other = X{};
      int z = t.l_starts[i];
      const int end = t.l_starts[i + 1];
      for (; z + 1 < end; z += 2) {
        sum -= lower[z] * x[t.l_columns[z]];
        other -= lower[z + 1] * x[t.l_columns[z + 1]];
      }
      if (z < end) sum -= lower[z] * x[t.l_columns[z]];
      x[i] = sum + other;
    }
    X *__restrict tail = x + dense;
    for (int i = 1; i < m; ++i) tail[i] -= product(block + i * m, tail, 0, i);
    for (int i = m - 1; i >= 0; --i)
      tail[i] = (tail[i] - product(block + i * m, tail, i + 1, m)) * inverse[dense + i];
    for (int i = dense - 1; i >= 0; --i) {
      X sum = x[i], other = X{};
      int z = t.u_starts[i];
      const int end = t.u_starts[i + 1];
      for (; z + 1 < end; z += 2) {
        sum -= upper[z] * x[t.u_columns[z]];
        other -= upper[z + 1] * x[t.u_columns[z + 1]];
      }
      if (z < end) sum -= upper[z] * x[t.u_columns[z]];
      x[i] = (sum + other) * inverse[i];
    }
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
