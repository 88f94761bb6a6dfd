"""Who says when a row of the ledger is looked at? Engines; all keep `core.ports.JobQueue`, and none keeps anything that the ledger does not know."""
