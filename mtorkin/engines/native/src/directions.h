// Forward sensitivities of one simulation: how each species changes with each direction (a
// parameter, an input of a period, an initial amount). WIDTH directions lie side by side.
//
// A direction obeys a linear equation with the Jacobian of the state, and the same formula with the
// same steps. So after each step of the state the matrix is factorised where the step ended, and each
// direction costs one product with the Jacobian and one solution, without iteration.
#pragma once

#include <vector>

#include "factor.h"
#include "history.h"
#include "lane.h"
#include "program.h"
#include "task.h"

#ifndef WIDTH
#error "WIDTH is how many doubles a vector register holds"
#endif

namespace mtorkin {
namespace {

#if WIDTH == 1
using W = double;
#else
typedef double W __attribute__((vector_size(8 * WIDTH)));
#endif

inline double &part(W *a, int k) { return reinterpret_cast<double *>(a)[k]; }

constexpr int DIFFERENCES = ORDERS + 3; // backward differences of a direction: two more than an order needs

class Directions {
public:
  Directions(const Tables &t, const Follow &follow)
      : t(t), follow(follow), n(t.species), blocks((follow.count + WIDTH - 1) / WIDTH), size(n * blocks),
        history(DIFFERENCES * size), value(size), known(size), step(size),
        begun(size), room(t.unknowns + 1), factor(t) {
    for (int d = 0; d < follow.count; ++d)
      for (int i = 0; i < n; ++i) at(begun, d, i) = follow.start[static_cast<std::size_t>(d) * n + i];
  }

  // A period begins: what is dosed no longer depends on anything but its own dose.
  void dose(const Task &task, int period) {
    for (int k = period ? task.doses_to[period - 1] : 0; k < task.doses_to[period]; ++k) {
      for (int d = 0; d < follow.count; ++d) at(begun, d, task.dose_species[k]) = 0.0;
      const int own = follow.dose_direction[k];
      if (own >= 0) at(begun, own, task.dose_species[k]) = follow.scale[own];
    }
  }

  // The differences with which a run begins; `registers` hold the state.
  void begin(V *registers, int period, double h) {
    slope(registers, period, begun);
    for (int i = 0; i < size; ++i) {
      W *q = history + DIFFERENCES * i;
      for (int k = 2; k < DIFFERENCES; ++k) q[k] = W{};
      q[0] = begun[i];
      q[1] = h * step[i];
    }
  }

  // The state has taken a step of order `order` and is at its end. Returns the largest norm of what
  // the directions needed as corrections.
  double follow_step(V *registers, int period, const Formula &f, int order, double c, double rtol, double atol) {
    for (int i = 0; i < size; ++i) {
      const W *q = history + DIFFERENCES * i;
      W a = q[0], b = W{};
      for (int k = 1; k <= order; ++k) {
        a += q[k];
        b += f.share[order][k] * q[k];
      }
      value[i] = a;
      known[i] = b;
    }
    slope(registers, period, value);
    factorise(registers, c);
    for (int i = 0; i < size; ++i) step[i] = c * step[i] - known[i];
    for (int b = 0; b < blocks; ++b) solve(step + b * n);
    for (int i = 0; i < size; ++i) value[i] += step[i];
    return largest(step, 1, rtol, atol);
  }

  // The step was good: keep it. `below`, `above` become norms of the differences that tell the
  // error at one order less and more.
  void accept(int order, double rtol, double atol, double *below, double *above) {
    for (int i = 0; i < size; ++i) {
      W *q = history + DIFFERENCES * i;
      q[order + 2] = step[i] - q[order + 1];
      q[order + 1] = step[i];
      for (int k = order; k >= 0; --k) q[k] += q[k + 1];
    }
    *below = largest(history + order, DIFFERENCES, rtol, atol);
    *above = largest(history + order + 2, DIFFERENCES, rtol, atol);
  }

  void rescale(const double scale[ORDERS + 1][ORDERS + 1], int order) {
    for (int i = 0; i < size; ++i) {
      W *q = history + DIFFERENCES * i;
      for (int j = 1; j <= order; ++j) {
        W sum = scale[j][j] * q[j];
        for (int k = j + 1; k <= order; ++k) sum += scale[k][j] * q[k];
        q[j] = sum;
      }
    }
  }

  // Values within the last step, by the shares of the differences; they become the current ones.
  void between(const double *share, int order) {
    for (int i = 0; i < size; ++i) {
      const W *q = history + DIFFERENCES * i;
      W sum = q[0];
      for (int k = 0; k < order; ++k) sum += share[k] * q[k + 1];
      value[i] = sum;
    }
  }

  void arrive() {
    for (int i = 0; i < size; ++i) begun[i] = value[i];
  }

  void show(int k, bool beginning) {
    W *from = beginning ? &begun[0] : &value[0];
    for (int d = 0; d < follow.count; ++d)
      for (int i = 0; i < n; ++i)
        follow.seen[(static_cast<std::size_t>(k) * follow.count + d) * n + i] = at(from, d, i);
  }

  // At rest nothing changes in any direction: J s + f_p = 0 with the totals that s has. Newton's
  // method with the long c of rest.h gets there in steps. False where it does not.
  bool rest(V *registers) {
    factorise(registers, LONG);
    for (int i = 0; i < size; ++i) value[i] = begun[i];
    double before = std::numeric_limits<double>::infinity();
    for (int attempt = 0; attempt < MOST_ATTEMPTS; ++attempt) {
      slope(registers, 0, value);
      for (int i = 0; i < size; ++i) step[i] = LONG * step[i];
      keep_totals();
      for (int b = 0; b < blocks; ++b) solve(step + b * n);
      for (int i = 0; i < size; ++i) value[i] += step[i];
      const double moved = largest(step, 1, 1.0, SMALL);
      if (moved < SETTLED || (moved < ROUNDING && moved > 0.5 * before)) {
        arrive();
        return true;
      }
      before = moved;
    }
    return false;
  }

private:
  const Tables &t;
  const Follow follow;
  const int n, blocks, size;
  Block<W> history, value, known, step;
  Block<W> begun, room;
  Factor factor;

  double &at(W *a, int d, int i) { return part(a + static_cast<std::size_t>(d / WIDTH) * n + i, d % WIDTH); }

  // step = J s + f_p in every direction.
  void slope(V *registers, int period, const W *s) {
    carry_out(t.jacobian, registers);
    carry_out(t.slopes, registers);
    for (int b = 0; b < blocks; ++b) product(registers, s + b * n, step + b * n);
    for (int k = 0; k < follow.terms; ++k)
      if (follow.term_period[k] < 0 || follow.term_period[k] == period) {
        const int d = follow.term_direction[k];
        at(step, d, follow.term_species[k]) += follow.scale[d] * registers[t.g_at + follow.term_entry[k]];
      }
  }

  // to = J s: how the assignments change, and what the species do then.
  void product(const V *registers, const W *s, W *to) {
    for (int i = 0; i < n; ++i) room[t.row_of[i]] = s[i];
    for (int k = 0; k < t.unknowns - n; ++k) room[t.kept[k]] = row(registers, t.kept[k]);
    for (int i = 0; i < n; ++i) to[i] = row(registers, t.row_of[i]);
  }

  W row(const V *registers, int i) const {
    W sum = W{};
    for (int z = t.j_starts[i]; z < t.j_starts[i + 1]; ++z) sum += registers[t.j_registers[z]] * room[t.j_columns[z]];
    return sum;
  }

  void factorise(V *registers, double c) { factor.factorise(registers, c, -1); }

  void solve(W *x) { factor.solve_wide(x, &room[0]); }

  void keep_totals() {
    for (int b = 0; b < blocks; ++b)
      for (int k = 0; k < t.totals; ++k) {
        W gap = W{};
        for (int z = t.t_starts[k]; z < t.t_starts[k + 1]; ++z) {
          const int i = b * n + t.t_columns[z];
          gap += t.t_weights[z] * (begun[i] - value[i] - step[i]);
        }
        step[b * n + t.t_dependent[k]] += gap;
      }
  }

  // Largest weighted norm of all directions; `stride` is from one species to the next.
  double largest(const W *x, int stride, double rtol, double atol) const {
    double worst = 0.0;
    for (int b = 0; b < blocks; ++b) {
      W sum = W{};
      for (int i = 0; i < n; ++i) {
        const W s = value[b * n + i], a = s < 0.0 ? -s : s;
        const W w = x[static_cast<std::size_t>(b * n + i) * stride] / (atol + rtol * a);
        sum += w * w;
      }
      for (int k = 0; k < WIDTH && b * WIDTH + k < follow.count; ++k)
        worst = larger(worst, std::sqrt(part(&sum, k) / n));
    }
    return worst;
  }
};

} // namespace
} // namespace mtorkin
