// The functions that Python calls. Compiled twice into each library: for one lane and for many.
#include <vector>

#include "ensemble.h"
#include "resting.h"
#include "schedule.h"
#include "stepping.h"

#define JOINED(a, b) a##b
#if LANES == 1
#define NAMED(name) JOINED(name, _one)
#else
#define NAMED(name) JOINED(name, _many)
#endif

using namespace mtorkin;

extern "C" {

int NAMED(mtorkin_lanes)() { return lanes; }

// Nothing where there is not enough memory.
void *NAMED(mtorkin_begin)(const Tables *tables, const Task *task) {
  try {
    return new Ensemble(*tables, *task);
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

// 1 while there is more to do, 0 when all is done, -1 where there is not enough memory.
int NAMED(mtorkin_advance)(void *ensemble, int rounds) {
  try {
    return static_cast<Ensemble *>(ensemble)->advance(rounds);
  } catch (const std::bad_alloc &) {
    return -1;
  }
}

void NAMED(mtorkin_end)(void *ensemble) { delete static_cast<Ensemble *>(ensemble); }

// Rates of change, nonzeros of the Jacobian of the unknowns and observables at many states, each with constants of its
// own, or all with the same. What is not asked for is nothing.
void NAMED(mtorkin_evaluate)(const Tables *tables, int count, int same, const double *states,
                             const double *constants, double *rates, double *jacobian, double *observed) {
  const Tables &t = *tables;
  const int n = t.species, nonzeros = t.j_starts[t.unknowns];
  Block<V> r(t.registers);
  for (int i = 0; i < t.numbers; ++i) r[i] = all(t.number_values[i]);
  for (int first = 0; first < count; first += lanes) {
    for (int l = 0; l < lanes; ++l) {
      const std::size_t s = std::min(first + l, count - 1);
      for (int i = 0; i < n; ++i) at(r + t.y_at + i, l) = states[s * n + i];
      for (int i = 0; i < t.constants; ++i) at(r + t.p_at + i, l) = constants[same ? i : s * t.constants + i];
    }
    carry_out(t.prelude, r);
    if (rates) carry_out(t.rates, r);
    if (jacobian) carry_out(t.jacobian, r);
    if (observed) carry_out(t.observe, r);
    for (int l = 0; l < lanes && first + l < count; ++l) {
      const std::size_t s = first + l;
      for (int i = 0; rates && i < n; ++i) rates[s * n + i] = at(r + t.f_at + i, l);
      for (int i = 0; jacobian && i < nonzeros; ++i) jacobian[s * nonzeros + i] = at(r + t.j_registers[i], l);
      for (int i = 0; observed && i < t.observables; ++i)
        observed[s * t.observables + i] = at(r + t.o_at + i, l);
    }
  }
}

// Solve (I - c J) x = b for many J, given by their nonzeros; b, by species, is overwritten with x. 1 where done,
// -1 where there is not enough memory.
int NAMED(mtorkin_solve)(const Tables *tables, int count, const double *jacobian, const double *c, double *b) try {
  Tables t = *tables;
  const int n = t.species, nonzeros = t.j_starts[t.unknowns];
  std::vector<std::int32_t> own(nonzeros); // in the network's registers some nonzeros share one
  for (int i = 0; i < nonzeros; ++i) own[i] = i;
  t.j_registers = own.data();
  Block<V> j(nonzeros), x(t.unknowns + 1);
  Factor factor(t);
  M every = M{};
  for (int l = 0; l < lanes; ++l) mark(&every, l, true);
  for (int first = 0; first < count; first += lanes) {
    V step = V{};
    for (int l = 0; l < lanes; ++l) {
      const std::size_t s = std::min(first + l, count - 1);
      at(&step, l) = c[s];
      for (int i = 0; i < nonzeros; ++i) at(j + i, l) = jacobian[s * nonzeros + i];
      for (int i = 0; i < n; ++i) at(x + t.row_of[i], l) = b[s * n + i];
    }
    for (int k = 0; k < t.unknowns - n; ++k) x[t.kept[k]] = V{};
    factor.factorise(j, step, every);
    factor.solve(x);
    for (int l = 0; l < lanes && first + l < count; ++l)
      for (int i = 0; i < n; ++i) b[static_cast<std::size_t>(first + l) * n + i] = at(x + t.row_of[i], l);
  }
  return 1;
} catch (const std::bad_alloc &) {
  return -1;
}
}

#if LANES == 1
// Have the one simulation of an ensemble followed in some directions. 1 where done, -1 where there is
// not enough memory.
extern "C" int mtorkin_follow(void *ensemble, const Follow *how) {
  try {
    static_cast<Ensemble *>(ensemble)->follow(*how);
    return 1;
  } catch (const std::bad_alloc &) {
    return -1;
  }
}

// Which sources this was built from; the rest of the interface depends on it.
extern "C" const char *mtorkin_sources() { return SOURCES; }

// How wide this processor is: 0 for what every one has, 1 for AVX2 with FMA, 2 for AVX-512.
extern "C" int mtorkin_processor() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                 __builtin_cpu_supports("avx512vl")
             ? 2
             : 1;
#else
  return 0;
#endif
}
#endif
