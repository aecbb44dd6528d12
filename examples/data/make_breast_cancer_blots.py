"""Write breast_cancer_blots.csv from the published supporting table (see README.md here).

Usage: python make_breast_cancer_blots.py PATH/TO/table_S3.xlsx

Needs openpyxl. The table holds densitometry values that its authors had already divided by the
mean of the blot and by the total protein in the lane (Coomassie); the raw grey values are not in
it, so the columns `loading_control` and `background` stay empty.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from mtorkin.files import write_text

COLUMNS = (
    "blot",
    "lane",
    "condition",
    "time",
    "target",
    "signal",
    "loading_control",
    "background",
    "replicate",
    "saturated",
    "below_detection",
)
# the workbook's sheet "Description" gives the experiment of each replicate; one experiment is one
# blot per antibody with twelve lanes, six of each cell line
BLOTS = {"1": "LT_01_BF", "2": "LT_01_AI", "3": "LT_01_BG", "4": "LT_01_AN"}
TARGETS = {
    "Akt": "Akt_total",
    "AktpT308": "Akt_pT308",
    "AktpS473": "Akt_pS473",
    "PRAS40": "PRAS40_total",
    "PRAS40pT246": "PRAS40_pT246",
    "S6K": "S6K_total",
    "S6KpT389": "S6K_pT389",
    "TSC2": "TSC2_total",
    "TSC2pT1462": "TSC2_pT1462",
    "IRS1": "IRS_total",
    "IRS1-pS636/639": "IRS_pS636",
    "4E-BP1": "FourEBP1_total",
    "4E-BP1pT37/46": "FourEBP1_pT37_46",
}
CELL_LINES = {"MCF-7": "MCF7", "ZR-75-1": "ZR751"}
# the published S6K-pT389 values of this experiment are those of S6K-pT229 (README.md)
LEFT_OUT = {("S6K_pT389", "LT_01_BF")}
SAMPLE = re.compile(r"(MCF-7|ZR-75-1) (\d+) minutes ins \+ aa")

Row = tuple[object, ...]


def blot_rows(sheet: list[Row]) -> Iterator[dict[str, str]]:
    """The lanes of the block "Normalized data", one dictionary a lane (signal: no unit)."""
    top = next(i for i, row in enumerate(sheet) if row[0] == "Protein:")
    proteins, replicates = sheet[top], sheet[top + 1]
    protein = ""
    for column in range(1, len(proteins)):
        protein = str(proteins[column] or protein)
        if not str(replicates[column] or "").startswith("replicate"):
            continue
        replicate = str(replicates[column]).removeprefix("replicate ").rstrip(":")
        key = (TARGETS[protein], BLOTS[replicate])
        for row in sheet[top + 2 : top + 14]:
            sample = SAMPLE.fullmatch(str(row[0]))
            if sample is None:
                raise SystemExit(f"not a sample name: {row[0]!r}")
            if row[column] == "n.d." or key in LEFT_OUT:
                continue
            yield {
                "blot": key[1],
                "lane": f"{sample[1]} {sample[2]} min",
                "condition": f"{CELL_LINES[sample[1]]}_starved_insulin_aa",
                "time": sample[2],
                "target": key[0],
                "signal": f"{row[column]:.6g}",
                "replicate": replicate,
            }


def main(path: Path) -> None:
    """Read the workbook at `path`; write breast_cancer_blots.csv beside this script."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Sheet2"]
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(blot_rows(list(sheet.iter_rows(values_only=True))))
    write_text(Path(__file__).with_name("breast_cancer_blots.csv"), out.getvalue())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
