"""Everything a fit found as one NetCDF file, for R, Julia, Matlab or xarray.

Columns of tables are variables named `table.column` along a dimension of the table's name. The format is
NetCDF 3, which scipy writes and everything reads; it knows no groups and no whole numbers of 64 bits.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import xarray

from mtorkin.errors import TableError
from mtorkin.files import atomic_path
from mtorkin.fit.result import FitResult
from mtorkin.report.findings import Findings

__all__ = ["dataset_of", "earlier_claims", "write_dataset"]

TIMES = ("data.time", "curves.time", "bands.time", "predicted.time")
UNITS = {**dict.fromkeys(TIMES, "min"), "starts.seconds": "s"}
BEFORE, AFTER = "claims_before", "claims"


def dataset_of(findings: Findings) -> xarray.Dataset:
    """Tables of the fit, its profiles and its posterior.

    Besides the tables of `FitResult` (`parameters` is its `table`): `fisher` (parameter, parameter2),
    `curves`, `bands` of these and `predicted` (`Following`), `profile` (one row a parameter),
    `profile_curves`, `claims` (fitted) and `claims_before`, and
    `posterior.points` (ensemble, step, walker, parameter; natural logs) with `posterior.density`.
    """
    result, profiles, posterior = findings.result, findings.profiles, findings.posterior
    free = np.array(list(result.best), dtype=str)
    made = xarray.Dataset(coords={"parameter": free})
    tables = {
        "parameters": (result.table, "parameter"),
        "starts": (result.starts.reset_index(), "start"),
        "scales": (result.scales, "scale"),
        "noise": (result.noise, "antibody"),
        "data": (result.data, "lane"),
        "curves": (result.curves, "curve_point"),
    }
    if profiles is not None:
        tables["profile"] = (profiles.table.reset_index(), "profile")
        tables["profile_curves"] = (profiles.curves, "profile_point")
    if findings.follows is not None:
        tables["bands"] = (findings.follows.curves, "band_point")
        tables["predicted"] = (findings.follows.predicted, "predicted_point")
    if findings.before is not None and findings.after is not None:
        tables |= {BEFORE: (findings.before, "claim_before"), AFTER: (findings.after, "claim")}
    for name, (table, dimension) in tables.items():
        for column in table.columns:
            made[f"{name}.{column}"] = (dimension, _plain(table[column]))
    if not result.fisher.empty:
        made["fisher"] = (("parameter", "parameter2"), result.fisher.to_numpy(float))
    if posterior is not None:
        made["posterior.points"] = (("ensemble", "step", "walker", "parameter"), posterior.points)
        made["posterior.density"] = (("ensemble", "step", "walker"), posterior.density)
    for name, unit in UNITS.items():
        if name in made:
            made[name].attrs["units"] = unit
    made.attrs = {
        "title": "mtorkin fit",
        "objective": result.objective,
        "settings": json.dumps(dict(result.settings)),
        "notes": json.dumps(list(result.notes)),
    }
    return made


def write_dataset(findings: Findings, path: str | os.PathLike[str]) -> Path:
    """Write `dataset_of` as NetCDF, atomically; returns the path. Raises OSError."""
    with atomic_path(path) as temporary:
        dataset_of(findings).to_netcdf(temporary, engine="scipy", format="NETCDF3_64BIT")
    return Path(path)


def earlier_claims(
    path: str | os.PathLike[str], result: FitResult
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Claims before and after a fit as `write_dataset` wrote them; None where it wrote none of this fit.

    Raises TableError where the file is no data set of a fit.
    """
    try:
        with xarray.open_dataset(path, engine="scipy") as saved:
            settings, objective = json.loads(saved.attrs["settings"]), float(saved.attrs["objective"])
            found = [_table(saved, name) for name in (BEFORE, AFTER)]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise TableError(
            f"{path}: is not what `mtorkin report` wrote ({type(error).__name__}); remove it"
        ) from None
    same = settings.get("fingerprint") == result.settings["fingerprint"] and objective == result.objective
    before, after = found
    return (before, after) if same and not before.empty and not after.empty else None


def _table(saved: xarray.Dataset, name: str) -> pd.DataFrame:
    """A table of a data set, empty where it is not there; text as text."""
    columns = {str(key).partition(".")[2]: saved[key] for key in saved if str(key).startswith(f"{name}.")}
    made = {
        key: each.to_numpy().astype(str) if each.dtype.kind in "SUO" else each.to_numpy()
        for key, each in columns.items()
    }
    return pd.DataFrame(made)


def _plain(column: pd.Series) -> np.ndarray:
    """A column as numbers or text, as NetCDF has them."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(np.int8)
    if pd.api.types.is_integer_dtype(column.dtype):
        return column.to_numpy(np.int32)
    if pd.api.types.is_float_dtype(column.dtype):
        return column.to_numpy(float)
    return column.fillna("").astype(str).to_numpy(dtype=str)
