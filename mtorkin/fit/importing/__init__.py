"""Reading blots in the formats that labs have them in.

`read_lanes` recognises a file by its content and returns it as mtorkin's blot table; `Choices` is
what a person adds to it. Import from the modules; this package re-exports only these.
"""

from mtorkin.fit.importing.choices import Choices, Open, read_antibodies, read_lane_table
from mtorkin.fit.importing.recognising import is_recognised, read_lanes
from mtorkin.fit.importing.writing import conditions_to_fill, lanes_to_fill, long_table

__all__ = [
    "Choices",
    "Open",
    "conditions_to_fill",
    "is_recognised",
    "lanes_to_fill",
    "long_table",
    "read_antibodies",
    "read_lane_table",
    "read_lanes",
]
