// Which set a lane does, through which periods, and what is shown of it on the way.
#pragma once

#include "ensemble.h"

namespace mtorkin {
namespace {

// Give a lane that has nothing to do the next set. True where a period begins.
bool Ensemble::fill(int l) {
  while (!lane[l].active() && next < task.sets) {
    lane[l] = Lane();
    lane[l].set = next++;
    std::memcpy(&state[l * n], task.start + static_cast<std::size_t>(lane[l].set) * n, n * sizeof(double));
    enter(l, 0);
  }
  return fresh[l];
}

// Begin a period in a lane, or end its simulation where none is left.
void Ensemble::enter(int l, int period) {
  Lane &a = lane[l];
  fresh[l] = false;
  for (; period < task.periods; ++period) {
    a.period = period;
    for (int k = period ? task.doses_to[period - 1] : 0; k < task.doses_to[period]; ++k)
      state[l * n + task.dose_species[k]] = task.dose_values[k];
#if LANES == 1
    if (directions) directions->dose(task, period);
#endif
    a.since = task.begin[period];
    a.until = task.end[period];
    a.rest = task.steady && !period ? Rest::RUN : Rest::NONE;
    if (a.rest == Rest::RUN) {
      a.since = a.rung = 0;
      a.until = RUNGS[0];
      std::memcpy(&origin[l * n], &state[l * n], n * sizeof(double));
    }
    if (a.until > a.since) {
      at(&rtol, l) = a.rest == Rest::RUN ? task.rest_rtol : task.rtol;
      at(&atol, l) = a.rest == Rest::RUN ? task.rest_atol : task.atol;
      fresh[l] = true;
      return;
    }
    show_all(l, period);
  }
  leave(l, DONE);
}

// Show all times that are left in a period which ends where the lane's state is.
void Ensemble::show_all(int l, int period) {
  for (Lane &a = lane[l]; a.shown < task.times_to[period]; ++a.shown) {
    report.show(l, a.shown, &state[l * n]);
#if LANES == 1
    if (directions) directions->show(a.shown, true);
#endif
  }
}

bool Ensemble::leave(int l, Status status) {
  report.finish(l, lane[l], status, &state[l * n]);
  lane[l].set = -1;
  fresh[l] = false;
  for (int i = 0; i < n; ++i) at(correction + i, l) = at(psi + i, l) = 0.0;
  lane[l].c = 0.0;
  return false;
}

bool Ensemble::stop(int l, Status why, bool stepped) {
  const V *from = stepped ? y : history + place_of(lane[l].order, 0) * n;
  for (int i = 0; i < n; ++i) state[l * n + i] = at(from + i, l);
  return leave(l, why);
}

// A step has ended: show what was asked for on the way, and go on to the next period at its end.
void Ensemble::arrived(int l) {
  Lane &a = lane[l];
  if (a.rest == Rest::RUN) return towards_rest(l);
  while (a.shown < task.times_to[a.period] && task.when[a.shown] <= a.t) {
    const int k = a.shown++;
    between(l, task.when[k], report.row(l, k));
#if LANES == 1
    if (directions) directions->show(k, false);
#endif
  }
  if (a.t < a.until) return;
  between(l, a.until, &state[l * n]);
#if LANES == 1
  if (directions) directions->arrive();
#endif
  enter(l, a.period + 1);
}

// The interpolating polynomial of the last step, whose correction has not been taken up yet: each difference
// becomes the sum of the correction and all those from its own on, so that their shares add up.
void Ensemble::between(int l, double when, double *to) {
  const Lane &a = lane[l];
  double share[ORDERS + 1], sum[ORDERS + 1], product = 1.0;
  sum[0] = 1.0;
  for (int k = 0; k < a.order; ++k) {
    product *= (when - (a.t - a.h * k)) / (a.h * (k + 1));
    share[k] = product;
    sum[k + 1] = sum[k] + product;
  }
  const V *last = history + place_of(a.order, 0) * n;
  for (int i = 0; i < n; ++i) {
    double value = sum[a.order] * at(correction + i, l) + at(last + i, l);
    for (int k = 1; k <= a.order; ++k) value += sum[k] * at(last + i - k * n, l);
    to[i] = value;
  }
#if LANES == 1
  if (following()) directions->between(share, a.order);
#endif
}

} // namespace
} // namespace mtorkin
