"""The priors of PEtab format 2, which are cut off at the bounds of their parameters."""

from __future__ import annotations

import math

from mtorkin.petab.problem import Prior
from mtorkin.petab.tables import Row, as_number

__all__ = ["prior_of"]

# what our names are for them, and how many numbers they have
KINDS = {
    "cauchy": ("cauchy", 2),
    "chisquare": ("chisquare", 1),
    "exponential": ("exponential", 1),
    "gamma": ("gamma", 2),
    "laplace": ("laplace", 2),
    "log-laplace": ("logLaplace", 2),
    "log-normal": ("logNormal", 2),
    "log-uniform": ("logUniform", 2),
    "normal": ("normal", 2),
    "rayleigh": ("rayleigh", 1),
    "uniform": ("uniform", 2),
}


def prior_of(row: Row, lower: float, upper: float) -> Prior | None:
    """Return the prior of a row of the parameter table, within its bounds; None where it has none.

    Raises NotRead where it is not known or the bounds leave nothing of it.
    """
    said = row.text("priorDistribution")
    if not said:
        if row.text("priorParameters"):
            raise row.error("priorDistribution", "is empty, and priorParameters are not")
        return None
    if said not in KINDS:
        raise row.error("priorDistribution", f"{said[:80]!r} is none of {', '.join(KINDS)}")
    kind, count = KINDS[said]
    read = [as_number(t) for t in row.text("priorParameters").split(";")]
    numbers = tuple(n for n in read if n is not None and math.isfinite(n))
    if len(read) != count or len(numbers) != count:
        raise row.error("priorParameters", f"{count} {'number is' if count == 1 else 'numbers are'} needed")
    least = numbers[0] if "niform" in kind else 0.0
    positive = kind in ("gamma", "logUniform") and not numbers[0] > 0
    if not numbers[-1] > least or positive:
        said_numbers = ";".join(f"{n:g}" for n in numbers)
        raise row.error("priorParameters", f"{said_numbers} are not those of {said}")
    within = _within(kind, numbers, lower, upper)
    if not within > 0:
        raise row.error("priorDistribution", f"nothing of it is within {lower:g} to {upper:g}")
    flat = kind == "uniform" and numbers[0] <= lower and upper <= numbers[1]
    return Prior(kind, numbers, within, flat)


def _within(kind: str, numbers: tuple[float, ...], lower: float, upper: float) -> float:
    """The probability between two bounds."""
    from scipy import stats  # here: it is slow to import

    if kind.startswith("log"):
        lower, upper = (math.log(b) if b > 0 else -math.inf for b in (lower, upper))
        kind = kind.removeprefix("log").lower()
        numbers = tuple(math.log(n) for n in numbers) if kind == "uniform" else numbers
    match kind:
        case "uniform":
            found = stats.uniform(numbers[0], numbers[1] - numbers[0])
        case "gamma":
            found = stats.gamma(numbers[0], scale=numbers[1])
        case "chisquare":
            found = stats.chi2(numbers[0])
        case "exponential":
            found = stats.expon(scale=numbers[0])
        case "rayleigh":
            found = stats.rayleigh(scale=numbers[0])
        case _:
            found = {"normal": stats.norm, "laplace": stats.laplace, "cauchy": stats.cauchy}[kind](*numbers)
    # from the side on which less is lost to rounding
    return float(max(found.cdf(upper) - found.cdf(lower), found.sf(lower) - found.sf(upper)))
