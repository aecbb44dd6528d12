"""Strips of a blot table: a band a lane, as dark as its value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtorkin._resources import blots_dir
from mtorkin.fit import read_blots
from mtorkin.fit.conditions import Condition
from mtorkin.plot.strips import plot_strips
from mtorkin.protocol import Period, Protocol

TABLE = """blot,lane,condition,time,target,signal,saturated
g1,1,ins,0,S6K_pT389,100,
g1,2,ins,15,S6K_pT389,400,
g1,3,ins,30,S6K_pT389,800,yes
g1,1,ins,0,Akt_pS473,<20,
g1,2,ins,15,Akt_pS473,50,
"""
INS = {"ins": Condition("ins", Protocol(Period(0, insulin=100)))}


def test_a_band_is_as_dark_as_its_value(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text(TABLE, encoding="utf-8")
    figure = plot_strips(read_blots(path, INS))
    (axes,) = figure.axes
    film = np.asarray(axes.images[0].get_array())
    lanes = np.split(film, 3, axis=1)
    depths = [float(film.max() - lane.min()) for lane in lanes]
    assert np.array(depths) / depths[2] == pytest.approx([1 / 8, 1 / 2, 1], rel=0.02)
    texts = [text.get_text() for text in axes.texts]
    assert {"0", "15", "30", "min", "S6K pT389", "Akt pS473", "g1", "×8.0"} <= set(texts)
    assert [mark for mark in texts if mark in "<>–" and mark] == [">", "<", "–"]


def test_every_blot_is_drawn_and_the_file_is_the_same_each_time(tmp_path: Path) -> None:
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv")
    figure = plot_strips(blots)
    assert len(figure.axes) == 4
    assert sum(len(axes.images) for axes in figure.axes) == 50
    some = blots.select(blots=["LT_01_BF"], targets=["S6K_total", "Akt_pS473"])
    for name in ("a.png", "b.png"):
        plot_strips(some, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
