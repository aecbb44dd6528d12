"""Malformed blot files, one defect each, and what is to be said of them.

Every case is a table that would be read without a word but for its one defect; `CLEAN` shows that.
"""

from __future__ import annotations

import re

from mtorkin.fit.conditions import Condition
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol

HEADER = "blot,lane,condition,time,target,signal,loading_control,background,replicate"
TIMES = (0, 15, 30, 60)
LINES = [
    f"g{blot},{lane},ins,{time},S6K_pT389,{120 + 37 * blot + 83 * lane},{40 + lane},2{blot},{blot}"
    for blot in (1, 2, 3)
    for lane, time in enumerate(TIMES)
]
CLEAN = "\n".join([HEADER, *LINES]) + "\n"
CONDITIONS = {
    name: Condition(name, Protocol(Period(UNTIL_STEADY, insulin=0), Period(0, insulin=100)))
    for name in ("ins", "rapa", "MCF-7 ins", "all", "HepG2: IGF1", "HepG2: untreated", "c1")
}


def line(number: int, new: str) -> str:
    """The clean table with line `number` (of the file) replaced."""
    lines = CLEAN.splitlines()
    lines[number - 1] = new
    return "\n".join(lines) + "\n"


def cell(number: int, column: str, value: str) -> str:
    """The clean table with one cell replaced."""
    cells = CLEAN.splitlines()[number - 1].split(",")
    cells[HEADER.split(",").index(column)] = value
    return line(number, ",".join(cells))


def with_column(name: str, *values: str) -> str:
    """The clean table with one more column; the last value holds for the rest of the lines."""
    lines = CLEAN.splitlines()
    filled = [*values, *[values[-1]] * len(lines)]
    return "\n".join(f"{text},{extra}" for text, extra in zip(lines, [name, *filled], strict=False)) + "\n"


def retimed(*times: float, blots: tuple[int, ...] = (1, 2, 3)) -> str:
    """The clean table with other times on some blots."""
    lines = [HEADER]
    for text in LINES:
        cells = text.split(",")
        if int(cells[0][1:]) in blots:
            cells[3] = f"{times[int(cells[1])]:g}"
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


# name: the file, and what is said; words of an error are looked for in the order given
ERRORS: dict[str, tuple[str | bytes, str]] = {
    "not determined": (cell(4, "signal", "n.d."), r":4:signal: 'n.d.' is not a number; leave out"),
    "not measured": (cell(4, "signal", "-"), r":4:signal: '-' is not a number; leave out"),
    "nan": (cell(4, "signal", "NaN"), r":4:signal: 'NaN' is not a finite number"),
    "infinite": (cell(4, "signal", "inf"), r":4:signal: 'inf' is not a finite number"),
    "empty cell": (cell(4, "signal", ""), r":4:signal: is empty"),
    "words": (cell(4, "signal", "strong"), r":4:signal: 'strong' is not a number"),
    "unit in the cell": (cell(4, "signal", "52 AU"), r":4:signal: '52 AU' is not a number; .*bare number"),
    "a mark in the cell": (cell(4, "signal", "520*"), r":4:signal: '520\*' is not a number; .*bare number"),
    "error of a formula": (cell(4, "signal", "#DIV/0!"), r":4:signal: '#DIV/0!' .*formula: repair"),
    "decimal comma": (cell(4, "signal", '"52,1"'), r":4:signal: '52,1' is not a number; write a point"),
    "decimal comma, bare": (cell(4, "signal", "52,1"), r":4: has 10 cells under 9 columns; .*not a comma"),
    "thousands": (cell(4, "signal", '"1,234,567"'), r":4:signal: '1,234,567' .*nothing between thousands"),
    "spaces in thousands": (cell(4, "signal", "1 234"), r":4:signal: '1 234' .*nothing between thousands"),
    "thousands or decimals": (
        CLEAN.replace(",", ";").replace(";323;", ";1,323;"),
        r":4:signal: '1,323' is not a number; write a point",
    ),
    "negative": (cell(4, "signal", "-12"), r":4:signal: -12 is negative; give the raw grey value"),
    "background above signal": (
        cell(4, "background", "900"),
        r":4:signal: .*not above the background \(900\)",
    ),
    "negative background": (cell(4, "background", "-5"), r":4:background: -5 is negative"),
    "no loading": (cell(4, "loading_control", "0"), r":4:loading_control: is 0"),
    "loading for some": (cell(4, "loading_control", ""), r":4:loading_control: given for some lanes"),
    "background for some": (cell(4, "background", ""), r":4:background: given for some lanes"),
    "unknown antibody": (cell(4, "target", "S6K_pT398"), r":4:target: unknown .*did you mean 'S6K_pT389'"),
    "site of another protein": (cell(4, "target", "IRS1 pS312"), r":4:target: unknown antibody 'IRS1 pS312'"),
    "unknown condition": (cell(4, "condition", "isn"), r":4:condition: unknown .*did you mean 'ins'"),
    "no blot": (cell(4, "blot", ""), r":4:blot: is empty"),
    "no lane": (cell(4, "lane", ""), r":4:lane: is empty"),
    "negative time": (cell(4, "time", "-15"), r":4:time: -15 is before the treatment"),
    "time in words": (cell(4, "time", "overnight"), r":4:time: 'overnight' is not a number"),
    "time with its unit": (
        cell(4, "time", "30min"),
        r":4:time: '30min' .*bare number, .* time_unit",
    ),
    "seconds": (retimed(0, 900, 1800, 3600), r":5:time: 3600: .*look like seconds"),
    "seconds on one blot": (retimed(0, 900, 1800, 3600, blots=(2,)), r":9:time: 3600: .*look like seconds"),
    "unknown unit": (with_column("time_unit", "mn"), r":2:time_unit: unknown unit 'mn'; did you mean 'min'"),
    "doubled row": (
        CLEAN + LINES[3] + "\n",
        r":14:lane: lane '3' of blot 'g1' already has S6K_pT389 on line 5",
    ),
    "a lane with two times": (
        CLEAN + "g1,3,ins,90,Akt_pS473,300,43,21,1\n",
        r":14:time: lane '3' .*90 min here and ins at 60 min on line 5",
    ),
    "a lane with two conditions": (
        CLEAN + "g1,3,rapa,60,Akt_pS473,300,43,21,1\n",
        r":14:condition: lane '3' of blot 'g1' is rapa",
    ),
    "missing column": (
        CLEAN.replace("time,", "tme,"),
        r":1:time: column 'time' is missing; did you mean 'tme'",
    ),
    "two columns of one name": (
        CLEAN.replace("lane,", "blot,", 1),
        r":1:blot: two columns are called 'blot'",
    ),
    "misspelt background": (
        CLEAN.replace("background", "backgroud"),
        r":2:backgroud: .*no column that is read; did you mean 'background'",
    ),
    "misspelt loading": (
        CLEAN.replace("loading_control", "loading_contol"),
        r":2:loading_contol: .*did you mean 'loading_control'",
    ),
    "too many cells": (line(4, LINES[2] + ",7"), r":4: has 10 cells under 9 columns"),
    "decimal comma before empty cells": (
        re.sub(r"S6K_pT389,(\d+),.*", r"S6K_pT389,\1,5,,,", CLEAN),
        r":2: has 10 cells under 9 columns; .*write a point, not a comma",
    ),
    "title above the header": ("Densitometry of May\n\n" + CLEAN, r":1: is no header; line 3 looks like one"),
    "digits set apart": (cell(4, "signal", "1_5"), r":4:signal: '1_5' is not a number"),
    "no lines": (HEADER + "\n", r"a header and no lines below it"),
    "empty": ("\n\n", r"the file is empty"),
    "binary": (b"PK\x03\x04\xff\xfe\x00\x91", r"is not"),
    "Latin-1": (CLEAN.replace("ins", "ins\xb5").encode("latin-1"), r":2: is not UTF-8 text"),
    "another table": (
        "name,age\nmTOR,30\n",
        r":1: not recognised .*looked for were our long table .*write the",
    ),
    "yes or no": (with_column("saturated", "perhaps"), r":2:saturated: 'perhaps' is neither yes nor no"),
    "below and above": (
        with_column("saturated", "yes").replace(",120", ",<120").replace(",157", ",<157"),
        r":2:signal: is said to be below a limit and above one",
    ),
    "limit under the background": (
        cell(4, "signal", "<12"),
        r":4:signal: the limit is not above the background",
    ),
    "limit elsewhere": (
        cell(4, "background", "<12"),
        r":4:background: '<12' .*a limit .* in the column signal",
    ),
    "unknown censoring": (with_column("censored", "bellow"), r":2:censored: 'bellow' .*did you mean 'below'"),
    "unknown normalisation": (
        with_column("normalised", "contrl"),
        r":2:normalised: .*did you mean 'control'",
    ),
}
# what is read, and what is said about it
DOUBTS: dict[str, tuple[str | bytes, str]] = {
    "copied blot": (
        CLEAN + "\n".join(f"g4,{text[3:-1]}4" for text in LINES[:4]) + "\n",
        r"the signals of S6K_pT389 on blot g4 are those of S6K_pT389 on blot g1: copied\?",
    ),
    "part of a blot copied": (
        CLEAN
        + "\n".join(f"g4,{text[3:-1]}4" for text in LINES[:3])
        + "\ng4,3,ins,60,S6K_pT389,999,43,21,4\n",
        r"3 of the signals of S6K_pT389 on blot g4 are those of",
    ),
    "one number twice": (
        cell(4, "signal", "323.17").replace(",406,", ",323.17,"),
        r"lanes 2 and 3 of S6K_pT389, blot g1, have the same signal 323.17 \(lines 4 and 5\): copied\?",
    ),
    "outlier among replicates": (
        cell(4, "signal", "32300"),
        r"blot g1 \(line 4\), is 98 times higher than in the other",
    ),
    "outlier downwards": (cell(4, "signal", "25"), r"blot g1 \(line 4\), is .*times lower .*outlier"),
    "outlier without replicates": (
        "\n".join([HEADER, *LINES[:2], LINES[2].replace(",323,", ",9323,"), LINES[3]]) + "\n",
        r"lane 2 of blot g1 \(line 4\), is .*times higher than the lanes before and after it",
    ),
    "no control": (retimed(5, 15, 30, 60, blots=(2,)), r"blot g2 has no control: no lane at time 0"),
    "loading of one lane": (
        cell(4, "loading_control", "420"),
        r"loading control of lane 2, blot g1 .* times the",
    ),
    "faint over background": (cell(4, "background", "300"), r"1 lane has a background above nine tenths"),
    "outlier at the end": (
        "\n".join([HEADER, *LINES[:3], LINES[3].replace(",406,", ",99406,")]) + "\n",
        r"lane 3 of blot g1 \(line 5\), is .*times higher than the median of its strip",
    ),
    "loading control that is the signal": (
        re.sub(r"S6K_pT389,(\d+),4\d,22", r"S6K_pT389,\1,\1,22", CLEAN),
        r"loading control of S6K_pT389, blot g2, is the signal in every lane",
    ),
    "one blot in two spellings": (CLEAN.replace("g3,", "G2,"), r"blots 'g2' and 'G2' are taken for two"),
    "plateau": (
        re.sub(r",(240|323|406),(4[123]),21", r",406,\2,21", CLEAN),
        r"3 lanes of S6K_pT389 on blot g1 share the highest signal, 406: saturated\?",
    ),
    "below detection without a limit": (
        with_column("below_detection", "yes", "")
        .replace("120,40,21", "0,40,21")
        .replace("157,40,21", "0,40,21"),
        r"set aside: 1 lane below detection, without a limit",
    ),
    "hours": (
        retimed(0, 0.25, 0.5, 1),
        r"times of blots g1, g2, g3 \(0, 0.25, 0.5, 1\) would be usual as hours",
    ),
    "days in hours": (
        retimed(0, 4, 24, 48),
        r"times of blots g1, g2, g3 \(0, 4, 24, 48\) would be usual as hours",
    ),
    "minutes on one blot, hours on another": (
        retimed(0, 1, 2, 5)
        .replace("g2,1,ins,1,", "g2,1,ins,60,")
        .replace("g2,2,ins,2,", "g2,2,ins,120,")
        .replace("g2,3,ins,5,", "g2,3,ins,300,"),
        r"times of blot g2 are 60 times those of blot g1",
    ),
    "a single lane": (
        CLEAN + "g9,1,ins,0,S6K_pT389,300,43,21,9\n",
        r"a single lane says nothing .*on blot g9",
    ),
    "replicate for some": (cell(4, "replicate", ""), r"1 lane names no replicate and the others do"),
}
NOTES: dict[str, tuple[str | bytes, str]] = {
    "rodent numbering": (
        CLEAN.replace("S6K_pT389", "PRAS40 pT247"),
        r"\(rodent numbering\) is read as PRAS40_pT246",
    ),
    "gene name": (CLEAN.replace("S6K_pT389", "RPS6KB1 pT389"), r"'RPS6KB1 pT389' is read as S6K_pT389"),
    "isoform": (CLEAN.replace("S6K_pT389", "S6K1 T412"), r"\(numbering of the longer isoform\) is read as"),
    "old name": (CLEAN.replace("S6K_pT389", "DEPDC6"), r"'DEPDC6' is read as DEPTOR_total"),
    "column of no use": (with_column("colour", "red"), r"column 'colour' is not used"),
    "other words": (
        CLEAN.replace("target", "antibody").replace("time,", "time (min),"),
        r"'antibody' is read as target",
    ),
    "decimal commas throughout": (
        "\n".join([HEADER, *(re.sub(r",(\d+),(4\d),", r",\1|5,\2,", text) for text in LINES)])
        .replace(",", ";")
        .replace("|", ","),
        r"decimal commas are read as points: \d+,5 is \d+.5",
    ),
}
# defects of files that change nothing about their numbers
HARMLESS: dict[str, str | bytes] = {
    "byte order mark": b"\xef\xbb\xbf" + CLEAN.encode(),
    "UTF-16": CLEAN.encode("utf-16"),
    "UTF-16 without its mark": CLEAN.encode("utf-16-le"),
    "line ends of an old Mac": CLEAN.replace("\n", "\r").encode(),
    "line ends of Windows": CLEAN.replace("\n", "\r\n").encode(),
    "empty lines": CLEAN.replace("\n", "\n\n"),
    "trailing commas": CLEAN.replace("\n", ",,\n"),
    "semicolons": CLEAN.replace(",", ";"),
    "tabs": CLEAN.replace(",", "\t"),
    "capitals and spaces": CLEAN.replace("blot,lane", " Blot , Lane"),
    "quotes": "\n".join(",".join(f'"{cell}"' for cell in text.split(",")) for text in CLEAN.splitlines()),
}
