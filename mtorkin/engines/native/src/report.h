// What is kept of the simulations: the species at the times asked for, and the observables there.
#pragma once

#include "lane.h"
#include "program.h"
#include "task.h"

namespace mtorkin {
namespace {

class Report {
public:
  Report(const Tables &t, const Task &task)
      : t(t), task(task), n(t.species), scratch(t.species),
        rows(task.observed ? static_cast<std::size_t>(lanes) * task.times * t.species : 0), registers(t.registers) {
    for (int i = 0; i < t.numbers; ++i) registers[i] = all(t.number_values[i]);
  }

  // Where the species of any lane at the next time to be shown are written, (species,).
  double *room() { return scratch; }

  // Show species of a lane at the k-th time.
  void show(int l, Lane &a, int k, const double *y) {
    int below = 0;
    for (int i = 0; i < n; ++i) below |= y[i] < -task.negative;
    for (int i = 0; below && a.below_zero < 0; ++i)
      if (y[i] < -task.negative) a.below_zero = k, a.culprit = i;
    if (task.species_seen) {
      double *to = task.species_seen + (static_cast<std::size_t>(a.set) * task.times + k) * n;
      for (int i = 0; i < n; ++i) to[t.order[i]] = y[i];
    }
    if (task.observed) std::memcpy(row(l, k), y, n * sizeof(double));
  }

  // Put the constants of a set in a period into one lane of registers.
  void constants(int set, int period, V *to, int l) const {
    const int own = t.constants - t.inputs;
    const double *p = task.constants + static_cast<std::size_t>(set) * t.constants;
    const double *inputs = task.inputs + static_cast<std::size_t>(period) * t.inputs;
    for (int i = 0; i < own; ++i) at(to + i, l) = p[i];
    for (int i = 0; i < t.inputs; ++i) at(to + own + i, l) = inputs[i];
  }

  // Write down all of a simulation that has ended; what it did not reach is not a number.
  void finish(int l, const Lane &a, Status status, const double *state) {
    const int s = a.set;
    task.status[s] = a.below_zero < 0 ? status : BELOW_ZERO;
    task.stopped_at[s] = a.below_zero < 0 ? a.t : task.when[a.below_zero];
    if (a.below_zero >= 0) task.culprit[s] = a.culprit;
    const std::int64_t counts[4] = {a.steps, a.solves, a.factorisations, a.rejected};
    std::memcpy(task.counts + 4 * s, counts, sizeof counts);
    std::memcpy(task.last + static_cast<std::size_t>(s) * n, state, n * sizeof(double));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::size_t shown = static_cast<std::size_t>(a.shown) * n, all = static_cast<std::size_t>(task.times) * n;
    if (task.species_seen) {
      double *seen = task.species_seen + s * all;
      std::fill(seen + shown, seen + all, nan);
    }
    if (!task.observed) return;
    std::fill(row(l, 0) + shown, row(l, 0) + all, nan);
    observe(l, s);
  }

private:
  const Tables &t;
  const Task &task;
  const int n;
  Block<double> scratch, rows; // rows: (lanes, times, species), for observables
  Block<V> registers;

  double *row(int l, int k) { return rows + (static_cast<std::size_t>(l) * task.times + k) * n; }

  // As many times at once as there are lanes.
  void observe(int l, int set) {
    for (int period = 0, k = 0; period < task.periods; ++period) {
      if (k == task.times_to[period]) continue;
      for (int j = 0; j < lanes; ++j) constants(set, period, registers + t.p_at, j);
      carry_out(t.prelude, registers);
      while (k < task.times_to[period]) {
        const int count = std::min(lanes, task.times_to[period] - k);
        for (int j = 0; j < lanes; ++j)
          for (int i = 0; i < n; ++i) at(registers + t.y_at + i, j) = row(l, k + std::min(j, count - 1))[i];
        carry_out(t.observe, registers);
        for (int j = 0; j < count; ++j, ++k) {
          double *to = task.observed + (static_cast<std::size_t>(set) * task.times + k) * t.observables;
          for (int i = 0; i < t.observables; ++i) to[i] = at(registers + t.o_at + i, j);
        }
      }
    }
  }
};

} // namespace
} // namespace mtorkin
