"""What is due now? It is done once, and what was sent is printed."""

from __future__ import annotations

from bot.cli.run import Exit, Run
from bot.house import House
from bot.log import configure
from core.domain.deliveries import Delivery, DeliveryState, Kind, Why
from scheduler.stages.record import Outcome

KINDS = {
    Kind.DIGEST: "the morning digest",
    Kind.BOARD: "a board",
    Kind.TASKS: "the tasks of the week",
    Kind.COMMAND: "the result of a command",
    Kind.ANSWER: "an answer",
    Kind.CARD: "the new state of a card",
    Kind.NOTICE: "word of a delivery",
}


def tick(run: Run) -> None:
    """Plans, builds and sends what is due at `--now`, in every workspace. Exit code 1 when one of them broke on its way."""
    configure()
    house = run.house()
    house.adopt()
    outcomes = house.deliveries.tick()
    for outcome in outcomes:
        row = outcome.delivery
        run.tell(f"{row.state.value.replace('_', ' ')}: {KINDS[row.kind]} to {_place(house, row)}")
        if outcome.message is not None:
            run.say(outcome.message)
    if not outcomes:
        run.tell("Nothing was due.")
    run.data["deliveries"] = [{"key": item.delivery.key, "state": item.delivery.state.value, "why": item.why} for item in outcomes]
    if any(_broke(outcome) for outcome in outcomes):
        run.finish_with(Exit.FAULT)


def _place(house: House, row: Delivery) -> str:
    """A channel by its name; what goes to one person by theirs."""
    with house.database.read() as uow:
        channel = uow.places.channel(row.binding, row.conversation)
        person = row.visible_to or (channel.direct_to if channel else None)
        if person is not None:
            return uow.members.get(row.workspace, person).name
    return f"#{channel.name}" if channel else row.conversation


def _broke(outcome: Outcome) -> bool:
    row = outcome.delivery
    return outcome.why == Why.BROKEN or row.error is not None or row.state in (DeliveryState.FAILED, DeliveryState.IN_DOUBT)
