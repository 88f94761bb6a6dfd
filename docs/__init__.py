"""How do the documents come by their pictures and schemas? From the real program."""
