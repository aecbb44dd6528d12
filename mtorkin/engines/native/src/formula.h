// The numerical differentiation formulas of orders 1 to 5 with a step that is constant for a while:
// L. F. Shampine and M. W. Reichelt, The MATLAB ODE Suite, SIAM J. Sci. Comput. 18 (1997).
#pragma once

#include <cmath>

namespace mtorkin {
namespace {

constexpr int ORDERS = 5;

struct Formula {
  double gamma[ORDERS + 2], alpha[ORDERS + 2], error[ORDERS + 2];
  double share[ORDERS + 1][ORDERS + 1]; // of difference k in what a step of an order knows; else 0
  Formula() {
    const double kappa[ORDERS + 2] = {0.0, -0.1850, -1.0 / 9.0, -0.0823, -0.0415, 0.0, 0.0};
    gamma[0] = 0.0;
    for (int k = 1; k < ORDERS + 2; ++k) gamma[k] = gamma[k - 1] + 1.0 / k;
    for (int k = 0; k < ORDERS + 2; ++k) {
      alpha[k] = (1.0 - kappa[k]) * gamma[k];
      error[k] = kappa[k] * gamma[k] + 1.0 / (k + 1);
    }
    for (int order = 0; order <= ORDERS; ++order)
      for (int k = 0; k <= ORDERS; ++k) share[order][k] = k && k <= order ? gamma[k] / alpha[order] : 0.0;
  }
};

// How differences 1 to `order` change where the step is multiplied, as a matrix.
inline void rescaling(int order, double factor, double out[ORDERS + 1][ORDERS + 1]) {
  for (int i = 0; i <= ORDERS; ++i)
    for (int j = 0; j <= ORDERS; ++j) out[i][j] = i == j;
  double part[2][ORDERS + 1][ORDERS + 1];
  for (int which = 0; which < 2; ++which) {
    const double f = which ? 1.0 : factor;
    for (int j = 0; j <= order; ++j) part[which][0][j] = 1.0;
    for (int i = 1; i <= order; ++i)
      for (int j = 0; j <= order; ++j)
        part[which][i][j] = part[which][i - 1][j] * (j ? (i - 1 - f * j) / i : 0.0);
  }
  for (int i = 1; i <= order; ++i)
    for (int j = 1; j <= order; ++j) {
      double sum = 0.0;
      for (int k = 0; k <= order; ++k) sum += part[0][i][k] * part[1][k][j];
      out[i][j] = sum;
    }
}

} // namespace
} // namespace mtorkin
