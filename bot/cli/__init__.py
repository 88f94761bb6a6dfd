"""What can be done from a terminal? One verb a file, loaded only when it is called."""

from bot.cli.app import main

__all__ = ["main"]
