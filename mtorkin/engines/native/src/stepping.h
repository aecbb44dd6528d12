// The steps: where they begin, one Newton iteration in all lanes, and what follows from it.
#pragma once

#include "ensemble.h"

namespace mtorkin {
namespace {

// Hairer's choice of a first step (Solving ODEs I, II.4), for all lanes that begin a period.
void Ensemble::first_steps() {
  for (int l = 0; l < lanes; ++l) {
    if (!fresh[l]) continue;
    report.constants(lane[l].set, lane[l].period, registers + t.p_at, l);
    for (int i = 0; i < n; ++i) at(y + i, l) = state[l * n + i];
  }
  carry_out(t.prelude, registers);
  carry_out(t.rates, registers);
  double size[lanes] = {}, slope[lanes] = {}, trial[lanes] = {};
  for (int l = 0; l < lanes; ++l) {
    if (!fresh[l]) continue;
    size[l] = slope[l] = 0.0;
    for (int i = 0; i < n; ++i) {
      const double start = state[l * n + i], rate = at(f + i, l);
      const double w = 1.0 / (at(&atol, l) + at(&rtol, l) * std::fabs(start));
      at(weight + i, l) = w;
      at(x + i, l) = rate;
      size[l] += start * w * start * w;
      slope[l] += rate * w * rate * w;
    }
    size[l] = std::sqrt(size[l] / n);
    slope[l] = std::sqrt(slope[l] / n);
    trial[l] = size[l] < 1e-5 || slope[l] < 1e-5 ? 1e-6 : 0.01 * size[l] / slope[l];
    for (int i = 0; i < n; ++i) at(y + i, l) = state[l * n + i] + trial[l] * at(x + i, l);
  }
  carry_out(t.rates, registers);
  for (int l = 0; l < lanes; ++l) {
    if (!fresh[l]) continue;
    double bend = 0.0;
    for (int i = 0; i < n; ++i) {
      const double d = (at(f + i, l) - at(x + i, l)) * at(weight + i, l);
      bend += d * d;
    }
    bend = std::sqrt(bend / n) / trial[l];
    const double most = std::max(slope[l], bend);
    const double second = most < 1e-15 ? std::max(1e-6, 1e-3 * trial[l]) : std::sqrt(0.01 / most);
    start(l, std::min(100.0 * trial[l], second), slope[l]);
  }
}

void Ensemble::start(int l, double h, double slope) {
  Lane &a = lane[l];
  fresh[l] = false;
  a.t = a.since;
  a.order = 1;
  a.equal = a.iterations = a.age = a.failures = a.waited = 0;
  a.rate = 1.0;
  a.h = std::min(h, a.until - a.t);
  a.c_factor = 0.0;
  a.stale = true;
  for (int i = 0; i < n; ++i) {
    for (int s = 0; s < PLACES; ++s) at(history + s * n + i, l) = 0.0;
    at(history + place_of(1, 0) * n + i, l) = state[l * n + i];
    at(history + place_of(1, 1) * n + i, l) = a.h * at(x + i, l);
  }
  if (!std::isfinite(slope)) return leave(l, NO_NUMBER);
#if LANES == 1
  if (following()) {
    for (int i = 0; i < n; ++i) y[i] = state[i];
    directions->begin(registers, a.period, a.h);
  }
#endif
  a.begin(formula, 1.0);
  Turn first;
  mark(&first.moving, l, true);
  move(first);
}

// Go through the past of all lanes, and to where those that move go next.
void Ensemble::move(Turn &how) {
  for (int l = 0; l < lanes; ++l) {
    const int order = lane[l].order;
    for (int k = 1; k <= order; ++k) at(&how.share[place_of(order, k)], l) = formula.share[order][k];
  }
  const auto way = how.changed    ? (how.shows ? turn<true, true, true> : turn<true, true, false>)
                   : how.rescaled ? (how.shows ? turn<false, true, true> : turn<false, true, false>)
                                  : (how.shows ? turn<false, false, true> : turn<false, false, false>);
  way(history, n, how, rtol, atol, correction, y, psi, weight, seen);
}

// New factors for all lanes that wait, when enough do.
void Ensemble::refresh() {
  int waiting = 0, longest = 0;
  for (Lane &a : lane)
    if (a.active() && a.stale) {
      ++waiting;
      longest = std::max(longest, a.waited++);
    }
  const int running = active();
  if (!waiting || (waiting < std::min(MANY, running) && longest < LONGEST_WAIT)) return;
  if (task.shared) waiting = running;
  V c = V{};
  M wanted = M{};
  for (int l = 0; l < lanes; ++l)
    if (lane[l].active() && (lane[l].stale || task.shared)) {
      mark(&wanted, l, true);
      at(&c, l) = lane[l].c;
      lane[l].refreshed();
    }
  carry_out(t.jacobian, registers);
  factor.factorise(registers, c, wanted);
}

// One Newton iteration in every lane that has its factors, and what follows from it.
void Ensemble::iterate() {
  carry_out(t.rates, registers);
  V c = V{}, scale = V{};
  M on = M{}, started = M{}; // started: it has a correction already
  bool first = true;
  for (int l = 0; l < lanes; ++l) {
    const Lane &a = lane[l];
    const bool moving = a.active() && !a.stale;
    mark(&on, l, moving);
    mark(&started, l, moving && a.iterations);
    first &= !(moving && a.iterations);
    at(&c, l) = a.c;
    at(&scale, l) = moving ? 2.0 / (1.0 + a.c / a.c_factor) : 0.0; // CVODE's, for old factors
  }
  if (first)
    newton<true>(on, started, c, scale);
  else
    newton<false>(on, started, c, scale);
}

// `first`: no lane has a correction yet, so that none need be fetched.
template <bool first> void Ensemble::newton(M on, M started, V c, V scale) {
  for (int k = 0; k < t.unknowns - n; ++k) x[t.kept[k]] = V{}; // their equations hold
  for (int i = 0; i < n; ++i) {
    const V before = first ? V{} : started ? correction[i] : V{};
    x[t.row_of[i]] = (c * f[i] - psi[i] - before) * scale;
  }
  x[t.unknowns] = V{};
  for (int l = 0; l < lanes; ++l)
    if (lane[l].rest == Rest::NEWTON && !lane[l].stale) right_side(t, l, y, begun(l), x);
  factor.solve(x);
  V change = V{}, size = V{}, below = V{}, above = V{}; // squared norms; of the error at one order less and more
  const V *__restrict last = history, *__restrict same = history + n;
  for (int i = 0; i < n; ++i) {
    const V step = on ? x[t.row_of[i]] : V{}, w = weight[i];
    y[i] += step;
    const V d = (first ? V{} : started ? correction[i] : V{}) + step;
    correction[i] = d;
    change += step * w * (step * w);
    size += d * w * (d * w);
    const V less = (same[i] + d) * w, more = (d - last[i]) * w;
    below += less * less;
    above += more * more;
  }
  judge(on, change, size, below, above);
}

// What the iterations lead to: some lanes have taken their step, some have to try another one.
void Ensemble::judge(M on, const V &change, const V &size, const V &below, const V &above) {
  Turn how;
  Outcome outcome[lanes];
  double times[lanes];
  [[maybe_unused]] bool any = false;
  bool moved = false;
  for (int l = 0; l < lanes; ++l) {
    outcome[l] = Outcome::ITERATE;
    times[l] = 1.0;
    if (!reinterpret_cast<const std::int64_t *>(&on)[l]) continue;
    if (lane[l].rest == Rest::NEWTON) {
      nearer(l);
      continue;
    }
    const int order = lane[l].order;
    outcome[l] = lane[l].iterated(formula, norm(change, l), norm(size, l), &times[l]);
#if LANES == 1
    if (following() && outcome[l] == Outcome::ACCEPT) follow_step(norm(size, l), &outcome[l], &times[l]);
#endif
    moved |= outcome[l] != Outcome::ITERATE;
    if (outcome[l] != Outcome::ACCEPT) {
      if (order > lane[l].order) lower_order(history, n, l, order - lane[l].order);
      continue;
    }
    any = true;
    lane[l].accepted();
    mark(&how.accepted, l, true);
    for (int s = 1; s <= place_of(order, 0); ++s) at(&how.own[s], l) = 1.0;
  }
  if (!moved) return;
  double sizes[3][lanes];
  for (int l = 0; l < lanes; ++l) {
    sizes[0][l] = norm(size, l);
    sizes[1][l] = norm(below, l);
    sizes[2][l] = norm(above, l);
  }
#if LANES == 1
  if (following() && any) keep_step(&sizes[0][0], &sizes[1][0], &sizes[2][0]);
#endif
  for (int l = 0; l < lanes; ++l)
    if (outcome[l] == Outcome::ACCEPT) {
      arrived(l, how);
      if (!lane[l].active() || fresh[l] || lane[l].rest == Rest::NEWTON) continue;
      const int order = lane[l].order;
      times[l] = lane[l].gain(formula, task.most_order, sizes[0][l], sizes[1][l], sizes[2][l]);
      how.changed |= lane[l].order != order;
      mark(&how.raised, l, lane[l].order > order);
      mark(&how.lowered, l, lane[l].order < order);
    }
  again(outcome, times, how);
}

#if LANES == 1
// Take the step in every direction; it is refused where their errors count and are too large.
void Ensemble::follow_step(double size, Outcome *outcome, double *times) {
  Lane &a = lane[0];
  followed = directions->follow_step(registers, a.period, formula, a.order, a.c, rtol, atol);
  if (!controlled && std::isfinite(followed)) return;
  const double worst = larger(size, followed);
  if (!(worst * formula.error[a.order] <= 1.0))
    *outcome = std::isfinite(worst) ? a.refused(formula, worst, times) : a.unsolved(times);
}

void Ensemble::keep_step(double *size, double *below, double *above) {
  double low, high;
  directions->accept(lane[0].order, rtol, atol, &low, &high);
  if (!controlled) return;
  *size = larger(*size, followed);
  *below = larger(*below, low);
  *above = larger(*above, high);
}
#endif

// Predict the next step, or the same one again, and show what waited for it.
void Ensemble::again(const Outcome *outcome, const double *times, Turn &how) {
  for (int s = 1; s < PLACES; ++s) how.scale[s][s] = all(1.0);
  for (int l = 0; l < lanes; ++l) {
    Lane &a = lane[l];
    bool goes = a.active() && !fresh[l] && outcome[l] != Outcome::ITERATE && a.rest != Rest::NEWTON;
    const bool stepped = outcome[l] == Outcome::ACCEPT;
    if (goes && !a.begin(formula, times[l])) goes = stop(l, STEP_TOO_SMALL, stepped, how);
    if (goes && a.tries >= task.most_steps)
      goes = stop(l, a.rest == Rest::RUN ? NOT_AT_REST : TOO_MANY_STEPS, stepped, how);
    mark(&how.moving, l, goes);
    if (goes && times[l] != 1.0) change_step(l, times[l], how);
  }
  move(how);
  show_waiting();
}

// Have a lane's differences brought to a step that is multiplied.
void Ensemble::change_step(int l, double factor, Turn &how) {
  const int order = lane[l].order;
  double matrix[ORDERS + 1][ORDERS + 1];
  rescaling(order, factor, matrix);
  how.rescaled = true;
  for (int j = 1; j <= order; ++j)
    for (int k = j; k <= order; ++k) at(&how.scale[place_of(order, k)][place_of(order, j)], l) = matrix[k][j];
#if LANES == 1
  if (following()) directions->rescale(matrix, order);
#endif
}

} // namespace
} // namespace mtorkin
