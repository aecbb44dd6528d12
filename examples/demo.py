"""Short against prolonged rapamycin, the model as SBML, and a fit to blots: what mtorkin is for.

Run: python examples/demo.py --out results. Takes about a minute on two cores.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

import mtorkin as mk
from mtorkin._resources import blots_dir
from mtorkin.errors import MtorkinError
from mtorkin.export import agreement_table, sbml_messages, write_sbml
from mtorkin.export.tools import COPASI, ROADRUNNER
from mtorkin.files import atomic_path
from mtorkin.fit import FitResult, fit, read_blots
from mtorkin.plot.fit import plot_fit
from mtorkin.plot.style import COLOURS, DARK, FAINT, label
from mtorkin.plot.two_scales import Curve, Subject, plot_two_scales
from mtorkin.protocol import NAMED, Protocol

DOSE = 100  # nM
HOUR, DAY = 60.0, 1440.0
LANES = (0, 5, 15, 60, 6 * HOUR, DAY, 3 * DAY)
BLUE, ORANGE, GREEN = COLOURS[:3]
ROWS = (
    *("S6K_pT389", "FourEBP1_pT37_46", "FourEBP1_pS65", "Akt_pS473"),
    *("mTOR_pS1261", "mTOR_pT2446", "mTOR_pS2448"),
    *("mTOR_pS2481", "mTOR_pS2481_in_mTORC1", "mTOR_pS2481_in_mTORC2"),
    *("mTORC1", "mTORC2"),
)
BANDS = (*ROWS[:4], "mTOR_pS2448", "mTOR_pS2481", "mTORC1", "mTORC2")
TARGETS = (
    *("Akt_pT308", "Akt_pS473", "PRAS40_pT246", "TSC2_pT1462"),
    *("S6K_pT389", "IRS_pS636", "FourEBP1_pT37_46"),
)


def main(out: Path) -> None:
    """Do everything and print what was done, a screenful."""
    began = time.perf_counter()
    screen = Console(highlight=False, width=100)
    model = mk.build()
    network = model.network
    screen.print(
        f"[bold]mtorkin[/]: {len(network.mechanisms)} mechanisms, {len(network.species)} species, "
        f"{len(network.reactions)} reactions, {len(network.parameters)} parameters\n"
    )
    compare_rapamycin(model, out, screen)
    export_and_compare(model, out, screen)
    fit_blots(model, out, screen)
    files = ", ".join(sorted(p.name for p in out.iterdir() if p.is_file()))
    screen.print(f"\nIn {out}: {files}\n[dim]{time.perf_counter() - began:.0f} s[/]")


def compare_rapamycin(model: mk.Model, out: Path, screen: Console) -> None:
    """Follow 100 nM rapamycin for 3 days, as it is and with one reaction taken away."""
    protocol = mk.Protocol(mk.Period(mk.UNTIL_STEADY), mk.Period(0, rapamycin=DOSE))
    # without this reaction mTOR that is not in a complex cannot be held by FKBP12·rapamycin
    without = model.with_values(kon_FRB_FKBP12_mTOR=0)
    frame, control = run(model, protocol), run(without, protocol)
    relative, relative_control = 100 * frame / frame.iloc[0], 100 * control / control.iloc[0]
    subjects = draw_list(frame, relative, relative_control)
    plot_two_scales(
        subjects,
        protocol,
        model,
        bands=frame[list(BANDS)],
        lanes=LANES,
        note="* dashed: the same cells without the reaction free mTOR + FKBP12·rapamycin.   Bands "
        "are simulated: darkness in proportion to the readout, each row to its darkest lane.",
        path=out / "rapamycin.png",
    )
    times = [0.0, HOUR, DAY, 3 * DAY]
    table = frame[list(ROWS)].loc[times].T.set_axis(["0", "1 h", "24 h", "72 h"], axis=1)
    percent = table.div(table["0"], axis=0).mul(100)
    joined = table.add_suffix(" (nM)").join(percent.drop(columns="0").add_suffix(" (% of 0)"))
    write_csv(joined.rename_axis("readout"), out / "rapamycin.csv")
    shown = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in (f"{DOSE} nM rapamycin", "untreated", "1 h", "24 h", "72 h"):
        shown.add_column(head, justify="left" if head.startswith("1") and "nM" in head else "right")
    for id in ROWS:
        cells = (f"{percent.loc[id, c]:.0f} %" for c in ("1 h", "24 h", "72 h"))
        shown.add_row(label(id), f"{table.loc[id, '0']:.1f} nM", *cells)
    screen.print(shown)
    screen.print(
        f"\nShort: S6K pT389 falls to [bold]{relative['S6K_pT389'][HOUR]:.0f} %[/] in 1 h while "
        f"mTORC2 keeps [bold]{relative['mTORC2'][HOUR]:.0f} %[/]. "
        f"Prolonged: mTORC2 is down to [bold]{relative['mTORC2'][DAY]:.0f} %[/] at 24 h.\n"
        "Why: take away the one reaction [italic]free mTOR + FKBP12·rapamycin[/] and at 24 h mTORC2 "
        f"keeps [bold]{relative_control['mTORC2'][DAY]:.0f} %[/],\nwith S6K pT389 still at "
        f"[bold]{relative_control['S6K_pT389'][DAY]:.0f} %[/].\n"
    )


def run(model: mk.Model, protocol: Protocol) -> pd.DataFrame:
    """Observables over three days, denser in the first hour."""
    times = np.unique([*np.linspace(0, HOUR, 121), *np.linspace(HOUR, 3 * DAY, 285)])
    return mk.simulate(model, protocol, times).to_frame()


def draw_list(frame: pd.DataFrame, relative: pd.DataFrame, control: pd.DataFrame) -> list[Subject]:
    """What the figure shows, panel by panel."""
    percent = "% of untreated"

    def of(table: pd.DataFrame, *lines: tuple[str, str, str]) -> tuple[Curve, ...]:
        return tuple(Curve(text, table[id], colour) for id, text, colour in lines)

    def site(name: str) -> Subject:
        at = f"mTOR_p{name}"
        places = ((at, "lysate", DARK), (f"{at}_in_mTORC1", "mTORC1", BLUE))
        return Subject(f"mTOR p{name}", "nM", of(frame, *places, (f"{at}_in_mTORC2", "mTORC2", ORANGE)))

    def test(id: str, colour: str) -> tuple[Curve, ...]:
        removed = Curve("without*", control[id], FAINT, dashed=True)
        return (Curve("complete", relative[id], colour), removed)

    return [
        Subject(
            "mTOR complexes", percent, of(relative, ("mTORC1", "mTORC1", BLUE), ("mTORC2", "mTORC2", ORANGE))
        ),
        Subject(
            "S6K pT389, S6 pS240/244",
            percent,
            of(relative, ("S6K_pT389", "S6K", BLUE), ("S6_pS240_244", "S6", GREEN)),
        ),
        Subject(
            "4E-BP1",
            percent,
            of(relative, ("FourEBP1_pT37_46", "pT37/46", BLUE), ("FourEBP1_pS65", "pS65", GREEN)),
        ),
        Subject("Akt", percent, of(relative, ("Akt_pT308", "pT308", BLUE), ("Akt_pS473", "pS473", ORANGE))),
        *map(site, ("S1261", "T2446", "S2448", "S2481")),
        Subject("test*: mTORC2", percent, test("mTORC2", ORANGE)),
        Subject("test*: S6K pT389", percent, test("S6K_pT389", BLUE)),
    ]


def export_and_compare(model: mk.Model, out: Path, screen: Console) -> None:
    """Write SBML, and see whether other simulators get our numbers from it."""
    path = write_sbml(model, out / "mtorkin.xml")
    messages = sbml_messages(path.read_text(encoding="utf-8"))
    screen.print(f"SBML: {path.name}, {len(messages)} messages of libSBML with strict units")
    tools = [ROADRUNNER]
    if importlib.util.find_spec("basico"):
        tools.append(COPASI)
    else:
        screen.print("[yellow]COPASI is not installed (pip install 'mtorkin[copasi]'): not compared[/]")
    protocols = {n: NAMED[n].protocol for n in ("rapamycin-prolonged", "insulin")}
    tables = []
    for tool in tools:
        try:
            tables.append(agreement_table(model, protocols, tools=[tool]))
        except MtorkinError as error:
            screen.print(f"[yellow]{tool.name}: {error}[/]")
    if not tables:
        return
    table = pd.concat(tables, ignore_index=True)
    write_csv(table.set_index("protocol"), out / "agreement.csv")
    for row in table.to_dict("records"):
        screen.print(
            f"  {row['tool']} {row['version']}, {row['protocol']}: all "
            f"{len(model.observables)} readouts within [bold]{row['difference']:.1e}[/] of scipy"
        )


def fit_blots(model: mk.Model, out: Path, screen: Console) -> FitResult:
    """Fit the model to blots of MCF-7 cells that were given insulin and amino acids."""
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv")
    chosen = blots.select(cell_line="MCF-7", targets=TARGETS)
    result = fit(model, chosen, starts=2, seed=1, jobs=2, progress=False)
    result.to_json(out / "fit_mcf7.json")
    result.write_overlay(out / "fit_mcf7.tsv")
    plot_fit(result, out / "fit_mcf7.png")
    screen.print(f"\nBlots of MCF-7: {result.summary()}", soft_wrap=True)
    return result


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table, all of it or nothing."""
    with atomic_path(path) as temporary:
        table.to_csv(temporary, float_format="%.6g", lineterminator="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder to write into")
    main(parser.parse_args().out)
