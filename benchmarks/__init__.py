"""How fast is it? Figures in docs come from here: `python -m benchmarks`."""
