"""Pictures of the network, drawn by hand and checked by the model: the layouts of an SBML file."""

from mtorkin.sbml.diagram.drawing import Drawing, drawings
from mtorkin.sbml.diagram.write import layouts

__all__ = ["Drawing", "drawings", "layouts"]
