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

constexpr int MANY = (5 * lanes + 4) / 8; // lanes that want factors, from where nobody waits
constexpr int LONGEST_WAIT = 8;           // rounds

class Ensemble {
public:
  Ensemble(const Tables &tables, const Task &task)
      : t(tables), task(task), n(tables.species), registers(tables.registers), history(PLACES * n),
        psi(n), correction(n), weight(n), seen(n), x(t.unknowns + 1), state(static_cast<std::size_t>(n) * lanes),
        origin(static_cast<std::size_t>(n) * lanes), halfway(static_cast<std::size_t>(n) * lanes), factor(t),
        report(t, this->task) {
    for (int i = 0; i < t.numbers; ++i) registers[i] = all(t.number_values[i]);
    std::fill(showing, showing + lanes, -1);
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
  Block<V> registers, history, psi, correction, weight, seen;
  Block<V> x; // (unknowns + 1,): the right-hand side of a linear system, then its solution; rates by species
              // where a period begins
  Block<double> state;   // (lanes, species) where a lane begins a period, or comes to
  Block<double> origin;  // (lanes, species) where its run towards rest began
  Block<double> halfway; // (lanes, species) half way to where it is to be at rest
  V rtol = V{}, atol = V{};
  Factor factor;
  Report report;
  Lane lane[lanes];
  bool fresh[lanes] = {}; // begins a period
  int showing[lanes];     // which time is shown when the past is next gone through, or -1
  int next = 0;
  V *y, *f;

  int active() const {
    int count = 0;
    for (const Lane &a : lane) count += a.active();
    return count;
  }
  double norm(const V &squares, int l) const { return std::sqrt(at(&squares, l) / n); }
  // Where the run towards rest began, with what was dosed.
  const double *begun(int l) const { return &origin[l * n]; }

  // schedule.h
  bool fill(int l);
  void enter(int l, int period);
  void show_all(int l, int period);
  void arrived(int l, Turn &how);
  void show_waiting();
  void show_now(int l, const Turn &how);
  void show_later(int l, int k, Turn &how);
  void between(int l, double when, double *to);
  void leave(int l, Status status);
  bool stop(int l, Status why, bool stepped, const Turn &how);

  // stepping.h
  void first_steps();
  void start(int l, double h, double slope);
  void move(Turn &how);
  void refresh();
  void iterate();
  template <bool first> void newton(M on, M started, V c, V scale);
  void judge(M on, const V &change, const V &size, const V &below, const V &above);
  void again(const Outcome *outcome, const double *times, Turn &how);
  void change_step(int l, double factor, Turn &how);

  // resting.h
  void towards_rest(int l);
  void nearer(int l);
  void run_on(int l);

#if LANES == 1
  std::unique_ptr<Directions> directions;
  bool controlled = false;
  double followed = 0.0; // largest norm of what the directions needed as corrections in this step
  bool following() const { return directions && lane[0].rest == Rest::NONE; }
  void follow_step(double size, Outcome *outcome, double *times);
  void keep_step(double *size, double *below, double *above);
#endif
};

} // namespace
} // namespace mtorkin
