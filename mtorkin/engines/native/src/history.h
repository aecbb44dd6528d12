// The past of each lane as backward differences: all of a species' differences lie side by side.
#pragma once

#include "formula.h"
#include "lanes.h"

namespace mtorkin {
namespace {

struct Orders {
  int of[lanes];
};

// Add the correction d of a step to the differences, in the lanes of `accepted`. `below` and `above`
// become the squared norms of the differences that tell the error at one order less and one more.
inline __attribute__((noinline)) void accept(V *__restrict history, const V *__restrict correction,
                                             const V *__restrict weight, int n, M accepted,
                                             const Orders &order, V *below, V *above) {
  V low = V{}, high = V{};
#if LANES == 1
  if (accepted) {
    const int o = order.of[0];
    for (int i = 0; i < n; ++i) {
      double *q = history + DIFFERENCES * i;
      const double d = correction[i];
      q[o + 2] = d - q[o + 1];
      q[o + 1] = d;
      for (int k = o; k >= 0; --k) q[k] += q[k + 1];
      const double a = q[o] * weight[i], b = q[o + 2] * weight[i];
      low += a * a;
      high += b * b;
    }
  }
#else
  M upto[DIFFERENCES], is[DIFFERENCES], next[DIFFERENCES], second[DIFFERENCES];
  for (int k = 0; k < DIFFERENCES; ++k)
    for (int l = 0; l < lanes; ++l) {
      const bool on = reinterpret_cast<const std::int64_t *>(&accepted)[l];
      mark(&upto[k], l, on && k <= order.of[l]);
      mark(&is[k], l, on && k == order.of[l]);
      mark(&next[k], l, on && k == order.of[l] + 1);
      mark(&second[k], l, on && k == order.of[l] + 2);
    }
  for (int i = 0; i < n; ++i) {
    V *__restrict q = history + DIFFERENCES * i;
    const V d = correction[i];
    V after = V{}, a = V{}, b = V{};
#pragma GCC unroll 8
    for (int k = DIFFERENCES - 1; k >= 0; --k) {
      const V old = q[k];
      V now = upto[k] ? old + after : old;
      if (k >= 2) now = next[k] ? d : now;
      if (k >= 3) now = second[k] ? d - q[k - 1] : now;
      q[k] = now;
      after = now;
      if (k >= 1) a = is[k] ? now : a;
      if (k >= 3) b = second[k] ? now : b;
    }
    a *= weight[i];
    b *= weight[i];
    low += a * a;
    high += b * b;
  }
#endif
  *below = low;
  *above = high;
}

// What the prediction of a step needs, by lane: `use[k]` is 1 up to the order, `share[k]` is
// gamma_k / alpha_order there.
struct Weights {
  V use[ORDERS + 1], share[ORDERS + 1];
};

// Bring the differences to a new step, where `scale` is not the identity.
inline __attribute__((noinline)) void rescale(V *__restrict history, int n,
                                              const V scale[ORDERS + 1][ORDERS + 1]) {
  for (int i = 0; i < n; ++i) {
    V *__restrict q = history + DIFFERENCES * i;
    V a[ORDERS + 1];
#pragma GCC unroll 6
    for (int k = 1; k <= ORDERS; ++k) a[k] = q[k];
#pragma GCC unroll 6
    for (int j = 1; j <= ORDERS; ++j) {
      V sum = scale[j][j] * a[j];
#pragma GCC unroll 6
      for (int k = j + 1; k <= ORDERS; ++k) sum += scale[k][j] * a[k];
      q[j] = sum;
    }
  }
}

// Where the lanes of `moving` go next by their past: y, the known part psi of the formula, and
// weights of the error norm there. The correction begins at 0.
inline __attribute__((noinline)) void predict(const V *__restrict history, int n, M moving,
                                              const Weights &w, V rtol, V atol,
                                              V *__restrict y, V *__restrict psi,
                                              V *__restrict correction, V *__restrict weight) {
  for (int i = 0; i < n; ++i) {
    const V *__restrict q = history + DIFFERENCES * i;
    V value = q[0], known = V{};
#pragma GCC unroll 6
    for (int k = 1; k <= ORDERS; ++k) {
      value += w.use[k] * q[k];
      known += w.share[k] * q[k];
    }
    const V size = value < 0.0 ? -value : value;
    const V inverse = 1.0 / (atol + rtol * size);
    y[i] = moving ? value : y[i];
    psi[i] = moving ? known : psi[i];
    correction[i] = moving ? V{} : correction[i];
    weight[i] = moving ? inverse : weight[i];
  }
}

} // namespace
} // namespace mtorkin
