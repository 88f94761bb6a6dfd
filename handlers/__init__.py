"""What can people say and press? One file per command family: parse, ask a service, answer with a card."""
