"""A small PEtab problem, written for the tests: two conditions, one after rest.

In both formats; that of format 2 has one experiment more, with a change on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SBML = b"""<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model id="small">
<listOfFunctionDefinitions><functionDefinition id="f"><math xmlns="http://www.w3.org/1998/Math/MathML">
<lambda><bvar><ci>u</ci></bvar><bvar><ci>v</ci></bvar><apply><times/><ci>u</ci><ci>v</ci></apply></lambda></math>
</functionDefinition></listOfFunctionDefinitions>
<listOfCompartments><compartment id="c" size="1"/></listOfCompartments>
<listOfSpecies><species id="A" compartment="c" initialConcentration="1"/>
<species id="B" compartment="c" initialConcentration="0"/></listOfSpecies>
<listOfParameters><parameter id="k1" value="0.8"/><parameter id="k2" value="0.6"/>
<parameter id="b0" constant="false"/></listOfParameters>
<listOfInitialAssignments><initialAssignment symbol="B"><math xmlns="http://www.w3.org/1998/Math/MathML">
<cn type="e-notation">1<sep/>-1</cn></math></initialAssignment></listOfInitialAssignments>
<listOfRules><assignmentRule variable="b0"><math xmlns="http://www.w3.org/1998/Math/MathML"><piecewise>
<piece><cn>1</cn><apply><lt/><csymbol encoding="text"
definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol><cn>2</cn></apply></piece>
<otherwise><cn>2</cn></otherwise></piecewise></math></assignmentRule></listOfRules>
<listOfReactions><reaction id="forth"><listOfReactants><speciesReference species="A"/></listOfReactants>
<listOfProducts><speciesReference species="B"/></listOfProducts><kineticLaw>
<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>c</ci><ci>k1</ci><ci>A</ci><ci>b0</ci>
</apply></math></kineticLaw></reaction><reaction id="back"><listOfReactants>
<speciesReference species="B"/></listOfReactants><listOfProducts><speciesReference species="A"/>
</listOfProducts><kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><ci>f</ci><ci>B</ci>
<ci>k2</ci></apply></math></kineticLaw></reaction></listOfReactions></model></sbml>
"""
YAML = b"""format_version: 1
parameter_file: parameters.tsv
problems:
  - sbml_files: [model.xml]
    condition_files: [conditions.tsv]
    measurement_files: [measurements.tsv]
    observable_files: [observables.tsv]
"""
CONDITIONS = (
    b"conditionId\tconditionName\tk1\tA\nrest\tbefore\t0.3\t1\nnow\tafter\tk_now\t\nfree\t\t0.8\ta0\n"
)
PARAMETERS = b"""parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate
k_now\tlog10\t1e-3\t1e3\t0.9\t1
k2\tlog\t1e-3\t1e3\t0.6\t1
a0\tlin\t0\t10\t1.2\t1
scale\tlog10\t1e-3\t1e3\t2\t1
sd\tlog10\t1e-3\t1e3\t0.1\t1
sd_b\tlin\t1e-3\t1e3\t0.2\t0
"""
OBSERVABLES = b"""observableId\tobservableFormula\tnoiseFormula\tobservableTransformation\tnoiseDistribution
of_a\tobservableParameter1_of_a * A\tnoiseParameter1_of_a\tlin\tnormal
of_b\tB + 0.1 * A^1.5\tsd_b\tlog10\tnormal
"""
MEASUREMENTS = b"""observableId\tpreequilibrationConditionId\tsimulationConditionId\tmeasurement\ttime\
\tobservableParameters\tnoiseParameters
of_a\trest\tnow\t1.5\t0\tscale\tsd
of_a\trest\tnow\t0.9\t3\tscale\tsd
of_b\trest\tnow\t0.6\t3\t\t
of_a\t\tfree\t0.8\t1\tscale\tsd
of_b\t\tfree\t0.7\t5\t\t
"""
FILES = {
    "problem.yaml": YAML,
    "model.xml": SBML,
    "conditions.tsv": CONDITIONS,
    "parameters.tsv": PARAMETERS,
    "observables.tsv": OBSERVABLES,
    "measurements.tsv": MEASUREMENTS,
}


YAML_2 = b"""format_version: 2.0.0
id: small
model_files:
  small: {location: model.xml, language: sbml}
condition_files: [conditions.tsv]
experiment_files: [experiments.tsv]
measurement_files: [measurements.tsv]
observable_files: [observables.tsv]
parameter_files: [parameters.tsv]
mapping_files: [mapping.tsv]
extensions: {}
"""
CONDITIONS_2 = b"""conditionId\ttargetId\ttargetValue
rest\tk1\t0.3
rest\tA\t1
now\tk1\tk_now
free\tk1\t0.8
free\tA\ta0
more\tA\tA + 0.5 * B * a0
faster\trate_forth\tk1 * 2 + k_now
"""
EXPERIMENTS_2 = b"""experimentId\ttime\tconditionId
after_rest\t0\tnow
after_rest\t-inf\trest
alone\t0\tfree
course\t0\tfree
course\t1\tmore
course\t1\tfaster
course\t3\tmore
"""
PARAMETERS_2 = b"""parameterId\tlowerBound\tupperBound\tnominalValue\testimate\
\tpriorDistribution\tpriorParameters
k_now\t1e-3\t1e3\t0.9\ttrue\tlog-normal\t0;1.5
k2\t1e-3\t1e3\t0.6\ttrue\t\t
a0\t0\t10\t1.2\ttrue\tgamma\t2;1
scale\t1e-3\t1e3\t2\ttrue\t\t
sd\t1e-3\t1e3\t0.1\ttrue\t\t
sd_b\t\t\t0.2\tfalse\t\t
"""
OBSERVABLES_2 = b"""observableId\tobservableFormula\tobservablePlaceholders\tnoiseFormula\tnoisePlaceholders\
\tnoiseDistribution
of_a\tfactor * A\tfactor\twidth\twidth\tnormal
of_b\tB + 0.1 * A^1.5\t\tsd_b\t\tlog-normal
"""
MEASUREMENTS_2 = b"""observableId\texperimentId\tmeasurement\ttime\tobservableParameters\tnoiseParameters
of_a\tafter_rest\t1.5\t0\tscale\tsd
of_a\tafter_rest\t0.9\t3\tscale\tsd
of_b\tafter_rest\t0.6\t3\t\t
of_a\talone\t0.8\t1\tscale\tsd
of_b\talone\t0.7\t5\t\t
of_a\tcourse\t2.4\t1\tscale\tsd
of_a\tcourse\t1.1\t2.5\tscale\tsd
of_b\tcourse\t1.3\t4\t\t
"""
MAPPING_2 = b"petabEntityId\tmodelEntityId\tname\nrate_forth\tk1\tforward\nnow\t\ta remark\n"
FILES_2 = {
    "problem.yaml": YAML_2,
    "model.xml": SBML,
    "conditions.tsv": CONDITIONS_2,
    "experiments.tsv": EXPERIMENTS_2,
    "parameters.tsv": PARAMETERS_2,
    "observables.tsv": OBSERVABLES_2,
    "measurements.tsv": MEASUREMENTS_2,
    "mapping.tsv": MAPPING_2,
}


def written(folder: Path, files: Mapping[str, bytes] = FILES, **changed: bytes) -> Path:
    """Write a problem, some files with other text (`model_xml` for "model.xml"); its YAML file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(changed.get(name.replace(".", "_"), text))
    return folder / "problem.yaml"
