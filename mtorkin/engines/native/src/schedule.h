// Which set a lane does, through which periods, and what is shown of it on the way.
#pragma once

#include <utility>

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
    report.show(l, a, a.shown, &state[l * n]);
#if LANES == 1
    if (directions) directions->show(a.shown, true);
#endif
  }
}

void Ensemble::leave(int l, Status status) {
  report.finish(l, lane[l], status, &state[l * n]);
  lane[l].set = -1;
  fresh[l] = false;
  for (int i = 0; i < n; ++i) at(correction + i, l) = at(psi + i, l) = 0.0;
  lane[l].c = 0.0;
}

bool Ensemble::stop(int l, Status why, bool stepped, const Turn &how) {
  if (showing[l] >= 0) show_now(l, how);
  const V *from = stepped ? y : history + place_of(lane[l].order, 0) * n;
  for (int i = 0; i < n; ++i) state[l * n + i] = at(from + i, l);
  leave(l, why);
  return false;
}

// A step has ended: show what was asked for on the way, and go on to the next period at its end. The last
// of what is shown waits until the past is gone through for the next step: on the way it costs little.
void Ensemble::arrived(int l, Turn &how) {
  Lane &a = lane[l];
  if (a.rest == Rest::RUN) return towards_rest(l);
  while (a.shown < task.times_to[a.period] && task.when[a.shown] <= a.t) {
    const int k = a.shown++;
    const bool more = a.shown < task.times_to[a.period] && task.when[a.shown] <= a.t;
    if (lanes > 1 && !more && a.t < a.until) {
      show_later(l, k, how);
      continue;
    }
    between(l, task.when[k], report.room());
    report.show(l, a, k, report.room());
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

void Ensemble::show_later(int l, int k, Turn &how) {
  const Lane &a = lane[l];
  const Interpolation by(a, task.when[k]);
  showing[l] = k;
  how.shows = true;
  at(&how.shown_correction, l) = by.sum[a.order];
  for (int j = 0; j <= a.order; ++j) at(&how.shown[place_of(a.order, j)], l) = by.sum[j];
}

// What `turn` has computed.
void Ensemble::show_waiting() {
  for (int l = 0; l < lanes; ++l) {
    if (showing[l] < 0) continue;
    for (int i = 0; i < n; ++i) report.room()[i] = at(seen + i, l);
    report.show(l, lane[l], std::exchange(showing[l], -1), report.room());
  }
}

// What `turn` would show of a lane that goes no further.
void Ensemble::show_now(int l, const Turn &how) {
  for (int i = 0; i < n; ++i) {
    double sum = at(&how.shown_correction, l) * at(correction + i, l);
    for (int s = 1; s < PLACES; ++s) sum += at(how.shown + s, l) * at(history + s * n + i, l);
    report.room()[i] = sum;
  }
  report.show(l, lane[l], std::exchange(showing[l], -1), report.room());
}

// Species at a time within the last step.
void Ensemble::between(int l, double when, double *to) {
  const Lane &a = lane[l];
  const Interpolation by(a, when);
  const V *last = history + place_of(a.order, 0) * n;
  for (int i = 0; i < n; ++i) {
    double value = by.sum[a.order] * at(correction + i, l) + at(last + i, l);
    for (int k = 1; k <= a.order; ++k) value += by.sum[k] * at(last + i - k * n, l);
    to[i] = value;
  }
#if LANES == 1
  if (following()) directions->between(by.share + 1, a.order);
#endif
}

} // namespace
} // namespace mtorkin
