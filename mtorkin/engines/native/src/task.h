// What Python hands over. mtorkin/engines/native/library.py has the same structures.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "Four is read as on a processor that stores the lowest byte first"
#endif

extern "C" {

// Four products in a row, with entries of L or U from `first` on. In a factorisation the places `other`
// of a row are lowered by the place `one` times those, in a solution `one` by those times the `other`.
// The four `others` are read at once, 16 bits each, the first lowest: loads are what limits a solution.
struct Four {
  std::uint64_t others;
  std::int32_t first;
  std::uint16_t one, unused;
};

// One network: see mtorkin/engines/native/tables.py. Species are in order of elimination;
// unknowns are species and the assignments that are kept, in the same order.
struct Tables {
  std::int32_t species, constants, inputs, numbers, registers, observables;
  std::int32_t y_at, p_at, f_at, o_at, dense, totals, g_at, unknowns;
  const double *number_values;
  const std::int32_t *order; // places of the species in the network, in which results are
  const std::int32_t *prelude, *rates, *jacobian, *observe, *slopes;
  const std::int32_t *j_starts, *j_columns, *j_registers; // of the unknowns
  const std::int32_t *species_of; // (unknowns,) which species, or how many there are: an assignment
  const std::int32_t *row_of;     // (species,) which unknown
  const std::int32_t *kept;       // rows of the assignments, each after those that it reads
  const std::int32_t *l_starts, *l_columns, *u_starts; // a row in work: L, diagonal, U; or L, block
  const std::int32_t *row_sizes, *j_places, *blank_starts, *blanks; // blanks: not in J
  const std::int32_t *update_starts; // by row
  const Four *updates, *l_terms, *u_terms;
  std::int64_t l_count, u_count; // of terms
  const std::int32_t *t_starts, *t_columns, *t_dependent; // what is conserved, each with a species
  const double *t_weights;                                // that is in no other and has weight 1
};

// Simulations to be done. Inputs are the last of the constants; each period has its own.
struct Task {
  std::int32_t sets, periods, times, steady; // steady: the first period ends where nothing changes
  std::int32_t most_steps, most_order;
  std::int32_t shared, reserved; // shared: factors of all lanes are renewed when one needs it
  double rtol, atol;
  double negative;               // nM: how far below 0 rounding may lead
  double rest_rtol, rest_atol; // of the run towards a steady state
  const double *constants;      // (sets, constants)
  const double *start;          // (sets, species)
  const double *inputs;         // (periods, inputs)
  const double *begin, *end;    // (periods,) min
  const double *when;           // (times,) min
  const std::int32_t *times_to; // (periods,) how many of the times come before a period's end
  const std::int32_t *doses_to; // (periods,) how many of the doses are given by then
  const std::int32_t *dose_species;
  const double *dose_values;
  double *species_seen;    // (sets, times, species), or nothing
  double *observed;        // (sets, times, observables), or nothing
  double *last;            // (sets, species): where it ended
  std::int32_t *status;    // (sets,)
  std::int32_t *culprit;   // (sets,): the species that is below 0
  double *stopped_at;      // (sets,) min
  std::int64_t *counts;    // (sets, 4): steps, Newton iterations, factorisations, error-test failures
};

// Directions in which one simulation is followed. The derivative of the rates by a constant is a sum
// of terms: one of a species by a constant, times `scale` of the direction, in one period or (-1) all.
struct Follow {
  std::int32_t count, terms, controlled, reserved; // controlled: their errors limit the steps too
  const double *start;                             // (count, species)
  const double *scale;                             // (count,)
  const std::int32_t *term_direction, *term_species, *term_entry, *term_period;
  const std::int32_t *dose_direction; // of each dose of the task, or -1
  double *seen;                       // (times, count, species)
};

enum Status { WAITING, DONE, NO_NUMBER, STEP_TOO_SMALL, TOO_MANY_STEPS, NOT_AT_REST, BELOW_ZERO };
}

static_assert(sizeof(Four) == 16 && offsetof(Four, first) == 8 && offsetof(Four, one) == 12,
              "as in mtorkin/engines/native/elimination.py");
