"""Where are pictures drawn? In a child process of the server, which stays small and free; in its own process by a command that ends anyway.

Drawing holds the interpreter for up to a tenth of a second, and matplotlib with the fonts takes some 70 MB.
"""

from __future__ import annotations

import signal
import traceback
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Lock

from core.errors import PictureError
from core.messages.model import Chart

# The first start on a machine lists its fonts, once.
START_LIMIT = 60.0
PICTURE_LIMIT = 10.0
CLOSE_LIMIT = 2.0
READY = "ready"


class DirectRenderer:
    """Draws in this process: for commands that draw one picture and end."""

    def draw(self, chart: Chart) -> bytes:
        """The chart as PNG; `PictureError` when it cannot be drawn."""
        from core.analysis.charts import draw

        try:
            return draw(chart)
        except Exception as error:  # whatever is wrong with a picture, the text can go out without it
            raise PictureError(f"{type(error).__name__}: {error}") from error


class ProcessRenderer:
    """Draws in one child process, one picture at a time, whichever threads ask.

    The child starts at the first picture and again after it died or was stopped for taking longer than `limit` seconds.
    """

    def __init__(self, limit: float = PICTURE_LIMIT) -> None:
        self._limit = limit
        self._lock = Lock()
        self._child: _Child | None = None
        self._closed = False

    def draw(self, chart: Chart) -> bytes:
        """The chart as PNG; `PictureError` when it cannot be drawn, takes too long, or the renderer is closed."""
        with self._lock:
            if self._closed:
                raise PictureError("the renderer is closed")
            try:
                return self._running().draw(chart, self._limit)
            except (OSError, EOFError) as error:
                self._stop()
                raise PictureError(f"the drawing process failed: {error!r}") from error

    def close(self) -> None:
        """Ends the child, after the picture that it may be drawing. Can be called twice."""
        with self._lock:
            self._closed = True
            self._stop()

    def _running(self) -> _Child:
        if self._child is not None and not self._child.alive:
            self._stop()
        if self._child is None:
            self._child = _Child()
            self._child.wait_until_ready()
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


class _Child:
    """The process and this end of the pipe to it. Its methods raise OSError (a time-out too) or EOFError when the process does not answer."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, far_end = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(far_end,), name="morningbell-renderer", daemon=True)
        self._process.start()
        far_end.close()

    @property
    def alive(self) -> bool:
        """A child at rest says nothing: something to read is the end of its pipe, seen before the process is gone."""
        return self._process.is_alive() and not self._pipe.poll()

    def wait_until_ready(self) -> None:
        self._answer(START_LIMIT)

    def draw(self, chart: Chart, limit: float) -> bytes:
        self._pipe.send(chart)
        match self._answer(limit):
            case bytes(picture):
                return picture
            case reason:
                raise PictureError(str(reason))

    def stop(self) -> None:
        """A closed pipe ends the child; one that does not see it is killed."""
        self._pipe.close()
        self._process.join(CLOSE_LIMIT)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _answer(self, limit: float) -> object:
        if not self._pipe.poll(limit):
            raise TimeoutError(f"no answer within {limit:g} s")
        return self._pipe.recv()


def _serve(pipe: Connection) -> None:
    """The child: answers each chart with its PNG, or with the trace as text, until the pipe is closed."""
    # Ctrl-C reaches the whole group of processes; the parent decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import core.analysis.charts  # noqa: F401  # before "ready", so that a picture's time is its own

    pipe.send(READY)
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_answer_to(pipe.recv()))


def _answer_to(chart: Chart) -> bytes | str:
    try:
        return DirectRenderer().draw(chart)
    except PictureError:
        return traceback.format_exc()
