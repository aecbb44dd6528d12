// The fall-back: one lane's I - c J as a full matrix, factorised with row exchanges.
#pragma once

#include <utility>
#include <vector>

#include "lanes.h"
#include "task.h"

namespace mtorkin {
namespace {

class Pivoted {
public:
  explicit Pivoted(int n) : n(n) {}

  bool active(int lane) const { return on[lane]; }
  void drop(int lane) { on[lane] = false; }

  void factorise(int lane, const Tables &t, const V *registers, double c) {
    std::vector<double> &a = matrix[lane];
    std::vector<int> &p = exchange[lane];
    a.assign(static_cast<std::size_t>(n) * n, 0.0);
    p.assign(n, 0);
    held.resize(static_cast<std::size_t>(n) * lanes);
    for (int i = 0; i < n; ++i) {
      const double scale = t.species_of[i] < t.species ? c : 1.0;
      a[i * n + i] = 1.0;
      for (int z = t.j_starts[i]; z < t.j_starts[i + 1]; ++z)
        a[i * n + t.j_columns[z]] -= scale * at(registers + t.j_registers[z], lane);
    }
    for (int k = 0; k < n; ++k) {
      int best = k;
      for (int i = k + 1; i < n; ++i)
        if (std::fabs(a[i * n + k]) > std::fabs(a[best * n + k])) best = i;
      p[k] = best;
      if (best != k)
        for (int j = 0; j < n; ++j) std::swap(a[k * n + j], a[best * n + j]);
      for (int i = k + 1; i < n; ++i) {
        const double x = a[i * n + k] / a[k * n + k];
        a[i * n + k] = x;
        if (x != 0.0)
          for (int j = k + 1; j < n; ++j) a[i * n + j] -= x * a[k * n + j];
      }
    }
    on[lane] = true;
  }

  // Remember a lane's right-hand side, which the other solver is about to overwrite.
  void take(int lane, const V *x) {
    for (int i = 0; i < n; ++i) held[lane * n + i] = at(x + i, lane);
  }

  void solve(int lane, V *x) {
    const std::vector<double> &a = matrix[lane];
    double *b = &held[lane * n];
    for (int k = 0; k < n; ++k) std::swap(b[k], b[exchange[lane][k]]); // whole rows were exchanged
    for (int k = 0; k < n; ++k)
      for (int i = k + 1; i < n; ++i) b[i] -= a[i * n + k] * b[k];
    for (int i = n - 1; i >= 0; --i) {
      for (int j = i + 1; j < n; ++j) b[i] -= a[i * n + j] * b[j];
      b[i] /= a[i * n + i];
      at(x + i, lane) = b[i];
    }
  }

private:
  const int n;
  bool on[lanes] = {};
  std::vector<double> matrix[lanes];
  std::vector<int> exchange[lanes];
  std::vector<double> held;
};

} // namespace
} // namespace mtorkin
