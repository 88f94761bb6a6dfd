"""What does an act cost over HTTP, signed, against the same on a bare SDK? Servers on one core, the load on another, all in turn."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks import acts
from benchmarks.load import HOST, Measured, Outside, answered, carried
from benchmarks.served import KEY, Served, served, step_aside
from benchmarks.workspaces import NOW, Bench, bench
from core.domain.campaigns import Task
from core.messages.model import Press
from core.messages.tokens import Signer

MISSING = """nonebot2 is not measured. To have it beside the others, install it in an environment of its own, and say where:
python3 -m venv /tmp/nonebot && /tmp/nonebot/bin/pip install "nonebot2[fastapi,aiohttp]" nonebot-adapter-feishu
NONEBOT_PYTHON=/tmp/nonebot/bin/python make bench ARGS=edges"""

ROUNDS = 5
MANY, ALONE = 240, 40
AT_ONCE = 16

Run = Callable[[int, int], Coroutine[None, None, Measured]]

EVENTS = "/feishu/events"
PEER = Path(__file__).with_name("feishu_peer.py")


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a table: who serves, and a run of so many requests, so many at once."""

    server: Served
    run: Run


@dataclass(slots=True)
class Seen:
    """What the rounds brought: many at once, one alone, and processor time for a request, in milliseconds."""

    many: list[Measured]
    alone: list[Measured]
    cpu: list[float]


def report(folder: Path) -> str:
    """The tables of both platforms."""
    step_aside()
    return asyncio.run(_report(folder))


async def _report(folder: Path) -> str:
    outside = Outside(json.dumps(_good_news()).encode())
    async with outside.open() as port:
        with ExitStack() as stack:
            # In another thread: a server that starts may ask the outside, which lives in this one.
            slack = await asyncio.to_thread(stack.enter_context, slack_cases(folder, f"http://{HOST}:{port}/"))
            tables = [_table(await _rounds(slack))]
        with ExitStack() as stack:
            feishu = await asyncio.to_thread(stack.enter_context, feishu_cases(folder, f"http://{HOST}:{port}", outside))
            tables.append(_table(await _rounds(feishu)))
    return "\n\n".join(tables if feishu_peer_python() else [*tables, MISSING])


@contextmanager
def slack_cases(folder: Path, api: str) -> Iterator[dict[str, Case]]:
    """Bolt alone, and ours."""
    environment = {"SLACK_API_URL": api, "SLACK_SIGNING_SECRET": acts.SIGNING_SECRET}
    peer = {**environment, "PEER_DATABASE": f"sqlite:///{folder / 'peer.db'}"}
    shop, figures = _shop(folder, "slack", acts.TEAM, acts.PERSON), count(50_000)
    ours = {**environment, **_own(shop), "SLACK_BOT_TOKEN": "xoxb-benchmark"}
    with ExitStack() as stack:
        before, default, plain = (
            stack.enter_context(served(["-m", "benchmarks.slack_peers", name], peer)) for name in ("hello-before", "hello", "plain")
        )
        house = stack.enter_context(served(["-m", "bot", "serve", "--port", "0"], ours))
        yield {
            "Bolt, before response, hello": _asking(before, lambda: acts.slash("/ops", "help", api)),
            "Bolt, default, hello": _asking(default, lambda: acts.slash("/ops", "help", api)),
            "ours, /ops help": _asking(house, lambda: acts.slash("/ops", "help", api)),
            "Bolt, default, ORM in a thread": _asking(plain, lambda: acts.slash("/kpi", f"log 2024-06-03 dau={next(figures)}", api)),
            "ours, /kpi log": _asking(house, lambda: acts.slash("/kpi", f"log 2024-06-03 dau={next(figures)}", api)),
        }


@contextmanager
def feishu_cases(folder: Path, api: str, outside: Outside) -> Iterator[dict[str, Case]]:
    """nonebot2, where it is installed, and ours."""
    secrets = {"FEISHU_APP_SECRET": acts.APP_SECRET, "FEISHU_ENCRYPT_KEY": acts.ENCRYPT_KEY, "FEISHU_VERIFICATION_TOKEN": acts.VERIFICATION}
    shop = _shop(folder, "feishu", acts.APP, acts.OPEN_ID)
    ours = {**secrets, **_own(shop), "FEISHU_APP_ID": acts.APP, "FEISHU_DOMAIN": api}
    tasks = _tasks(shop)
    with ExitStack() as stack:
        cases: dict[str, Case] = {}
        if (python := feishu_peer_python()) is not None:
            peer = stack.enter_context(served([str(PEER)], {"PEER_API": api, **secrets, "FEISHU_APP_ID": acts.APP}, python))
            cases["nonebot2, a message answered"] = _carrying(peer, lambda: acts.said("/ops help", f"/feishu/{acts.APP}"), outside)
        house = stack.enter_context(served(["-m", "bot", "serve", "--port", "0"], ours))
        cases["ours, a message answered"] = _carrying(house, lambda: acts.said("/ops help", EVENTS), outside)
        cases["ours, a task done by a press"] = _asking(house, lambda: acts.pressed(*next(tasks), EVENTS))
        yield cases


def feishu_peer_python() -> str | None:
    """The interpreter that has nonebot2, where there is one."""
    return os.environ.get("NONEBOT_PYTHON")


def _shop(folder: Path, platform: str, tenant: str, account: str) -> Bench:
    """A shop that is bound to the platform, where its owner has the account."""
    shop = bench(folder, 1)
    with shop.database.write() as uow:
        binding = uow.places.bind(shop.workspace.id, platform, tenant)
        uow.members.link(shop.workspace.id, shop.owner.id, binding, account)
        uow.commit()
    return shop


def _own(shop: Bench) -> dict[str, str]:
    return {"MORNINGBELL_DATABASE_URL": str(shop.database.engine.url), "MORNINGBELL_KEY": KEY}


def _tasks(shop: Bench) -> Iterator[tuple[str, str]]:
    """As many open tasks as are pressed: the token of each one's button, and what its card shows."""
    signer = Signer(shop.database.sealer.derive("token"))
    with shop.database.write() as uow:
        kept = [
            uow.tasks.add(shop.workspace.id, Task(0, 0, f"Task {place}", (shop.owner.id,)), NOW) for place in range((MANY + ALONE) * (ROUNDS + 1))
        ]
        uow.commit()
    for task in kept:
        yield signer.sign(shop.workspace.id, Press("task done", {"task": task.label})), f"task:{task.number}"


def _asking(server: Served, act: Callable[[], bytes]) -> Case:
    return Case(server, lambda many, at_once: answered(server.port, [act() for _ in range(many)], at_once))


def _carrying(server: Served, act: Callable[[], bytes], outside: Outside) -> Case:
    return Case(server, lambda many, at_once: carried(server.port, [act() for _ in range(many)], at_once, outside))


async def _rounds(cases: Mapping[str, Case]) -> dict[str, Seen]:
    """Every case in turn, round after round, after one that does not count."""
    seen = {name: Seen([], [], []) for name in cases}
    for turn in range(ROUNDS + 1):
        for name, case in cases.items():
            before = case.server.cpu()
            many = await case.run(MANY, AT_ONCE)
            cpu = (case.server.cpu() - before) / MANY * 1000
            alone = await case.run(ALONE, 1)
            if turn:
                seen[name].many.append(many)
                seen[name].alone.append(alone)
                seen[name].cpu.append(cpu)
    return seen


def _table(seen: Mapping[str, Seen]) -> str:
    """A line a case: medians over the rounds, the ratio of its rate to that of the first."""
    rates = {name: median(each.rate for each in case.many) for name, case in seen.items()}
    base = next(iter(rates.values()))
    head = f"{'case':<34}{'req/s at 16':>12}{'ratio':>8}{'p50 at 16':>12}{'p50 alone':>12}{'CPU':>10}"
    return "\n".join([head, *(_line(name, case, rates[name] / base) for name, case in seen.items())])


def _line(name: str, case: Seen, ratio: float) -> str:
    rate, many = median(each.rate for each in case.many), median(each.p50 for each in case.many)
    alone, cpu = median(each.p50 for each in case.alone), median(case.cpu)
    return f"{name:<34}{rate:>12.0f}{ratio:>8.2f}{many:>9.1f} ms{alone:>9.2f} ms{cpu:>7.2f} ms"


def _good_news() -> dict[str, object]:
    """One answer that both platforms' clients take for whatever they asked."""
    slack = {"ok": True, "url": "https://bench.slack.com/", "team": "Bench", "team_id": acts.TEAM, "user": "bot", "user_id": "UBOT", "bot_id": "B1"}
    bot = {"open_id": "ou_bot", "app_name": "bench", "activate_status": 2, "avatar_url": "https://example.com/a.png", "ip_white_list": []}
    message = {"message_id": "om_answer", "chat_id": acts.CHAT}
    return {**slack, "code": 0, "msg": "ok", "tenant_access_token": "t-bench", "expire": 7200, "bot": bot, "data": message}
