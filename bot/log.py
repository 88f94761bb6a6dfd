"""Where do events of the process go? To the error stream, one line each, with the trace where something broke."""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Sets the process's logging; libraries speak from warnings on."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # The stream as it is when a line is written, not as it was at the start.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def log_incident(number: str, **facts: str) -> None:
    """Writes down the exception that is being handled, under the number that the person gets."""
    if not structlog.is_configured():
        configure()
    structlog.get_logger().exception("incident", incident=number, **facts)
