"""What would a message cost with nonebot2? Run by an interpreter that has it; serves a bot that answers every message with a word."""

from __future__ import annotations

import os
import socket

import nonebot
import uvicorn
from nonebot.adapters.feishu import Adapter, Bot, MessageEvent

ENVIRONMENT = os.environ

nonebot.init(
    driver="~fastapi+~aiohttp",
    log_level="ERROR",
    feishu_api_base=ENVIRONMENT["PEER_API"],
    feishu_bots=[
        {
            "app_id": ENVIRONMENT["FEISHU_APP_ID"],
            "app_secret": ENVIRONMENT["FEISHU_APP_SECRET"],
            "encrypt_key": ENVIRONMENT["FEISHU_ENCRYPT_KEY"],
            "verification_token": ENVIRONMENT["FEISHU_VERIFICATION_TOKEN"],
        }
    ],
)
nonebot.get_driver().register_adapter(Adapter)


@nonebot.on_message().handle()
async def _hello(bot: Bot, event: MessageEvent) -> None:
    await bot.send(event, "hello")


listening = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(nonebot.get_asgi(), log_config=None, access_log=False)).run(sockets=[listening])
