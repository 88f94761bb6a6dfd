"""What is loaded once, for every process of the suite to begin with?"""

from __future__ import annotations

import gc
from importlib import import_module

from tests.faults.haste import hasten

hasten()

# What a process loads when it needs it, which takes longer than a case may wait.
LATER = ("bot.deliveries", "bot.platforms.feishu.start", "scheduler.engines.embedded", "scheduler.engines.pgqueuer", "holidays", "tests.faults.child")
for name in LATER:
    import_module(name)
# Looking through it for garbage would copy all of it into every process.
gc.collect()
gc.freeze()
