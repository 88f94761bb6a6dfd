"""How does the house stand on a machine? The process: command line, settings, composition, dispatch and platforms."""
