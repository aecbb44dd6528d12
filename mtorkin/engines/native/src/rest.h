// Where a simulation comes to rest: Newton's method from a run, for lanes whose first period is to
// end where nothing changes.
//
// A Newton step is a solution with I - c J for a c that is long compared to everything that moves.
// Left alone it would keep what is conserved, since its columns there are those of I; rounding in
// the rates times c would not, so that the totals are put right in every step.
#pragma once

#include "lanes.h"
#include "task.h"

namespace mtorkin {
namespace {

constexpr double RUNGS[] = {1e3, 1e4, 1e5, 1e6}; // min of run before each attempt
constexpr int LAST_RUNG = 3;
constexpr double LONG = 1e5;      // min: more costs digits, since totals are kept by cancellation
constexpr double SMALL = 1e-6;    // nM: below it, differences are not a share of what is there
constexpr double NEAR = 1e-2;     // distance from where a run counts as arrived, as a share
constexpr double CLOSE = 1e-3;    // from where it need not come nearer
constexpr double SETTLED = 1e-10; // a step, as a share of each concentration
constexpr double ROUNDING = 1e-8; // below it, steps that do not shrink are rounding
constexpr double NEGATIVE = 1e-10; // nM: what rounding may leave below 0
constexpr int MOST_ATTEMPTS = 30;

enum class Rest { NONE, RUN, NEWTON }; // what a lane is doing

// What is not a number is larger than every number.
inline double larger(double a, double b) { return b > a || std::isnan(b) ? b : a; }

// Largest difference of a lane's y from `from`, as a share of y.
inline double distance(const V *y, int l, const double *from, int n) {
  double worst = 0.0;
  for (int i = 0; i < n; ++i) {
    const double value = at(y + i, l), share = std::fabs(value - from[i]) / (std::fabs(value) + SMALL);
    worst = larger(worst, share);
  }
  return worst;
}

// The right-hand side c f, by unknowns, with the totals that `start` has: x becomes it.
inline void right_side(const Tables &t, int l, const V *y, const double *start, V *x) {
  for (int k = 0; k < t.totals; ++k) {
    double gap = 0.0;
    for (int z = t.t_starts[k]; z < t.t_starts[k + 1]; ++z) {
      const int i = t.t_columns[z];
      gap += t.t_weights[z] * (start[i] - at(y + i, l) - at(x + t.row_of[i], l));
    }
    at(x + t.row_of[t.t_dependent[k]], l) += gap;
  }
}

} // namespace
} // namespace mtorkin
