"""A Slack of ours for tests: real HTTP and WebSocket on loopback, and what Slack enforces. What can a test do with it?

    with SlackServer(clock) as slack:                       # a FixedClock; starts in a few milliseconds; `Rules` or `allow` change what is allowed
        ann = slack.add_person("ann", "安然")                # a first team (`slack.team`) is there; `add_team` makes more
        ops = slack.add_channel("ops", ann)                 # with the bot in it, unless bot=False
        slack.carrier.app_url = "http://127.0.0.1:1234/slack/events"     # left empty: events go over Socket Mode
        slack.acts.command(ann, ops, "/ops help")           # signed, delivered, its acknowledgement shown
        (shown,) = slack.ephemerals(ann, ops)
        slack.acts.press(ann, shown, "完成")                 # by action_id or label

The app needs: `slack.token` (bot), `slack.app_token`, `slack.signing_secret`, `slack.client_id`, `slack.client_secret`,
`slack.api_url` (base_url of WebClient, SLACK_API_URL). The pytest fixture is `slack`.

Acts (`slack.acts`, see acts.py): command, press, submit, close, say, mention, share, open_home, invite_bot, uninstall, `heard` for a message
of the bot's own, `event` for any other event.
They return the app's `Answer(status, headers, body, json)`; those that make events return one for each event of `acts.subscribed`.
Presses name a message (`Posted`, `Ephemeral`) or a `View`. A form is submitted with values by block_id; what the app says beside fields stands
in `slack.view(view).errors`.

Carrier (`slack.carrier`): `again()` sends the same bytes once more, `retry()` the last event as Slack's retry, `copies = 2` sends everything twice at
once; `url_verification()`, `ssl_check()`; `signed(parcel)` and `post(signed)` for spoilt requests; `answers`, `sent`.

Sockets (`slack.sockets`): `wait_for(n)` open ones, `wait_opened(n)` ever opened, `disconnect(reason)`, `silence()`, `drop()`, `ping()`,
`acknowledged`.

Questions: messages, from_bot (with `metadata`, `edits`, `files`, `thread_ts`), ephemerals, views, view, home, uploads, calls(method), and posts()
(what went to response URLs).

Faults (`slack.faults`): drop_before, drop_after, refuse(method, error, status, headers), hold(method) -> Gate; each at the n-th call from now.

Time: `slack.advance(seconds)`. Triggers live 3 s, response URLs 30 min and 5 uses, a channel takes `Rules.burst` messages at once and one a second,
codes live 10 min, rotating tokens 12 h. `slack.authorise(team, redirect_uri)` gives the code with which Slack's page sends a browser back.
"""

from __future__ import annotations

from tests.slack_server.server import SlackServer
from tests.slack_server.values import Answer, Call, Channel, Ephemeral, Person, Post, Posted, Rules, Team, Upload, View

__all__ = ["Answer", "Call", "Channel", "Ephemeral", "Person", "Post", "Posted", "Rules", "SlackServer", "Team", "Upload", "View"]
