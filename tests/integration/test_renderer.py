"""Does the drawing process start, draw, fail, die and end as the server needs?"""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from multiprocessing.process import BaseProcess

import pytest

from benchmarks.digest_picture import sample_chart
from bot.renderer import DirectRenderer, ProcessRenderer
from core.errors import PictureError
from core.messages.model import Chart, Panel

PNG = b"\x89PNG"
SMALL = Chart(name="small", alt="", caption="近 28 天", panels=(Panel("GMV", "28.6万"),))
# A target that is no number: drawing it fails.
BROKEN = Chart(name="broken", alt="", caption="", panels=(Panel("GMV", "1", target=Decimal("sNaN")),))


@pytest.fixture
def renderer() -> Iterator[ProcessRenderer]:
    renderer = ProcessRenderer()
    yield renderer
    renderer.close()


def drawing_processes() -> list[BaseProcess]:
    return [child for child in multiprocessing.active_children() if child.name == "morningbell-renderer"]


def test_the_child_starts_at_the_first_picture_draws_as_the_parent_would_and_ends_at_close(renderer: ProcessRenderer) -> None:
    assert not drawing_processes()
    chart = sample_chart("zh-CN")
    assert renderer.draw(chart) == DirectRenderer().draw(chart)
    assert len(drawing_processes()) == 1
    renderer.close()
    renderer.close()
    assert not drawing_processes()
    with pytest.raises(PictureError, match="closed"):
        renderer.draw(SMALL)


def test_a_picture_that_cannot_be_drawn_is_an_error_with_its_cause_and_the_next_one_is_drawn_by_the_same_child(renderer: ProcessRenderer) -> None:
    with pytest.raises(PictureError, match="NaN"):
        renderer.draw(BROKEN)
    child = drawing_processes()
    assert renderer.draw(SMALL).startswith(PNG)
    assert drawing_processes() == child
    with pytest.raises(PictureError, match="NaN"):
        DirectRenderer().draw(BROKEN)


def test_a_killed_child_is_replaced(renderer: ProcessRenderer) -> None:
    renderer.draw(SMALL)
    (child,) = drawing_processes()
    child.kill()
    child.join()
    assert renderer.draw(SMALL).startswith(PNG)
    assert drawing_processes() != [child]


def test_a_picture_that_takes_too_long_is_given_up_and_its_child_replaced() -> None:
    renderer = ProcessRenderer(limit=0.0)
    with pytest.raises(PictureError, match="no answer"):
        renderer.draw(sample_chart("en"))
    assert not drawing_processes()
    renderer.close()


def test_threads_share_one_child(renderer: ProcessRenderer) -> None:
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(renderer.draw, [SMALL] * 8))
    assert len(set(pictures)) == 1
    assert len(drawing_processes()) == 1


def test_the_serving_process_never_imports_matplotlib() -> None:
    program = "import sys, bot.renderer; bot.renderer.ProcessRenderer().close(); print('matplotlib' in sys.modules, 'numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
