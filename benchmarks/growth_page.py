"""Two parts of the page: what concerns ours alone, and how costs grow with the network."""

from __future__ import annotations

from statistics import median
from typing import Any

Record = dict[str, Any]
CORE_AIMS = {("core", "scipy"): 300, ("core", "roadrunner"): 30}  # ms, of the first release


def own(record: Record | None) -> str:
    """Command line, threads, the public functions, and each engine at its defaults."""
    from benchmarks.page import short, table

    if record is None:
        return "Not measured.\n"
    cold, claims = (median(r["wall"] for r in record[what]) for what in ("cold", "claims"))
    two = median(r["one"] / r["two"] for r in record["threads"])
    clocks = {what: median(r["cpu"] for r in record[what]) for what in ("cold", "claims")}
    rows = [
        [
            "`mtorkin simulate ... --engine native --out`, cold, to the curve on disk",
            *(short(cold, 3), short(clocks["cold"], 3), "2.5 s", _verdict(cold < 2.5)),
        ],
        [
            "`mtorkin claims`, all",
            *(
                short(claims, 3),
                short(clocks["claims"], 3),
                "30 s of one core",
                _verdict(clocks["claims"] < 30),
            ),
        ],
    ]
    rows += [[r["what"], short(r["wall"], 3), short(r["cpu"], 3), "", ""] for r in record["as called"]]
    engines = []
    for r in record["engines"]:
        aim = CORE_AIMS.get((r["case"], r["engine"]))
        verdict = "" if aim is None else _verdict(1e3 * r["cpu"] < aim)
        engines.append(
            [
                *(r["case"], r["species"], r["engine"], short(1e3 * r["wall"], 3), short(1e3 * r["cpu"], 3)),
                *(f"{r['error']:.0e}", f"{aim} ms" if aim else "", verdict),
            ]
        )
    return (
        table(("what", "clock [s]", "processor [s]", "aim", ""), rows)
        + f"\nTwo threads do {short(two, 3)} times what one does (aim 1.8: "
        + f"{_verdict(two >= 1.8)}; on the clock, 1,000 sets, median of {len(record['threads'])} rounds).\n\n"
        + "24 h from rest with `simulate_from`, each engine at the package's defaults, which ask for results "
        "good to 1e-6 of the peak (a safety factor tightens the steps):\n\n"
        + table(("network", "species", "engine", "clock [ms]", "processor [ms]", "error", "aim", ""), engines)
    )


def _verdict(good: bool) -> str:
    return "met" if good else "**missed**"


def growth(record: Record | None) -> str:
    """A row for each network."""
    from benchmarks.page import plain, short, table

    if record is None:
        return "Not measured.\n"
    rows = []
    for r in record["rows"]:
        many, one = (1e3 * median(x[what] for x in r["rounds"]) for what in ("many", "one"))
        rr = 1e3 * r["roadrunner"] if "roadrunner" in r else None
        rows.append(
            [
                *(r["name"], r["species"], r["reactions"], r["nonzeros"], short(many, 3), short(one, 3)),
                *(short(1e3 * many / r["nonzeros"], 3), short(r["set-up"]["cpu"])),
                *((short(rr, 3), short(rr / many, 3)) if rr else (f"– ({plain(r.get('failed', ''))})", "–")),
            ]
        )
    return (
        table(
            (
                *("network", "species", "reactions", "numbers in L and U", "ours, lanes [ms]"),
                *("ours, one [ms]", "µs (lanes) a number in L and U", "ours, set-up [s]"),
                *("libRoadRunner [ms]", "times as fast, lanes"),
            ),
            rows,
        )
        + "\nBoth at 1e-6 and 1e-9. How the cost grows with the parameters of a gradient: the table of "
        "gradients above.\n"
    )
