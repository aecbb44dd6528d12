"""Models in libRoadRunner, compiled without optimisation: of the whole model most of a test was that.

Small models are compiled as a user would in other tests, so that the usual back end is tried too.
"""

from __future__ import annotations

import roadrunner


def compiled(sbml: str) -> roadrunner.RoadRunner:
    """Load an SBML text or file."""
    options = roadrunner.LoadSBMLOptions()
    options.setLLVMBackend(options.LLJIT)
    options.setLLJitOptimizationLevel(options.NONE)
    return roadrunner.RoadRunner(sbml, options)
