"""What a report is made of: a fit and whatever was done with it afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mtorkin.errors import TableError
from mtorkin.fit.posterior import Posterior
from mtorkin.fit.profiles import Profiles
from mtorkin.fit.result import FitResult
from mtorkin.report.following import Following

__all__ = ["Findings", "changed_claims"]


@dataclass(frozen=True, eq=False)
class Findings:
    """A fit, its profiles and posterior where there are any, what follows, and claims before and after it.

    `follows` are bands and a prediction (`following`); `kept` says that the claims are of an earlier report.
    `before` and `after` are tables of `run_claims`, with the model's own values and with those of the fit.
    Raises TableError where profiles or posterior are of another fit.
    """

    result: FitResult
    profiles: Profiles | None = None
    posterior: Posterior | None = None
    before: pd.DataFrame | None = None
    after: pd.DataFrame | None = None
    follows: Following | None = None
    kept: bool = False

    def __post_init__(self) -> None:
        mark, objective = self.result.settings["fingerprint"], self.result.objective
        profiles, posterior = self.profiles, self.posterior
        if profiles is not None and (profiles.fingerprint, profiles.fit_objective) != (mark, objective):
            raise TableError(
                f"these profiles are of another fit ({profiles.source}); make them anew: mtorkin profile"
            )
        if posterior is not None and (posterior.fingerprint, posterior.objective) != (mark, objective):
            raise TableError(
                f"this posterior is of another fit ({posterior.source}); make it anew: mtorkin sample"
            )


def changed_claims(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Criteria whose status the fit changed.

    Columns id, statement, criterion, value_before, value_after (in the criterion's unit), before, after.
    """
    keys = ["id", "criterion"]
    both = before.merge(after, on=keys, suffixes=("_before", "_after"), validate="one_to_one")
    table = both[both["status_before"] != both["status_after"]]
    columns = [
        "id",
        "statement_before",
        "criterion",
        "value_before",
        "value_after",
        "status_before",
        "status_after",
    ]
    return (
        table[columns]
        .rename(columns={"statement_before": "statement", "status_before": "before", "status_after": "after"})
        .reset_index(drop=True)
    )
