"""What has to be entered on Feishu's pages before the bot works there?"""

from __future__ import annotations

EVENTS_PATH = "/feishu/events"
