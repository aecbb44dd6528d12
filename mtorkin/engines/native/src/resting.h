// The way to rest: a run, Newton's method from its end, and a longer run where that leads nowhere.
#pragma once

#include "ensemble.h"

namespace mtorkin {
namespace {

// A step of the run has ended: remember where it was half way, and try Newton's method at its end.
void Ensemble::towards_rest(int l) {
  Lane &a = lane[l];
  const double half = a.until / 2;
  if (a.t - a.h < half && half <= a.t) between(l, half, &halfway[l * n]);
  if (a.t < a.until) return;
  between(l, a.until, &state[l * n]);
  a.rest = Rest::NEWTON;
  a.iterations = 0;
  a.c = LONG;
  a.stale = true;
  a.before = a.size = std::numeric_limits<double>::infinity();
  for (int i = 0; i < n; ++i) {
    at(y + i, l) = state[l * n + i];
    at(psi + i, l) = at(correction + i, l) = 0.0;
  }
}

// One step of Newton's method has been taken, of which `x` holds the length, by unknowns.
void Ensemble::nearer(int l) {
  Lane &a = lane[l];
  ++a.solves;
  double size = 0.0, least = 0.0;
  for (int i = 0; i < n; ++i) {
    const double value = at(y + i, l), share = std::fabs(at(x + t.row_of[i], l)) / (std::fabs(value) + SMALL);
    size = larger(size, share);
    least = std::min(least, value);
    at(correction + i, l) = 0.0;
  }
  a.stale = true;
  if (!(size <= 2.0 * a.before) || ++a.iterations > MOST_ATTEMPTS) return run_on(l);
  const bool rounding = size < ROUNDING && size > 0.5 * a.size;
  a.size = size;
  a.before = std::max(size, 1e-6);
  if (size > SETTLED && !rounding) return;
  const double first = distance(y, l, &halfway[l * n], n), last = distance(y, l, &state[l * n], n);
  const bool arrived = last < NEAR && (last <= first || last < CLOSE || a.rung == LAST_RUNG);
  if (least < -NEGATIVE || !arrived) return run_on(l);
  for (int i = 0; i < n; ++i) state[l * n + i] = std::max(at(y + i, l), 0.0);
  a.t = 0.0;
#if LANES == 1
  if (directions) {
    for (int i = 0; i < n; ++i) y[i] = state[i];
    if (!directions->rest(registers)) {
      leave(l, NOT_AT_REST);
      return;
    }
  }
#endif
  show_all(l, 0);
  enter(l, 1);
}

// Not there yet: ten times longer.
void Ensemble::run_on(int l) {
  Lane &a = lane[l];
  if (a.rung == LAST_RUNG) {
    leave(l, NOT_AT_REST);
    return;
  }
  a.rest = Rest::RUN;
  a.since = RUNGS[a.rung];
  a.until = RUNGS[++a.rung];
  fresh[l] = true;
}

} // namespace
} // namespace mtorkin
