"""Which families are there? Importing this module declares every command, in the order in which help lists them."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "handlers.kpi.board",
    "handlers.kpi.log",
    "handlers.kpi.target",
    "handlers.kpi.show",
    "handlers.kpi.metrics",
    "handlers.task",
    "handlers.campaign",
    "handlers.role",
    "handlers.ops.help",
    "handlers.ops.digest",
    "handlers.ops.deliveries",
    "handlers.ops.import_",
    "handlers.ops.settings",
    "handlers.ops.whoami",
    "handlers.ops.home",
    "handlers.ops.people",
    "handlers.ops.channel",
    "handlers.ops.link",
    "handlers.ops.quiet",
    "handlers.ops.dayoff",
    "handlers.schedule",
)

for module in MODULES:
    import_module(module)
