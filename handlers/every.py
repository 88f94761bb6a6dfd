"""Which families are there? Importing this module declares every command, in the order in which help lists them."""

import handlers.campaign
import handlers.kpi
import handlers.ops
import handlers.task

__all__ = ["handlers"]
