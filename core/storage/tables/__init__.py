"""Which tables are there? Importing this package declares them all."""

from core.storage.tables import campaigns, chat, deliveries, inbox, orders, origin, paces, people, platforms, readings, workspaces

__all__ = ["campaigns", "chat", "deliveries", "inbox", "orders", "origin", "paces", "people", "platforms", "readings", "workspaces"]
