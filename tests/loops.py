"""In which loop does a test run what is asynchronous? One of its own thread: a browser that is held open has one in the test's."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

Result = TypeVar("Result")


class Loop:
    """One loop for several stories. It ends with the `with` block."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._runner = self._thread.submit(asyncio.Runner).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def run(self, story: Coroutine[Any, Any, Result]) -> Result:
        """What the story comes to."""
        return self._thread.submit(self._runner.run, story).result()


def run(story: Coroutine[Any, Any, Result]) -> Result:
    """What the story comes to."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, story).result()
