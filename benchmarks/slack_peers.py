"""What would the same cost with Bolt alone? `python -m benchmarks.slack_peers NAME` serves one of the apps below on a free port.

They are written as Bolt's documentation writes them, and find Slack at SLACK_API_URL, their database at PEER_DATABASE.
"""

from __future__ import annotations

import asyncio
import os
import sys

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.server import listen

TOKEN = "xoxb-benchmark"


class Base(DeclarativeBase):
    """The root of the plain app's tables."""


class Person(Base):
    """Who may log."""

    __tablename__ = "people"

    account: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Figure(Base):
    """What was logged."""

    __tablename__ = "figures"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("people.account"))
    written: Mapped[str]


def hello(*, before_response: bool) -> AsyncApp:
    """Answers every command with a word."""
    app = _app(before_response=before_response)

    @app.command("/ops")
    async def _say(ack: AsyncAck) -> None:
        await ack("hello")

    return app


def plain(url: str) -> AsyncApp:
    """Looks up who writes and keeps what they wrote, by the ORM in a thread."""
    app, engine = _app(before_response=False), create_engine(url)
    event.listen(engine, "connect", lambda connection, _: connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Person(account="U1", name="Lin"))
        session.commit()

    def keep(account: str, written: str) -> str:
        with Session(engine) as session:
            person = session.scalars(select(Person).where(Person.account == account)).one()
            session.add(Figure(account=person.account, written=written))
            session.commit()
            return f"Kept, {person.name}: {written}"

    @app.command("/kpi")
    async def _log(ack: AsyncAck, command: dict[str, str]) -> None:
        await ack(await asyncio.to_thread(keep, command["user_id"], command["text"]))

    return app


def _app(*, before_response: bool) -> AsyncApp:
    client = AsyncWebClient(token=TOKEN, base_url=os.environ["SLACK_API_URL"])
    return AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], process_before_response=before_response)


def _serve(app: AsyncApp) -> None:
    handler, listening = AsyncSlackRequestHandler(app), listen("127.0.0.1", 0)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    asgi = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    uvicorn.Server(uvicorn.Config(asgi, log_config=None, access_log=False, lifespan="off")).run(sockets=[listening])


if __name__ == "__main__":
    match sys.argv[1]:
        case "hello-before":
            _serve(hello(before_response=True))
        case "hello":
            _serve(hello(before_response=False))
        case _:
            _serve(plain(os.environ["PEER_DATABASE"]))
