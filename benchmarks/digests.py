"""Does a whole digest, query to picture, cost less than a plain pyplot picture of the same content?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.digest_picture import pyplot
from benchmarks.workspaces import NOW, bench
from core.analysis.charts import draw
from core.domain.moments import business_time
from core.domain.workspaces import Locale
from core.messages.codec import dump
from core.messages.model import Chart, Message
from core.services.digest import digest_message


def cases(folder: Path) -> dict[str, Callable[[], object]]:
    """The pyplot figure of the digest's own chart, then the digest: query, compute, card, picture."""
    shop = bench(folder, 2)

    def message() -> Message:
        with shop.database.read() as uow:
            return digest_message(uow, shop.workspace, business_time(shop.workspace, NOW), Locale.ZH)

    def whole() -> None:
        made = message()
        dump(made)
        draw(_chart(made))

    chart = _chart(message())
    return {
        "fresh pyplot figure": lambda: pyplot(chart),
        "digest: query, card, picture": whole,
        "digest without the picture": lambda: dump(message()),
        "its picture alone": lambda: draw(chart),
    }


def _chart(message: Message) -> Chart:
    return next(block for block in message.blocks if isinstance(block, Chart))
