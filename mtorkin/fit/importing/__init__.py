"""Reading blots in the formats that labs have them in.

`read_lanes` recognises a file by its content and returns it as mtorkin's blot table; `Choices` is
what a person adds to it. Import from the modules; this package re-exports only these.
"""

from mtorkin.fit.importing.choices import Choices, read_antibodies, read_lane_table
from mtorkin.fit.importing.recognising import read_lanes

__all__ = ["Choices", "read_antibodies", "read_lane_table", "read_lanes"]
