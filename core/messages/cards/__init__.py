"""Which card does each answer become? Pure functions from domain values and a locale to a message."""
