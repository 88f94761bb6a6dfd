"""What can people ask of the bot itself?"""

from handlers.ops import digest, help, import_, settings, whoami  # named after the commands

__all__ = ["digest", "help", "import_", "settings", "whoami"]
