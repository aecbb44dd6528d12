"""How far off the native engine is, beside CVODE: ``make accuracy``, docs/reference/accuracy.md."""
