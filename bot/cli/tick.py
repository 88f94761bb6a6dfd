"""What is due now? It is done once, and what was sent is printed."""

from __future__ import annotations

from bot.cli.run import Run
from bot.log import configure


def tick(run: Run) -> None:
    """Plans, builds and sends what is due at `--now`, in every workspace."""
    configure()
    outcomes = run.house().deliveries.tick()
    for outcome in outcomes:
        row = outcome.delivery
        run.tell(f"{row.state.value}: {row.key}")
        if outcome.message is not None:
            run.say(outcome.message)
    if not outcomes:
        run.tell("Nothing was due.")
    run.data["deliveries"] = [{"key": item.delivery.key, "state": item.delivery.state.value, "why": item.why} for item in outcomes]
