from __future__ import annotations

import os
from pathlib import Path

import pytest

from mtorkin.files import atomic_path, write_text


def test_writes_into_a_new_folder(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a" / "b.txt", "µ\n")
    assert path.read_bytes() == "µ\n".encode()
    assert [p.name for p in path.parent.iterdir()] == ["b.txt"]


def test_keeps_the_suffix(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "figure.pdf") as temporary:
        assert temporary.suffix == ".pdf"
        assert temporary.parent == tmp_path
        temporary.write_text("x")
    assert (tmp_path / "figure.pdf").read_text() == "x"


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = write_text(tmp_path / "table.tsv", "old")

    def write() -> None:
        with atomic_path(path) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="file modes are those of POSIX")
def test_others_may_read_it(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    path = write_text(tmp_path / "ours", "x")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
