"""PEtab: parameter estimation problems of others, for our engine and optimiser; and ours for theirs."""
