// Many simulations of one network, LANES at a time.
//
// Lanes are not in step: each has its own time, step, order and Newton iteration. One round is one
// evaluation of the rates, one solution and one Newton update in all lanes; a lane that is done with
// a step ends it and predicts the next in the same round. A lane that is done with its simulation
// takes the next one. A lane whose factors are stale waits for a few rounds, until others want
// theirs too, since a factorisation costs the same for one lane as for all. Waiting changes nothing
// in a lane, so that no result depends on what else is computed.
#pragma once

#include <memory>

#if LANES == 1
#include "directions.h"
#endif
#include "factor.h"
#include "history.h"
#include "lane.h"
#include "program.h"
#include "report.h"
#include "task.h"

namespace mtorkin {
namespace {

constexpr int MANY = (lanes + 1) / 2; // lanes that want factors, from where nobody waits
constexpr int LONGEST_WAIT = 6;       // rounds

class Ensemble {
public:
  Ensemble(const Tables &tables, const Task &task)
      : t(tables), task(task), n(tables.species), registers(tables.registers), history(DIFFERENCES * n),
        psi(n), correction(n), weight(n), x(n), state(static_cast<std::size_t>(n) * lanes),
        origin(static_cast<std::size_t>(n) * lanes), halfway(static_cast<std::size_t>(n) * lanes), factor(t),
        report(t, this->task) {
    for (int i = 0; i < t.numbers; ++i) registers[i] = all(t.number_values[i]);
    y = registers + t.y_at;
    f = registers + t.f_at;
  }

#if LANES == 1
  // Follow the simulation, of which there is one, in some directions.
  void follow(const Follow &how) {
    directions.reset(new Directions(t, how));
    controlled = how.controlled;
  }
#endif

  // Do some rounds of work; true while there is more.
  bool advance(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      bool beginning = false;
      for (int l = 0; l < lanes; ++l) beginning |= fill(l);
      if (beginning) first_steps();
      if (!active()) return next < task.sets;
      refresh();
      iterate();
    }
    return true;
  }

private:
  const Tables t;
  const Task task;
  const int n;
  const Formula formula;
  Block<V> registers, history, psi, correction, weight, x;
  Block<double> state;   // (lanes, species) where a lane begins a period, or comes to
  Block<double> origin;  // (lanes, species) where its run towards rest began
  Block<double> halfway; // (lanes, species) half way to where it is to be at rest
  V rtol = V{}, atol = V{};
  Factor factor;
  Report report;
  Lane lane[lanes];
  bool fresh[lanes] = {}; // begins a period
  int next = 0;
  V *y, *f;
#if LANES == 1
  std::unique_ptr<Directions> directions;
  bool controlled = false;
#endif

  int active() const {
    int count = 0;
    for (const Lane &a : lane) count += a.active();
    return count;
  }

  // Give a lane that has nothing to do the next set. True where a period begins.
  bool fill(int l) {
    while (!lane[l].active() && next < task.sets) {
      lane[l] = Lane();
      lane[l].set = next++;
      std::memcpy(&state[l * n], task.start + static_cast<std::size_t>(lane[l].set) * n, n * sizeof(double));
      enter(l, 0);
    }
    return fresh[l];
  }

  // Begin a period in a lane, or end its simulation where none is left.
  void enter(int l, int period) {
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
  void show_all(int l, int period) {
    for (Lane &a = lane[l]; a.shown < task.times_to[period]; ++a.shown) {
      report.show(l, a.shown, &state[l * n]);
#if LANES == 1
      if (directions) directions->show(a.shown, true);
#endif
    }
  }

  void leave(int l, Status status) {
    report.finish(l, lane[l], status, &state[l * n]);
    lane[l].set = -1;
    fresh[l] = false;
    for (int i = 0; i < n; ++i) at(correction + i, l) = at(psi + i, l) = 0.0;
    lane[l].c = 0.0;
  }

  // Hairer's choice of a first step (Solving ODEs I, II.4), for all lanes that begin a period.
  void first_steps() {
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

  void start(int l, double h, double slope) {
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
      V *q = history + DIFFERENCES * i;
      for (int k = 2; k < DIFFERENCES; ++k) at(q + k, l) = 0.0;
      at(q, l) = state[l * n + i];
      at(q + 1, l) = a.h * at(x + i, l);
    }
    if (!std::isfinite(slope)) return leave(l, NO_NUMBER);
#if LANES == 1
    if (following()) {
      for (int i = 0; i < n; ++i) y[i] = state[i];
      directions->begin(registers, a.period, a.h);
    }
#endif
    a.begin(formula, 1.0);
    M only = M{};
    mark(&only, l, true);
    move(only);
  }

  void move(M moving) {
    Weights w;
    for (int k = 1; k <= ORDERS; ++k)
      for (int l = 0; l < lanes; ++l) {
        const int order = lane[l].order;
        at(&w.use[k], l) = k <= order;
        at(&w.share[k], l) = k <= order ? formula.gamma[k] / formula.alpha[order] : 0.0;
      }
    predict(history, n, moving, w, rtol, atol, y, psi, correction, weight);
  }

  // New factors for all lanes that wait, when enough do.
  void refresh() {
    int waiting = 0, longest = 0;
    for (Lane &a : lane)
      if (a.active() && a.stale) {
        ++waiting;
        longest = std::max(longest, a.waited++);
      }
    const int running = active();
    if (!waiting || (waiting < std::min(MANY, running) && longest < LONGEST_WAIT)) return;
    V c = V{};
    M wanted = M{};
    for (int l = 0; l < lanes; ++l)
      if (lane[l].active() && lane[l].stale) {
        mark(&wanted, l, true);
        at(&c, l) = lane[l].c;
        lane[l].refreshed();
      }
    carry_out(t.jacobian, registers);
    factor.factorise(registers, c, wanted, waiting == running);
  }

  // One Newton iteration in every lane that has its factors, and what follows from it.
  void iterate() {
    carry_out(t.rates, registers);
    V c = V{}, scale = V{};
    M on = M{};
    for (int l = 0; l < lanes; ++l) {
      const Lane &a = lane[l];
      const bool moving = a.active() && !a.stale;
      mark(&on, l, moving);
      at(&c, l) = a.c;
      at(&scale, l) = moving ? 2.0 / (1.0 + a.c / a.c_factor) : 0.0; // CVODE's, for old factors
    }
    for (int i = 0; i < n; ++i) x[i] = (c * f[i] - psi[i] - correction[i]) * scale;
    for (int l = 0; l < lanes; ++l)
      if (lane[l].rest == Rest::NEWTON && !lane[l].stale) right_side(t, l, y, begun(l), x);
    factor.solve(x);
    V change = V{}, size = V{};
    for (int i = 0; i < n; ++i) {
      V step = on ? x[i] : V{};
      y[i] += step;
      V d = correction[i] + step;
      correction[i] = d;
      step *= weight[i];
      d *= weight[i];
      change += step * step;
      size += d * d;
    }
    judge(on, change, size);
  }

  double norm(const V &squares, int l) const { return std::sqrt(at(&squares, l) / n); }

  void judge(M on, const V &change, const V &size) {
    M accepted = M{};
    Outcome outcome[lanes];
    double times[lanes];
    bool any = false, moved = false;
    for (int l = 0; l < lanes; ++l) {
      outcome[l] = Outcome::ITERATE;
      times[l] = 1.0;
      if (!reinterpret_cast<const std::int64_t *>(&on)[l]) continue;
      if (lane[l].rest == Rest::NEWTON) {
        nearer(l);
        continue;
      }
      outcome[l] = lane[l].iterated(formula, norm(change, l), norm(size, l), &times[l]);
#if LANES == 1
      if (following() && outcome[l] == Outcome::ACCEPT) follow_step(norm(size, l), &outcome[l], &times[l]);
#endif
      if (outcome[l] == Outcome::ACCEPT) lane[l].accepted();
      any |= outcome[l] == Outcome::ACCEPT;
      moved |= outcome[l] != Outcome::ITERATE;
      mark(&accepted, l, outcome[l] == Outcome::ACCEPT);
    }
    if (!moved) return;
    V below = V{}, above = V{};
    if (any) {
      Orders order;
      for (int l = 0; l < lanes; ++l) order.of[l] = lane[l].order;
      accept(history, correction, weight, n, accepted, order, &below, &above);
    }
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
        arrived(l);
        if (lane[l].active() && !fresh[l] && lane[l].rest != Rest::NEWTON)
          times[l] = lane[l].gain(formula, sizes[0][l], sizes[1][l], sizes[2][l]);
      }
    again(outcome, times);
  }

#if LANES == 1
  bool following() const { return directions && lane[0].rest == Rest::NONE; }

  // Take the step in every direction; it is refused where their errors count and are too large.
  void follow_step(double size, Outcome *outcome, double *times) {
    Lane &a = lane[0];
    followed = directions->follow_step(registers, a.period, formula, a.order, a.c, rtol, atol);
    if (!controlled && std::isfinite(followed)) return;
    const double worst = larger(size, followed);
    if (!(worst * formula.error[a.order] <= 1.0))
      *outcome = std::isfinite(worst) ? a.refused(formula, worst, times) : a.unsolved(times);
  }

  void keep_step(double *size, double *below, double *above) {
    double low, high;
    directions->accept(lane[0].order, rtol, atol, &low, &high);
    if (!controlled) return;
    *size = larger(*size, followed);
    *below = larger(*below, low);
    *above = larger(*above, high);
  }

  double followed = 0.0;
#endif

  // A step has ended: show what was asked for on the way, and go on to the next period at its end.
  void arrived(int l) {
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

  // Where the run towards rest began, with what was dosed.
  const double *begun(int l) const { return &origin[l * n]; }

  // A step of the run has ended: remember where it was half way, and try Newton's method at its end.
  void towards_rest(int l) {
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

  // One step of Newton's method has been taken, of which `x` holds the length.
  void nearer(int l) {
    Lane &a = lane[l];
    ++a.solves;
    double size = 0.0, least = 0.0;
    for (int i = 0; i < n; ++i) {
      const double value = at(y + i, l), share = std::fabs(at(x + i, l)) / (std::fabs(value) + SMALL);
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
        stop(l, NOT_AT_REST, &state[l * n]);
        return;
      }
    }
#endif
    show_all(l, 0);
    enter(l, 1);
  }

  // Not there yet: ten times longer.
  void run_on(int l) {
    Lane &a = lane[l];
    if (a.rung == LAST_RUNG) {
      stop(l, NOT_AT_REST, &state[l * n]);
      return;
    }
    a.rest = Rest::RUN;
    a.since = RUNGS[a.rung];
    a.until = RUNGS[++a.rung];
    fresh[l] = true;
  }

  // The interpolating polynomial of the last step.
  void between(int l, double when, double *to) {
    const Lane &a = lane[l];
    double share[ORDERS + 1], product = 1.0;
    for (int k = 0; k < a.order; ++k) {
      product *= (when - (a.t - a.h * k)) / (a.h * (k + 1));
      share[k] = product;
    }
    for (int i = 0; i < n; ++i) {
      const V *q = history + DIFFERENCES * i;
      double value = at(q, l);
      for (int k = 0; k < a.order; ++k) value += share[k] * at(q + k + 1, l);
      to[i] = value;
    }
#if LANES == 1
    if (following()) directions->between(share, a.order);
#endif
  }

  // Predict the next step, or the same one again.
  void again(const Outcome *outcome, const double *times) {
    M moving = M{};
    V scale[ORDERS + 1][ORDERS + 1];
    bool rescaled = false;
    for (int l = 0; l < lanes; ++l) {
      Lane &a = lane[l];
      bool goes = a.active() && !fresh[l] && outcome[l] != Outcome::ITERATE && a.rest != Rest::NEWTON;
      double by = goes ? times[l] : 1.0, matrix[ORDERS + 1][ORDERS + 1];
      if (goes && !a.begin(formula, by)) goes = stop(l, STEP_TOO_SMALL);
      if (goes && a.tries >= task.most_steps) goes = stop(l, a.rest == Rest::RUN ? NOT_AT_REST : TOO_MANY_STEPS);
      if (!goes) by = 1.0;
      mark(&moving, l, goes);
      rescaled |= by != 1.0;
      rescaling(a.order, by, matrix);
      for (int j = 0; j <= ORDERS; ++j)
        for (int k = 0; k <= ORDERS; ++k) at(&scale[j][k], l) = matrix[j][k];
    }
    if (rescaled) rescale(history, n, scale);
#if LANES == 1
    if (rescaled && following()) directions->rescale(scale, lane[0].order);
#endif
    move(moving);
  }

  bool stop(int l, Status why, const double *where = nullptr) {
    for (int i = 0; i < n && !where; ++i) state[l * n + i] = at(history + DIFFERENCES * i, l);
    leave(l, why);
    return false;
  }
};

} // namespace
} // namespace mtorkin
