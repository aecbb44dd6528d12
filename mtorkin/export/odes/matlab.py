"""The equations as one function for MATLAB or GNU Octave."""

from __future__ import annotations

from collections.abc import Iterator

from mtorkin.export.odes.parts import Parts, balances, one_line
from mtorkin.language.infix import infix, number_text

__all__ = ["matlab_lines"]


def matlab_lines(parts: Parts) -> Iterator[str]:
    """Yield the lines of the file."""
    network = parts.model.network
    yield f"function [t, found, names, y] = {parts.name}(times, changed)"
    yield f"% {parts.about[0]}: the differential equations, and nothing else."
    yield "%"
    yield from (f"% {p}" for p in parts.about[1:])
    yield "%"
    yield f"% [t, found, names] = {parts.name}(times) returns the observables at times [min, from 0 up],"
    yield "% one row a time, and their names. changed is a struct of parameters, by id, that differ:"
    yield f"% {parts.name}(0:60, struct('insulin', 100)). MATLAB or GNU Octave, no toolbox."
    yield "if nargin < 1, times = linspace(0, 1440, 25); end"
    yield "if nargin < 2, changed = struct(); end"
    yield "% concentrations at time 0 [nM]"
    yield f"y0 = zeros({len(network.species)}, 1);"
    for i, (_, value, label) in enumerate(parts.species, start=1):
        yield f"y0({i}) = {number_text(value)}; % {label}"
    yield "% numbers of the model, and what a protocol sets"
    for id, value, unit, meaning in (*parts.parameters, *parts.inputs):
        yield f"p.{id} = {number_text(value)}; % [{unit}] {one_line(meaning)}".rstrip()
    yield from _MATLAB_CHANGED.splitlines()
    yield "% what happens later: time [min], name (or number of the species), value"
    yield f"changes = cell({sum(len(v) for _, v in parts.changes)}, 3);"
    at = {s.id: str(i) for i, s in enumerate(network.species, start=1)}
    row = 0
    for time, values in parts.changes:
        for id, value in values:
            row += 1
            what = at.get(id, f"'{id}'")
            yield f"changes({row}, :) = {{{number_text(time)}, {what}, {number_text(value)}}};"
    yield "names = {" + ", ".join(f"'{o.id}'" for o in network.observables) + "};"
    yield from _MATLAB_RUN.splitlines()
    yield from _matlab_functions(parts)


def _matlab_functions(parts: Parts) -> Iterator[str]:
    network = parts.model.network
    constants = {x[0] for x in (*parts.parameters, *parts.inputs)}
    index = {s.id: i for i, s in enumerate(network.species, start=1)}

    def name(id: str) -> str:
        return f"y({index[id]})" if id in index else f"p.{id}" if id in constants else f"a.{id}"

    yield from ("", "function a = assigned(y, p)", "a = struct();")
    yield from (f"a.{a.id} = {infix(a.expr, name)};" for a in network.assignments)
    yield from ("end", "", "function v = rates(y, p)", "% rates of all reactions [nM/min]")
    yield from ("a = assigned(y, p);", f"v = zeros({len(network.reactions)}, 1);")
    for j, r in enumerate(network.reactions, start=1):
        yield f"v({j}) = {infix(r.rate, name)}; % {r.id}"
    yield from ("end", "", "function f = rhs(y, p)", "% dy/dt [nM/min]")
    yield from ("v = rates(y, p);", f"f = zeros({len(network.species)}, 1);")
    for i, (id, text) in enumerate(balances(parts, lambda j: f"v({j + 1})"), start=1):
        yield f"f({i}) = {text}; % {id}"
    yield from ("end", "", "function o = observables(y, p)", "a = assigned(y, p);")
    yield f"o = zeros(1, {len(network.observables)});"
    for i, o in enumerate(network.observables, start=1):
        yield f"o({i}) = {infix(o.expr, name)}; % {o.id}"
    yield "end"


_MATLAB_CHANGED = """ids = fieldnames(changed);
for i = 1:numel(ids)
  if ~isfield(p, ids{i}), error('no parameter %s', ids{i}); end
  p.(ids{i}) = changed.(ids{i});
end"""

_MATLAB_RUN = """
t = times(:);
found = zeros(numel(t), numel(names));
y = zeros(numel(t), numel(y0));
options = odeset('RelTol', 1e-8, 'AbsTol', 1e-10);
starts = 0;
if size(changes, 1) > 0, starts = unique([0, cell2mat(changes(:, 1))']); end
state = y0;
for k = 1:numel(starts)
  for i = 1:size(changes, 1)
    if changes{i, 1} == starts(k)
      if ischar(changes{i, 2}), p.(changes{i, 2}) = changes{i, 3};
      else, state(changes{i, 2}) = changes{i, 3}; end
    end
  end
  last = k == numel(starts);
  if last, stop = max([starts(k); t]); else, stop = starts(k + 1); end
  here = find(t >= starts(k) & (t < stop | last));
  if stop > starts(k)
    % three times at least, so that they are those that are asked for
    inside = unique([starts(k); t(here); (starts(k) + stop) / 2; stop]);
    [at, states] = ode15s(@(s, x) rhs(x, p), inside, state, options);
    if at(end) < stop, error('the integration stopped at %g min', at(end)); end
  else
    at = starts(k); inside = at; states = state';
  end
  for i = here'
    y(i, :) = states(find(inside == t(i), 1), :);
    found(i, :) = observables(y(i, :)', p);
  end
  state = states(end, :)';
end
end"""
