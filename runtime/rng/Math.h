// log, cos and sin in f64 from +, -, * and / alone, which IEEE rounds the same way everywhere: the
// C library's differ between versions, and initial weights must not.
#ifndef TENON_RNG_MATH_H
#define TENON_RNG_MATH_H

namespace tenon::rt {

/// Natural logarithm of a finite, normal x > 0; error below 2 units in the last place.
double portableLog(double x);

struct CosSin {
  double cos, sin;
};
/// Of 2*pi*turns, for 0 <= turns <= 1; absolute error below 1e-15.
CosSin portableCosSinOfTurns(double turns);

} // namespace tenon::rt

#endif
