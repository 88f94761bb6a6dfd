"""How do a message's charts become pictures on the platform? One that cannot be made is done without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from core.errors import PictureError, SendError
from core.messages.model import Chart, Message
from core.ports import Address, Platform, Renderer

log = structlog.get_logger()

# The platform of a binding. Each has a payload type of its own, which only it looks into.
# Raises LookupError for one that this process does not serve.
Platforms = Callable[[int], Platform[Any]]
# Whether an upload that failed so is worth another try.
Worth = Callable[[SendError], bool]
MEDIA_TYPE = "image/png"


class Pictures:
    """Draws charts and uploads the pictures."""

    def __init__(self, renderer: Renderer, platforms: Platforms) -> None:
        self._renderer = renderer
        self._platforms = platforms

    def upload(self, message: Message, address: Address, worth: Worth) -> dict[str, str]:
        """The platform's key of each chart's picture, by the chart's name. A chart that has none could not be drawn or was refused.

        Raises the SendError of an upload that may work later, where it is worth trying again; else the message does without that picture.
        """
        refs: dict[str, str] = {}
        for chart in message.blocks:
            if isinstance(chart, Chart) and (ref := self._uploaded(chart, address, worth)) is not None:
                refs[chart.name] = ref
        return refs

    def _uploaded(self, chart: Chart, address: Address, worth: Worth) -> str | None:
        try:
            picture = self._renderer.draw(chart)
            return self._platforms(address.binding).upload(address, f"{chart.name}.png", MEDIA_TYPE, picture)
        except PictureError as error:
            log.warning("picture_failed", chart=chart.name, error=str(error))
        except SendError as error:
            if error.retryable and worth(error):
                raise
            log.warning("picture_refused", chart=chart.name, reason=error.reason.value)
        return None
