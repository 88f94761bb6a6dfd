"""In which loop does a test run what is asynchronous? One of its own thread: a browser that is held open has one in the test's."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(story: Coroutine[Any, Any, Result]) -> Result:
    """What the story comes to."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, story).result()
