"""How does the process serve? The playground on a port, the planner and the worker behind it, until a signal ends it."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from types import FrameType

from bot.cli.run import Exit, Run, leave
from bot.edges import Edges
from bot.engines import engine_maker
from bot.health import ALIVE
from bot.house import House
from bot.log import configure
from bot.platforms.web.settings import WebSettings
from bot.renderer import ProcessRenderer
from bot.roles import Role
from bot.server import Server, listen
from bot.serving import edges
from bot.settings import Settings


def serve(run: Run, host: str | None, port: int | None, role: Role = Role.ALL) -> None:
    """Serves until a signal ends it, which is exit code 0. Time flows while it does, so `--now` is refused."""
    if run.now is not None:
        leave(Exit.USAGE, "serve goes by the clock. --now is for single verbs such as tick; a demo's clock is stepped in the playground.")
    configure()
    house = run.house(role=role)
    settings = house.settings
    # Said before the database is touched.
    engine_maker(settings, role)
    web = _web_settings(settings, host or settings.host)
    with closing(_listening(web.host, settings.port if port is None else port)) as listening, closing(ProcessRenderer()) as renderer:
        _run(house, edges(house, web, renderer), listening)


def _run(house: House, served: Edges, listening: socket.socket) -> None:
    # The server raises the signal that stopped it once more. By default that would end the process before the rest is put away.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    engine, server = house.deliveries.engine, Server(served)
    engine.start()
    try:
        print(_greeting(house, listening), flush=True)
        server.run(sockets=[listening])
    finally:
        engine.stop(server.left())


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(int(Exit.DONE))


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
    as_what = "" if house.role is Role.ALL else f" ({house.role})"
    lines = [
        f"Morningbell 晨钟{as_what} — http://{shown}:{port}{'' if house.role.hears else ALIVE}",
        *(_ways(house) if house.role.hears else ()),
        f"Workspaces: {names or 'none yet; make one with morningbell init'}",
        "Ctrl-C ends it.",
    ]
    return "\n".join(lines)


def _ways(house: House) -> Iterator[str]:
    if house.slack is not None:
        yield f"Slack: {_way(house.slack.socket, 'Socket Mode', '/slack/events')}"
    if house.feishu is not None:
        yield f"Feishu: {_way(house.feishu.mode == 'socket', 'long connection', '/feishu/events')}"


def _way(socket: bool, line: str, path: str) -> str:
    return line if socket else f"HTTP, POST {path}"
