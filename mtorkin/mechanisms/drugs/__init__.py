"""Drugs, by class: a class is a function that returns a mechanism, a drug is one call of it.

`catalogue` lists them all, with what they are also called and whom they hit.
"""

from mtorkin.mechanisms.drugs import atp_site, rapalogs, stability, wortmannin
from mtorkin.mechanisms.drugs.atp_site import atp_competitor
from mtorkin.mechanisms.drugs.rapalogs import frb_binder, rapalog

__all__ = ["DECAY", "ON_REQUEST", "STANDARD", "atp_competitor", "frb_binder", "rapalog"]

STANDARD = (rapalogs.RAPAMYCIN_ITSELF, rapalogs.TEMSIROLIMUS, *atp_site.MECHANISMS, wortmannin.mechanism)
DECAY = stability.mechanism  # of rapamycin in the medium: a variant names it
ON_REQUEST = rapalogs.ON_REQUEST
