"""Drugs, by class: a class is a function that returns a mechanism, a drug is one call of it.

`catalogue` lists them all, with what they are also called and whom they hit.
"""

from mtorkin.mechanisms.drugs import atp_site, rapalogs, wortmannin
from mtorkin.mechanisms.drugs.atp_site import atp_competitor
from mtorkin.mechanisms.drugs.rapalogs import frb_binder, rapalog

__all__ = ["ON_REQUEST", "STANDARD", "atp_competitor", "frb_binder", "rapalog"]

STANDARD = (rapalogs.RAPAMYCIN_ITSELF, rapalogs.TEMSIROLIMUS, *atp_site.MECHANISMS, wortmannin.mechanism)
ON_REQUEST = rapalogs.ON_REQUEST
