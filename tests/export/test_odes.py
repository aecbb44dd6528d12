"""The equations alone give our numbers; what there is no program for is read line by line."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin.errors import DeclarationError
from mtorkin.export.odes import odes_string, write_odes
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate

TOY_DOSED = Protocol(Period(0, insulin=3), Period(30, drug=5, insulin=100), Period(50, insulin=0))


def run_alone(text: str, folder: Path, times: list[float], **settings: float) -> np.ndarray:
    """What the module computes in a process that cannot import mtorkin."""
    (folder / "odes.py").write_text(text, encoding="utf-8")
    given = "".join(f", {k}={v!r}" for k, v in settings.items())
    script = (
        "import sys; sys.modules['mtorkin'] = None\n"
        "import odes, numpy\n"
        f"numpy.save('found.npy', odes.run({times!r}{given}))"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], cwd=folder, check=True, timeout=120)
    found: np.ndarray = np.load(folder / "found.npy")
    return found


def apart(model: Model, protocol: Protocol, times: list[float], theirs: np.ndarray) -> float:
    ours = simulate(model, protocol, times, rtol=1e-9, atol=1e-12).observable_values
    return float((np.abs(ours - theirs) / np.abs(ours).max(axis=0).clip(min=1e-3)).max())


def test_python_runs_alone_and_agrees(tmp_path: Path) -> None:
    times = [0.5, 29.0, 31.0, 49.0, 51.0, 90.0]
    text = odes_string(toy_model(), TOY_DOSED)
    found = run_alone(text, tmp_path, times, rtol=1e-9, atol=1e-12)
    assert apart(toy_model(), TOY_DOSED, times, found) <= 1e-6
    changed = run_alone(text, tmp_path, times, kcat=0.0)
    assert np.abs(changed - found).max() > 1e-3


def test_the_whole_model_runs_alone(tmp_path: Path) -> None:
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100), Period(20, rapamycin=0))
    times = [10.0, 21.0, 40.0]
    found = run_alone(odes_string(mk.build(), protocol), tmp_path, times)
    assert apart(mk.build(), protocol, times, found) <= 1e-6


def in_python(text: str) -> str:
    """The functions of the MATLAB file, which hold nothing but assignments, as Python."""
    body = text[text.index("\nfunction a = assigned") :]
    lines = []
    for line in body.splitlines():
        line = line.partition("%")[0].rstrip().rstrip(";")
        if (head := re.fullmatch(r"function (\w+) = (\w+)\((.*)\)", line)) is not None:
            result, name, arguments = head.groups()
            lines.append(f"def {name}({arguments}):")
        elif line == "end":
            lines.append(f" return {result}")
        elif line:
            line = re.sub(r"\b([yvfo])\((\d+)\)", lambda m: f"{m[1]}[{int(m[2]) - 1}]", line)
            line = re.sub(r"zeros\((\d+), 1\)|zeros\(1, (\d+)\)", r"np.zeros(int('0\1\2'))", line)
            lines.append(" " + line.replace("^", "**").replace("struct()", "SimpleNamespace()"))
    return "\n".join(lines)


@pytest.mark.parametrize("model", [toy_model(), mk.build()], ids=["toy", "whole"])
def test_matlab_has_our_right_hand_side(model: Model) -> None:
    """No MATLAB or Octave here: its formulas are translated line by line and evaluated."""
    from types import SimpleNamespace

    text = odes_string(model, language="matlab")
    scope: dict[str, object] = {"np": np, "SimpleNamespace": SimpleNamespace}
    exec(in_python(text), scope)  # our own text
    numbers = {k: float(v) for k, v in re.findall(r"^p\.(\w+) = (\S+);", text, flags=re.MULTILINE)}
    assert numbers == {**model.values, **{i.id: i.default for i in model.network.inputs}}
    start = [float(v) for v in re.findall(r"^y0\(\d+\) = (\S+);", text, flags=re.MULTILINE)]
    y = np.random.default_rng(0).uniform(0.1, 2.0, len(start)) * (np.array(start) + 1)
    e, p = model.equations, SimpleNamespace(**numbers)
    ours = e.rhs(y, e.constants_of(numbers))
    assert scope["rhs"](y, p) == pytest.approx(ours, rel=1e-10, abs=1e-9 * np.abs(ours).max())  # type: ignore[operator]
    seen = e.observed(y.tolist(), e.constants_of(numbers))
    assert scope["observables"](y, p) == pytest.approx(seen, rel=1e-12)  # type: ignore[operator]


def test_matlab_is_balanced_and_has_its_changes() -> None:
    text = odes_string(toy_model(), TOY_DOSED, language="matlab", name="toy")
    code = [line.partition("% ")[0] for line in text.splitlines()]
    words = re.findall(r"\b(function|for|if|end)\b", re.sub(r"\w+\(end\)|\(end,", "", "\n".join(code)))
    assert words.count("end") == len(words) - words.count("end")
    assert text.startswith("function [t, found, names, y] = toy(")
    assert "= {30, 'insulin', 100};" in text and "= {50, 'insulin', 0};" in text
    assert re.search(r"= \{30, \d+, 5\};", text)
    assert max(map(len, text.splitlines())) < 4096, "MATLAB takes no longer line"


@pytest.mark.skipif(shutil.which("octave") is None, reason="GNU Octave is not installed")
def test_octave_agrees(tmp_path: Path) -> None:
    times = [0.5, 29.0, 31.0, 49.0, 51.0, 90.0]
    write_odes(toy_model(), tmp_path / "toy.m", TOY_DOSED)
    script = f"[t, found] = toy({times!r}); dlmwrite('found.csv', found, 'precision', 17)"
    subprocess.run(["octave", "--eval", script], cwd=tmp_path, check=True, timeout=120)
    found = np.loadtxt(tmp_path / "found.csv", delimiter=",", ndmin=2)
    assert apart(toy_model(), TOY_DOSED, times, found) <= 1e-5


def test_languages(tmp_path: Path) -> None:
    assert write_odes(toy_model(), tmp_path / "a.m").read_text("utf-8").startswith("function")
    assert write_odes(toy_model(), tmp_path / "a.py").read_text("utf-8").startswith('"""')
    with pytest.raises(DeclarationError, match="no language 'pyton'; did you mean 'python'"):
        odes_string(toy_model(), language="pyton")
    with pytest.raises(DeclarationError, match=r"name it \.py or \.m"):
        write_odes(toy_model(), tmp_path / "a.txt")
