"""How does the process serve? The playground on a port, the planner and the worker behind it, until a signal ends it."""

from __future__ import annotations

import errno
import signal
import socket
from contextlib import closing
from datetime import datetime
from types import FrameType

from bot.cli.run import Exit, Run, leave
from bot.courier import Courier
from bot.edges import Edges
from bot.house import House
from bot.log import configure
from bot.platforms.web.app import WebApp
from bot.platforms.web.platform import PLATFORM as WEB
from bot.platforms.web.seams import Step
from bot.platforms.web.settings import WebSettings
from bot.renderer import ProcessRenderer
from bot.server import Server, listen
from bot.settings import Settings


def serve(run: Run, host: str | None, port: int | None) -> None:
    """Serves until a signal ends it, which is exit code 0. Time flows while it does, so `--now` is refused."""
    if run.now is not None:
        leave(Exit.USAGE, "serve goes by the clock. --now is for single verbs such as tick; a demo's clock is stepped in the playground.")
    configure()
    house = run.house()
    settings = house.settings
    web = _web_settings(settings, host or settings.host)
    with closing(_listening(web.host, settings.port if port is None else port)) as listening, closing(ProcessRenderer()) as renderer:
        _run(house, _app(house, web, renderer), listening)


def _run(house: House, app: WebApp, listening: socket.socket) -> None:
    # The server raises the signal that stopped it once more. By default that would end the process before the rest is put away.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    engine = house.deliveries.engine
    engine.start()
    try:
        print(_greeting(house, listening), flush=True)
        Server(app).run(sockets=[listening])
    finally:
        engine.stop()


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(int(Exit.DONE))


def _app(house: House, web: WebSettings, renderer: ProcessRenderer) -> WebApp:
    deliveries = house.deliveries
    deliveries.renderer = renderer
    dispatch = house.dispatcher(Courier(house.clock, deliveries.engine, deliveries.worker.carry))
    app = WebApp(house.database, house.clock, dispatch, house.complete, _stepper(house), renderer, web)
    house.platforms.use(WEB, app.platform)
    return app


def _stepper(house: House) -> Step:
    def step(workspace: int, to: datetime) -> None:
        house.deliveries.standing.step(workspace, to)

    return step


def _web_settings(settings: Settings, host: str) -> WebSettings:
    token = settings.token.get_secret_value() if settings.token else None
    return WebSettings(host=host, hosts=settings.host_names, token=token)


def _listening(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1
            leave(
                Exit.USAGE, f'Port {port} is taken. Choose another with --port: make run ARGS="--port {other}", or morningbell serve --port {other}.'
            )
        leave(Exit.USAGE, f"Cannot listen on {host}:{port}: {error.strerror}.")


def _greeting(house: House, listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    names = ", ".join(workspace.name for workspace in house.workspaces())
    return f"Morningbell 晨钟 — http://{shown}:{port}\nWorkspaces: {names or 'none yet; make one with morningbell init'}\nCtrl-C ends it."
