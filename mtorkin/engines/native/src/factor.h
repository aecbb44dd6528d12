// L D U factors of I - c J for each lane, where the pattern is the same and nothing is exchanged. The
// unknowns are the species and some assignments; in the rows of those c is 1.
//
// What is to be multiplied with what is one flat list of four products each, so that no short loop ends
// where the processor did not expect it: a row is built up in `work`, and `updates` say which places of it
// are lowered by which other place times which entries of U. Rows from `dense` on end in a full block
// (block.h). A factorisation is done for all lanes and stored only where it was asked for: the others keep
// theirs, bit for bit. Each is tested on a vector whose solution is known, which goes along as one more
// column. Where that fails, the lane gets a dense one with pivoting (dense.h).
#pragma once

#include <cstdint>

#include "block.h"
#include "dense.h"
#include "lanes.h"
#include "rest.h"
#include "task.h"

namespace mtorkin {
namespace {

// Error of the test solution from where pivoting is needed. At rest the matrix is nearly singular, where
// pivoting helps little, and Newton's method puts right what a solution is off by: 1e-4 had the model's own
// parameters pivot in every step, for three times the time.
constexpr double UNSOUND = 1e-6, UNSOUND_AT_REST = 1e-2;

// The k-th of four numbers of 16 bits.
inline std::uint64_t place(std::uint64_t four, int k) { return four >> 16 * k & 0xffff; }

class Factor {
public:
  explicit Factor(const Tables &t)
      : t(t), n(t.unknowns), dense(t.dense), lower(t.l_starts[n] + 3), upper(t.u_starts[n] + n + 3), inverse(n),
        block(n - dense), work(n + 2), test(n + 1), pivoted(n) {}

  // Factorise I - c J in the lanes of `wanted`.
  void factorise(const V *registers, V c, M wanted) {
    for (int i = 0; i < n; ++i) row(i, registers, c, wanted);
    block.factorise(wanted);
    check(registers, c, wanted);
  }

  // x, by unknowns and one more that does not count: the right-hand side, which becomes the solution.
  void solve(V *x) {
    for (int l = 0; l < lanes; ++l)
      if (pivoted.active(l)) pivoted.take(l, x);
    sweep(x);
    for (int l = 0; l < lanes; ++l)
      if (pivoted.active(l)) pivoted.solve(l, x);
  }

#if LANES == 1
  // Several right-hand sides side by side, by species, which become their solutions; those of assignments are
  // 0. `room` is for as many numbers as there are unknowns, and one more.
  template <class X> void solve_wide(X *x, X *room) {
    constexpr int width = sizeof(X) / sizeof(double);
    spread(x, room);
    if (pivoted.active(0))
      for (int k = 0; k < width; ++k) pivot_one(reinterpret_cast<double *>(room) + k, width);
    else
      sweep(room);
    collect(room, x);
  }
#endif

private:
  const Tables &t;
  const int n, dense;
  Block<V> lower, upper, inverse;
  TiledBlock block;
  Block<V> work, test;
  Pivoted pivoted;

#if LANES == 1
  template <class X> void spread(const X *__restrict x, X *__restrict to) const {
    for (int i = 0; i < t.species; ++i) to[t.row_of[i]] = x[i];
    for (int k = 0; k < n - t.species; ++k) to[t.kept[k]] = X{};
    to[n] = X{}; // where there are less than four
  }

  template <class X> void collect(const X *__restrict from, X *__restrict x) const {
    for (int i = 0; i < t.species; ++i) x[i] = from[t.row_of[i]];
  }

  void pivot_one(double *x, int stride) {
    for (int i = 0; i < n; ++i) work[i] = x[i * stride];
    pivoted.take(0, work);
    pivoted.solve(0, work);
    for (int i = 0; i < n; ++i) x[i * stride] = work[i];
  }
#endif

  // One row: of I - c J into `work`, then without what is left of the diagonal, then where it is kept.
  // Its last place is the sum of the row: the right-hand side for which all is 1.
  void row(int i, const V *__restrict registers, V c, M wanted) {
    V *__restrict w = work;
    const int below = t.l_starts[i + 1] - t.l_starts[i], last = t.row_sizes[i];
    for (int z = t.blank_starts[i]; z < t.blank_starts[i + 1]; ++z) w[t.blanks[z]] = V{};
    const V scale = t.species_of[i] < t.species ? c : all(1.0);
    V sum = V{};
    for (int z = t.j_starts[i]; z < t.j_starts[i + 1]; ++z) {
      const V a = scale * registers[t.j_registers[z]];
      w[t.j_places[z]] = -a;
      sum += a;
    }
    w[below + (i < dense ? 0 : i - dense)] += 1.0;
    w[last] = 1.0 - sum;
    const V *__restrict u = upper;
    const Four *end = t.updates + t.update_starts[i + 1];
    for (const Four *q = t.updates + t.update_starts[i]; q < end; ++q) {
      const V a = w[q->one];
      const V *__restrict by = u + q->first;
      const std::uint64_t others = q->others;
      for (int k = 0; k < 4; ++k) w[place(others, k)] -= a * by[k];
    }
    store(i, below, last, wanted);
  }

  void store(int i, int below, int last, M wanted) {
    const V *__restrict w = work;
    V *__restrict l = lower + t.l_starts[i];
    const std::int32_t *column = t.l_columns + t.l_starts[i];
    for (int z = 0; z < below; ++z) put(l + z, w[z] * inverse[column[z]], wanted);
    test[i] = w[last];
    if (i >= dense) {
      std::memcpy(static_cast<void *>(block.row(i - dense)), w + below, (n - dense) * sizeof(V));
      return;
    }
    const V one_by = 1.0 / w[below];
    put(inverse + i, one_by, wanted);
    V *__restrict u = upper + t.u_starts[i] + i;
    for (int z = below + 1; z < last; ++z) put(u + z - below - 1, w[z] * one_by, wanted);
    test[i] = w[last] * one_by;
    put(u + last - below - 1, test[i], wanted); // a solution reads it, if times 0
  }

  static void put(V *to, V value, M wanted) { *to = wanted ? value : *to; }

  // What the test vector has become is to be 1 when it is solved for.
  void check(const V *registers, V c, M wanted) {
    V *x = test;
    block.solve(x + dense);
    substitute(t.u_terms, t.u_count, upper, x);
    V worst = V{};
    for (int i = 0; i < n; ++i) {
      V off = x[i] - 1.0;
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
    substitute(t.l_terms, t.l_count, lower, x);
    for (int i = 0; i < dense; ++i) x[i] *= inverse[i];
    block.solve(x + dense);
    substitute(t.u_terms, t.u_count, upper, x);
  }

  template <class X>
  static void substitute(const Four *q, std::int64_t count, const V *__restrict v, X *__restrict x) {
    for (const Four *end = q + count; q < end; ++q) {
      const V *a = v + q->first;
      const std::uint64_t o = q->others;
      const X b = a[0] * x[place(o, 0)] + a[1] * x[place(o, 1)];
      x[q->one] -= b + (a[2] * x[place(o, 2)] + a[3] * x[place(o, 3)]);
    }
  }
};

} // namespace
} // namespace mtorkin
