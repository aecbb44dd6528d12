"""How the page looks: quiet, legible, and the same on paper."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root { --ink: #222; --quiet: #666; --line: #ddd; --accent: #0072b2; }
* { box-sizing: border-box; }
html { font-size: 16px; }
body {
  margin: 0 auto; max-width: 58rem; padding: 3rem 1.5rem 5rem; color: var(--ink); background: #fff;
  font-family: "Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif; line-height: 1.5;
}
h1 { font-size: 1.7rem; font-weight: 600; margin: 0 0 .3rem; line-height: 1.2; }
h2 {
  font-size: 1.15rem; font-weight: 600; margin: 3rem 0 .6rem; padding-top: .8rem;
  border-top: 1px solid var(--line);
}
h3 { font-size: .85rem; font-weight: 600; margin: .6rem 0 .2rem; }
p { margin: .5rem 0; max-width: 44rem; }
.lead { color: var(--quiet); margin-bottom: 1.2rem; }
nav { font-size: .85rem; margin: 1.4rem 0 0; line-height: 1.9; }
nav a { color: var(--accent); text-decoration: none; margin-right: 1rem; white-space: nowrap; }
nav a:hover { text-decoration: underline; }
ul { padding-left: 1.1rem; margin: .5rem 0; max-width: 46rem; }
li { margin: .25rem 0; }
figure { margin: 1rem 0; }
figure img { max-width: 100%; height: auto; }
figcaption { color: var(--quiet); font-size: .82rem; max-width: 44rem; margin-top: .3rem; }
.side { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
.side figure { margin: .2rem 0; }
.wide { overflow-x: auto; }
table {
  border-collapse: collapse; font-size: .82rem; margin: .8rem 0; font-variant-numeric: tabular-nums;
}
th {
  text-align: left; font-weight: 600; border-bottom: 1px solid var(--ink);
  padding: .25rem 1rem .25rem 0; vertical-align: bottom;
}
td { border-bottom: 1px solid #eee; padding: .25rem 1rem .25rem 0; vertical-align: top; }
.number { text-align: right; white-space: nowrap; }
.note {
  border-left: 3px solid #e69f00; padding: .1rem 0 .1rem .8rem; margin: .5rem 0; max-width: 44rem;
  font-size: .9rem;
}
code {
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; font-size: .85em;
  overflow-wrap: anywhere;
}
@media print {
  body { padding: 0; max-width: none; }
  h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  nav { display: none; }
}
"""
