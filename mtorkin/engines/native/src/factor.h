// LU factors of I - c J for each lane, where the pattern is the same and nothing is exchanged. The
// unknowns are the species and some assignments; in the rows of those c is 1.
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
      : t(t), n(t.unknowns), dense(t.dense), m(n - dense), kept(sizes(t)), fresh(sizes(t)),
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

  // x: the right-hand side of the species, which becomes their solution; that of assignments is 0.
  void solve(V *x) {
    spread(x, &work[0]);
    for (int l = 0; l < lanes; ++l)
      if (pivoted.active(l)) pivoted.take(l, work);
    sweep(&work[0]);
    for (int l = 0; l < lanes; ++l)
      if (pivoted.active(l)) pivoted.solve(l, work);
    collect(&work[0], x);
  }

#if LANES == 1
  // Several right-hand sides side by side. `room` is for as many numbers as there are unknowns.
  template <class X> void solve_wide(X *x, X *room) {
    spread(x, room);
    if (pivoted.active(0))
      for (unsigned k = 0; k < sizeof(X) / sizeof(double); ++k) pivot_one(reinterpret_cast<double *>(room) + k, sizeof(X) / sizeof(double));
    else
      sweep(room);
    collect(room, x);
  }
#endif

private:
  const Tables &t;
  const int n, dense, m;
  Values kept, fresh;
  Block<V> work, test;
  Pivoted pivoted;

  static Values sizes(const Tables &t) {
    const std::size_t m = t.unknowns - t.dense;
    return Values(t.l_starts[t.unknowns], t.u_starts[t.unknowns], t.unknowns, m * m);
  }

  template <class X> void spread(const X *__restrict x, X *__restrict to) const {
    for (int i = 0; i < n; ++i) to[i] = t.species_of[i] < t.species ? x[t.species_of[i]] : X{};
  }

  template <class X> void collect(const X *__restrict from, X *__restrict x) const {
    for (int i = 0; i < n; ++i)
      if (t.species_of[i] < t.species) x[t.species_of[i]] = from[i];
  }

#if LANES == 1
  void pivot_one(double *x, int stride) {
    for (int i = 0; i < n; ++i) test[i] = x[i * stride];
    pivoted.take(0, test);
    pivoted.solve(0, test);
    for (int i = 0; i < n; ++i) x[i * stride] = test[i];
  }
#endif

  // What row i of J is multiplied with.
  V factor_of(int i, V c) const { return t.species_of[i] < t.species ? c : all(1.0); }

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
      const V scale = factor_of(i, c);
      for (int z = t.j_starts[i]; z < t.j_starts[i + 1]; ++z) w[t.j_columns[z]] = -scale * registers[t.j_registers[z]];
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
      test[i] = 1.0 - factor_of(i, c) * sum;
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
