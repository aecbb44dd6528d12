// The state of one simulation, and what its next step is to be: everything that is one number a lane.
#pragma once

#include <algorithm>
#include <cmath>

#include "formula.h"
#include "rest.h"

namespace mtorkin {
namespace {

// Of the error a step may have, how much may be left unsolved. At the same error of the result, 0.2 has 4 %
// more iterations and as many steps: what is left is seldom near the limit.
constexpr double NEWTON = 0.6;
constexpr int MOST_ITERATIONS = 4;  // CVODE gives up as soon; a failing iteration costs more
constexpr double SAFETY = 0.7; // 0.9 has four times as many steps refused, and three times the error
constexpr double WORTH_IT = 1.3;    // a longer step costs a factorisation
constexpr double LARGEST_GAIN = 10.0;
// Change of the step's coefficient that makes factors stale. 0.3 has 4 % more steps at the same error, as what
// is left unsolved counts as error; 0.4 has 40 % more.
constexpr double STALE = 0.2;
constexpr int OLDEST = 50;          // steps that factors may serve
constexpr double SMALLEST = 1e-14;  // of the time: a step that does not move it

enum class Outcome { ITERATE, ACCEPT, RETRY };

struct Lane {
  int set = -1; // -1: nothing to do
  int period = 0, shown = 0;
  int below_zero = -1, culprit = 0; // the first time at which a species is below 0, and which
  int order = 1, equal = 0, iterations = 0, age = 0, failures = 0, waited = 0;
  bool stale = false; // waits for factors
  Rest rest = Rest::NONE;
  int rung = 0;
  double since = 0.0, until = 0.0; // of this run
  double size = 0.0;               // of the last step of Newton's method at rest
  double t = 0.0, h = 0.0, rate = 1.0, before = 0.0, c = 0.0, c_factor = 0.0;
  std::int64_t steps = 0, tries = 0, solves = 0, factorisations = 0, rejected = 0;

  bool active() const { return set >= 0; }

  // One Newton iteration has changed y by `change` and the correction to `size` (weighted norms).
  // `factor` becomes what the step is to be multiplied with before it is tried again.
  Outcome iterated(const Formula &f, double change, double size, double *factor) {
    ++solves;
    *factor = 1.0;
    if (!(change < 1e200)) return unsolved(factor);
    if (iterations) rate = std::max(0.3 * rate, change / before);
    ++iterations;
    const double left = change * std::min(1.0, rate) * f.error[order] / NEWTON;
    if (left > 1.0) {
      if (iterations >= MOST_ITERATIONS || (iterations >= 2 && change > 2.0 * before))
        return unsolved(factor);
      before = change;
      return Outcome::ITERATE;
    }
    ++tries;
    if (size * f.error[order] <= 1.0) return Outcome::ACCEPT;
    return refused(f, size, factor);
  }

  void accepted() {
    t += h;
    ++steps, ++equal, ++age;
    failures = 0;
  }

  // The error is too large.
  Outcome refused(const Formula &f, double size, double *factor) {
    const double error = size * f.error[order];
    ++rejected, ++failures;
    *factor = std::max(0.2, SAFETY * std::pow(error, -1.0 / (order + 1)));
    if (failures >= 3 && order > 1) {
      order = 1;
      *factor = 0.2;
    }
    equal = 0;
    return Outcome::RETRY;
  }

  // New factors first; where these were new, a shorter step.
  Outcome unsolved(double *factor) {
    ++tries;
    if (age == 0 && c == c_factor) {
      *factor = 0.25;
      equal = 0;
    }
    stale = true;
    return Outcome::RETRY;
  }

  // After a step that was accepted with the norms of the correction and of the differences that
  // tell the error at other orders: the order and the factor of the step that get on fastest.
  double gain(const Formula &f, int most, double size, double below, double above) {
    if (equal <= order) return 1.0;
    const double worth[3] = {
        order > 1 ? std::pow(std::max(f.error[order - 1] * below, 1e-10), -1.0 / order) : 0.0,
        std::pow(std::max(f.error[order] * size, 1e-10), -1.0 / (order + 1)),
        order < most ? std::pow(std::max(f.error[order + 1] * above, 1e-10), -1.0 / (order + 2)) : 0.0};
    const int best = worth[0] > worth[1] ? (worth[2] > worth[0] ? 2 : 0) : (worth[2] > worth[1] ? 2 : 1);
    const double factor = std::min(LARGEST_GAIN, SAFETY * worth[best]);
    if (!(factor >= WORTH_IT)) return 1.0;
    order += best - 1;
    equal = 0;
    return factor;
  }

  // Begin the next try with the step multiplied. False where it has become too small.
  bool begin(const Formula &f, double factor) {
    iterations = 0;
    h *= factor;
    c = h / f.alpha[order];
    if (!(std::fabs(c / c_factor - 1.0) <= STALE) || age >= OLDEST) stale = true;
    return h >= SMALLEST * (1e-3 + std::fabs(t));
  }

  void refreshed() {
    stale = false;
    waited = 0;
    age = 0;
    rate = 1.0;
    c_factor = c;
    ++factorisations;
  }
};

// The interpolating polynomial of a lane's last step at a time within it: the sum of share[k] D_k over the
// differences D_k after the step. With the correction d, D_k = d + D'_k + D'_(k+1) + ... + D'_order of those
// before it, so that it is also the sum of sum[k] D'_k, and sum[order] d.
struct Interpolation {
  double share[ORDERS + 1] = {1.0}, sum[ORDERS + 1] = {1.0};
  Interpolation(const Lane &a, double when) {
    for (int k = 1; k <= a.order; ++k) {
      share[k] = share[k - 1] * (when - (a.t - a.h * (k - 1))) / (a.h * k);
      sum[k] = sum[k - 1] + share[k];
    }
  }
};

} // namespace
} // namespace mtorkin
