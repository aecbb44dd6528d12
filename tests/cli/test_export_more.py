"""The verbs of `mtorkin export` that bring more than the model: where they write, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

import mtorkin as mk
from tests.cli.conftest import Run

VERBS = ("copasi", "omex", "odes", "description")


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_examples(verb: str, run: Run) -> None:
    done = run("export", verb, "--help")
    assert done.code == 0 and f"mtorkin export {verb}" in done.out


@pytest.mark.parametrize("language, suffix", [("python", ".py"), ("matlab", ".m")])
def test_odes(language: str, suffix: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / f"mine{suffix}"
    assert run("export", "odes", "--out", path).code == 0
    assert run("export", "odes", "--language", language, "--out", tmp_path / "folder").code == 0
    assert (tmp_path / "folder" / f"mtorkin_odes{suffix}").is_file()
    named = (
        path.read_text("utf-8").replace("= mine(", "= mtorkin_odes(").replace("% mine(", "% mtorkin_odes(")
    )
    printed = run("export", "odes", "--language", language).out
    assert printed.count("\n") == named.count("\n") and printed[:60] == named[:60]


def test_description(run: Run, tmp_path: Path) -> None:
    assert run("export", "description", "--context", "PC3", "--out", tmp_path / "pc3.tex").code == 0
    assert "PC3 cells" in (tmp_path / "pc3.tex").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("copasi",), "--out: say where to write, for example --out mtorkin.cps"),
        (("omex",), "--out: say where to write"),
        (("copasi", "--out", "{}/a.xml"), "must end in .cps"),
        (("omex", "--out", "{}/a.zip"), "must end in .omex"),
        (("omex", "--protocol", "insuline", "--out", "{}/a.omex"), "did you mean 'insulin'"),
        (("copasi", "--no-fit", "--free", "K_insulin", "--out", "{}/a.cps"), "--no-fit leaves the blots out"),
        (("copasi", "--free", "K_insuline", "--out", "{}/a.cps"), "did you mean 'K_insulin'"),
        (("copasi", "--free", "Akt_abundance", "--out", "{}/a.cps"), "Akt_abundance"),
        (("copasi", "--blots", "{}/none.csv", "--out", "{}/a.cps"), "none.csv"),
        (("odes", "--language", "fortran"), "no --language 'fortran'"),
        (("odes", "--out", "{}/my-odes.m"), "a MATLAB file is called as its function"),
        (("description", "--format", "html"), "no --format 'html'"),
    ],
)
def test_bad_input(words: tuple[str, ...], sentence: str, run: Run, tmp_path: Path) -> None:
    done = run("export", *(word.format(tmp_path) for word in words))
    assert done.code == 2
    assert done.err.splitlines()[-1].startswith("error: ") and sentence in done.err, done.err
    assert "Traceback" not in done.err and not list(tmp_path.iterdir())


def test_copasi_that_is_missing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mtorkin.export.copasi.file as file

    monkeypatch.setattr(file, "_worker", lambda: "import no_such_copasi")
    done = run("export", "copasi", "--no-fit", "--context", "PC3", "--out", tmp_path / "a.cps")
    assert done.code == 2 and "pip install 'mtorkin[copasi]'" in done.err
    assert not list(tmp_path.iterdir())


def test_public_names() -> None:
    assert {"write_copasi", "write_omex", "write_odes", "write_description"} <= set(mk.__all__)
