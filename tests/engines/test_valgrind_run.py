"""What is read of a log of memcheck."""

from __future__ import annotations

from tests.engines.valgrind_run import OURS, reports

LOG = """==12== Memcheck, a memory error detector
==12== Command: python x.py
==12==
==12== Conditional jump or move depends on uninitialised value(s)
==12==    at 0x4B1D2E: PyUnicode_New (in /lib/libpython.so)
==12==    by 0x4B1D99: main (in /lib/python)
==12==
==12== Invalid read of size 8
==12==    at 0x7D00AA: evaluate (in /lib/_mtorkin_avx2.so)
==12==    by 0x4B1D99: main (in /lib/python)
==12==  Address 0x1 is 0 bytes after a block of size 8 alloc'd
==12==    at 0x48407B4: malloc (in /lib/vgpreload_memcheck.so)
==12==
==12== ERROR SUMMARY: 2 errors from 2 contexts
"""


def test_reports_are_told_apart_by_their_stacks() -> None:
    found = reports(LOG)
    assert [OURS in block for block in found] == [False, True]
    assert "after a block" in found[1]
