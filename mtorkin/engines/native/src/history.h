// The past of each lane as backward differences, and the way from one step to the next.
//
// What a step needs of them hangs on its order, and lanes differ in theirs. So differences lie by their
// distance from the order: place 0 is the difference of order + 1 (the last correction), place 1 that of the
// order, and so on to the species themselves, the difference 0; beyond them is 0. A place of all species lies
// in a row.
//
// A lane that a pass does not concern is multiplied with 1 and 0, which leaves its bits as long as they are
// numbers: a lane that is failing may fail otherwise among others than alone.
#pragma once

#include "formula.h"
#include "lanes.h"

namespace mtorkin {
namespace {

constexpr int PLACES = ORDERS + 2;

// Where a lane of an order has difference k.
inline int place_of(int order, int k) { return order + 1 - k; }

// What becomes of each lane's past.
struct Turn {
  M accepted{}, moving{};   // took a step; takes one next
  M raised{}, lowered{};    // its order is changed by one
  bool changed = false, rescaled = false; // the order of a lane; the step of a lane
  V own[PLACES] = {};        // 1 for places up to the species themselves where the step was accepted, else 0
  V share[PLACES] = {};      // of each place in what the next step knows: gamma_k / alpha_order
  V scale[PLACES][PLACES] = {}; // [from][to]: how places 1 to ORDERS change with the step
  // What is shown of the step: shares of each place before it, and of the correction.
  bool shows = false;
  V shown[PLACES] = {}, shown_correction{};
};

// Take up the corrections of the steps that were accepted, bring the differences to new orders and steps, and
// predict where the lanes of `moving` go next: y, the known part psi of the formula, and weights of the error
// norm there; `seen` becomes what is shown of the step. All in one pass, as these numbers do not fit into the
// nearest cache.
template <bool changed, bool rescaled, bool shows>
inline __attribute__((noinline)) void turn(V *__restrict history, int n, const Turn &how, V rtol, V atol,
                                           const V *__restrict correction, V *__restrict y, V *__restrict psi,
                                           V *__restrict weight, V *__restrict seen) {
  const M accepted = how.accepted, moving = how.moving;
#if LANES == 1
#pragma GCC ivdep
#endif
  for (int i = 0; i < n; ++i) {
    V a[PLACES + 2];
    V *__restrict q = a + 1;
    q[-1] = q[PLACES] = V{};
#pragma GCC unroll 8
    for (int s = 0; s < PLACES; ++s) q[s] = history[s * n + i];
    const V d = correction[i];
    if (shows) {
      V sum = how.shown_correction * d;
#pragma GCC unroll 8
      for (int s = 1; s < PLACES; ++s) sum += how.shown[s] * q[s];
      seen[i] = sum;
    }
    q[0] = accepted ? d : q[0];
#pragma GCC unroll 8
    for (int s = 1; s < PLACES; ++s) q[s] += how.own[s] * q[s - 1];
    if (changed) {
      V before = q[-1];
#pragma GCC unroll 8
      for (int s = 0; s < PLACES; ++s) {
        const V now = q[s];
        q[s] = how.raised ? before : how.lowered ? q[s + 1] : now;
        before = now;
      }
    }
    if (rescaled) {
#pragma GCC unroll 8
      for (int s = ORDERS; s >= 1; --s) {
        V sum = how.scale[s][s] * q[s];
#pragma GCC unroll 8
        for (int k = 1; k < s; ++k) sum += how.scale[k][s] * q[k];
        q[s] = sum;
      }
    }
    V value = q[PLACES - 1], known = V{};
#pragma GCC unroll 8
    for (int s = PLACES - 2; s >= 1; --s) {
      value += q[s];
      known += how.share[s] * q[s];
    }
#pragma GCC unroll 8
    for (int s = 0; s < PLACES; ++s) history[s * n + i] = q[s];
    const V size = value < 0.0 ? -value : value;
    const V inverse = 1.0 / (atol + rtol * size);
    y[i] = moving ? value : y[i];
    psi[i] = moving ? known : psi[i];
    weight[i] = moving ? inverse : weight[i];
  }
}

// Bring the differences of one lane to an order that is lower by any number.
inline void lower_order(V *history, int n, int l, int by) {
  for (int s = 0; s < PLACES; ++s)
    for (int i = 0; i < n; ++i)
      at(history + s * n + i, l) = s + by < PLACES ? at(history + (s + by) * n + i, l) : 0.0;
}

} // namespace
} // namespace mtorkin
