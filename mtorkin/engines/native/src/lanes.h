// A lane is one simulation. V holds one number for each of LANES simulations, M one mask.
//
// Everything below is written once for V; what differs between processors is LANES and the flags
// it is compiled with. Nothing computed in one lane depends on what is in another.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#ifndef LANES
#error "LANES is how many doubles a vector register holds"
#endif

namespace mtorkin {
namespace {

constexpr int lanes = LANES;

#if LANES == 1
using V = double;
using M = std::int64_t;
#else
typedef double V __attribute__((vector_size(8 * LANES)));
typedef std::int64_t M __attribute__((vector_size(8 * LANES)));
#endif

inline double &at(V *a, int lane) { return reinterpret_cast<double *>(a)[lane]; }
inline double at(const V *a, int lane) { return reinterpret_cast<const double *>(a)[lane]; }
inline void mark(M *m, int lane, bool on) { reinterpret_cast<std::int64_t *>(m)[lane] = on ? -1 : 0; }

inline V all(double x) {
#if LANES == 1
  return x;
#else
  return x - V{};
#endif
}

// An array that is aligned for V and begins with zeros.
template <class T> class Block {
public:
  explicit Block(std::size_t n) {
    const std::size_t bytes = ((n * sizeof(T) + 127) / 64) * 64;
    data = static_cast<T *>(std::aligned_alloc(64, bytes));
    if (!data) throw std::bad_alloc();
    std::memset(static_cast<void *>(data), 0, bytes);
  }
  ~Block() { std::free(data); }
  Block(const Block &) = delete;
  Block &operator=(const Block &) = delete;
  void swap(Block &other) {
    T *mine = data;
    data = other.data;
    other.data = mine;
  }
  operator T *() { return data; }
  operator const T *() const { return data; }

private:
  T *data;
};

} // namespace
} // namespace mtorkin
