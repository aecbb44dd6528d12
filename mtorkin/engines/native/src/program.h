// The bytecode: runs of one instruction on registers that hold a number for each lane.
// mtorkin/engines/native/bytecode.py writes it.
#pragma once

#include "lanes.h"

namespace mtorkin {
namespace {

enum Operation { END, ADD2, ADD3, SUB2, MUL2, MUL3, RCP, POW, MOVE, NEGATE, ACC, EXP, LN, LN0, RPOW, SCALE };

inline V whole_power(V x, int exponent) {
  V result = all(1.0);
  for (; exponent; exponent >>= 1) {
    if (exponent & 1) result *= x;
    x *= x;
  }
  return result;
}

// What models of others use, lane by lane. As in mtorkin/language/functions.py, a base below 0
// counts as 0 unless the exponent is whole.
inline double logarithm_of_zero(double x) { return x > 0.0 ? std::log(x) : 0.0; }

inline double real_power(double base, double exponent) {
  return std::pow(base < 0.0 && exponent != std::nearbyint(exponent) ? 0.0 : base, exponent);
}

template <class F> inline void each(V *__restrict r, const int *__restrict w, F f) {
  for (int l = 0; l < lanes; ++l) at(r + w[0], l) = f(at(r + w[1], l));
}

// Constants, in a row, by registers; the products lie in a row of their own.
inline void scale(V *__restrict to, const V *__restrict by, const V *__restrict r, const int *__restrict of, int count) {
  for (int i = 0; i < count; ++i) to[i] = by[i] * r[of[i]];
}

// Registers added, registers taken away, products of two: the counts stand before the operands.
inline const int *accumulate(V *__restrict r, const int *__restrict w) {
  const int plus = w[1], minus = w[2], pairs = w[3];
  const int *q = w + 4;
  V sum = V{}, other = V{};
  int k = 0;
  for (; k + 1 < plus; k += 2) {
    sum += r[q[k]];
    other += r[q[k + 1]];
  }
  if (k < plus) sum += r[q[k]];
  q += plus;
  for (k = 0; k + 1 < minus; k += 2) {
    sum -= r[q[k]];
    other -= r[q[k + 1]];
  }
  if (k < minus) sum -= r[q[k]];
  q += minus;
  for (k = 0; k + 1 < pairs; k += 2, q += 4) {
    sum += r[q[0]] * r[q[1]];
    other += r[q[2]] * r[q[3]];
  }
  if (k < pairs) {
    sum += r[q[0]] * r[q[1]];
    q += 2;
  }
  r[w[0]] = sum + other;
  return q;
}

inline __attribute__((noinline)) void carry_out(const int *__restrict w, V *__restrict r) {
  for (;;) {
    const int operation = w[0];
    if (operation == END) return;
    int left = w[1];
    w += 2;
    switch (operation) {
    case ADD2:
      for (; left; --left, w += 3) r[w[0]] = r[w[1]] + r[w[2]];
      break;
    case ADD3:
      for (; left; --left, w += 4) r[w[0]] = r[w[1]] + r[w[2]] + r[w[3]];
      break;
    case SUB2:
      for (; left; --left, w += 3) r[w[0]] = r[w[1]] - r[w[2]];
      break;
    case MUL2:
      for (; left; --left, w += 3) r[w[0]] = r[w[1]] * r[w[2]];
      break;
    case MUL3:
      for (; left; --left, w += 4) r[w[0]] = r[w[1]] * r[w[2]] * r[w[3]];
      break;
    case RCP:
      for (; left; --left, w += 2) r[w[0]] = 1.0 / r[w[1]];
      break;
    case POW:
      for (; left; --left, w += 3) r[w[0]] = whole_power(r[w[1]], w[2]);
      break;
    case MOVE:
      for (; left; --left, w += 2) r[w[0]] = r[w[1]];
      break;
    case NEGATE:
      for (; left; --left, w += 2) r[w[0]] = -r[w[1]];
      break;
    case EXP:
      for (; left; --left, w += 2) each(r, w, [](double x) { return std::exp(x); });
      break;
    case LN:
      for (; left; --left, w += 2) each(r, w, [](double x) { return std::log(x); });
      break;
    case LN0:
      for (; left; --left, w += 2) each(r, w, logarithm_of_zero);
      break;
    case RPOW:
      for (; left; --left, w += 3)
        for (int l = 0; l < lanes; ++l) at(r + w[0], l) = real_power(at(r + w[1], l), at(r + w[2], l));
      break;
    case SCALE:
      scale(r + w[0], r + w[1], r, w + 2, left);
      w += 2 + left;
      break;
    default:
      for (; left; --left) w = accumulate(r, w);
    }
  }
}

} // namespace
} // namespace mtorkin
