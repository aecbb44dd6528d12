"""COPASI through its own library and basico: the file as it is, events included; LSODA."""

from __future__ import annotations

from typing import Any

import basico
import COPASI
from common import Job, serve

# COPASI without its window comes without the list of databases that its menu downloads, and warns
# of every annotation: of its own lack, not of the file
OWN_LIST = "Update MIRIAM from the tools menu"


def run(job: Job) -> dict[str, Any]:
    """Return the values of one job, and the messages of the import."""
    COPASI.CCopasiMessage.clearDeque()
    model = COPASI.CRootContainer.addDatamodel()
    if not model.importSBML(job["sbml"]):
        raise RuntimeError("cannot import: " + COPASI.CCopasiMessage.getAllMessageText())
    messages = []
    while COPASI.CCopasiMessage.size():
        message = " ".join(COPASI.CCopasiMessage.getFirstMessage().getText().split())
        if OWN_LIST not in message:
            messages.append(message)
    basico.set_current_model(model)
    frame = basico.run_time_course_with_output(
        output_selection=["Time", *(f"Values[{id}]" for id in job["ids"])],
        values=[0.0, *job["times"]],
        method="deterministic",
        r_tol=job["rtol"],
        a_tol=job["atol"],
        max_steps=1_000_000,
        use_initial_values=True,
    )
    rows = frame.to_numpy(dtype=float)
    if rows[-1, 0] < job["times"][-1] * (1 - 1e-9):
        raise RuntimeError(f"stopped at {rows[-1, 0]}: " + COPASI.CCopasiMessage.getAllMessageText())
    # it may report a time twice
    values = [rows[abs(rows[:, 0] - t).argmin(), 1:].tolist() for t in job["times"]]
    COPASI.CRootContainer.removeDatamodel(model)
    return {"version": COPASI.__version__, "messages": messages, "values": values}


serve(run)
