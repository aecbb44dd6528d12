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
      : t(t), task(task), n(t.species), rows(static_cast<std::size_t>(lanes) * task.times * t.species),
        registers(t.registers) {
    for (int i = 0; i < t.numbers; ++i) registers[i] = all(t.number_values[i]);
  }

  // Where the species of a lane at the k-th time go, (species,).
  double *row(int l, int k) { return rows + (static_cast<std::size_t>(l) * task.times + k) * n; }

  void show(int l, int k, const double *y) { std::memcpy(row(l, k), y, n * sizeof(double)); }

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
    task.status[s] = status;
    task.stopped_at[s] = a.t;
    for (int k = 0; k < a.shown; ++k)
      for (int i = 0; i < n; ++i)
        if (row(l, k)[i] < -task.negative && task.status[s] != BELOW_ZERO) {
          task.status[s] = BELOW_ZERO;
          task.stopped_at[s] = task.when[k];
          task.culprit[s] = i;
        }
    const std::int64_t counts[4] = {a.steps, a.solves, a.factorisations, a.rejected};
    std::memcpy(task.counts + 4 * s, counts, sizeof counts);
    std::memcpy(task.last + static_cast<std::size_t>(s) * n, state, n * sizeof(double));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    std::fill(row(l, 0) + static_cast<std::size_t>(a.shown) * n, row(l, 0) + static_cast<std::size_t>(task.times) * n, nan);
    if (task.species_seen)
      for (int k = 0; k < task.times; ++k) {
        double *to = task.species_seen + (static_cast<std::size_t>(s) * task.times + k) * n;
        for (int i = 0; i < n; ++i) to[t.order[i]] = row(l, k)[i];
      }
    if (task.observed) observe(l, s);
  }

private:
  const Tables &t;
  const Task &task;
  const int n;
  Block<double> rows;
  Block<V> registers;

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
