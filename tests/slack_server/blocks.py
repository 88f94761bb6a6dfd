"""What shapes do blocks have, and how much do they hold? Block Kit as its reference says it.

Source: https://docs.slack.dev/reference/block-kit. Kinds that no bot of ours needs (video, data tables) are refused as unknown.
"""

from __future__ import annotations

from tests.slack_server.shapes import Check, Needed, Shape, by_type, many, one_of, shaped, string, whole, yes_or_no


def _plain(most: int) -> Check:
    return shaped({"type": Needed(one_of("plain_text")), "text": Needed(string(most)), "emoji": yes_or_no})


def _either(most: int) -> dict[str, Shape]:
    return {"plain_text": {"text": Needed(string(most)), "emoji": yes_or_no}, "mrkdwn": {"text": Needed(string(most)), "verbatim": yes_or_no}}


def _words(most: int) -> Check:
    return by_type(_either(most))


ID = string(255)
CONFIRM = shaped(
    {
        "title": Needed(_plain(100)),
        "text": Needed(_words(300)),
        "confirm": Needed(_plain(30)),
        "deny": Needed(_plain(30)),
        "style": one_of("primary", "danger"),
    }
)
OPTION = shaped({"text": Needed(_words(75)), "value": Needed(string(150)), "description": _words(75), "url": string(3000)})
PLAIN_OPTION = shaped({"text": Needed(_plain(75)), "value": Needed(string(150)), "description": _plain(75), "url": string(3000)})
GROUP = shaped({"label": Needed(_plain(75)), "options": Needed(many(PLAIN_OPTION, 100))})
SLACK_FILE = shaped({"id": string(255), "url": string(3000)})

BASE: Shape = {"action_id": ID, "confirm": CONFIRM}
FOCUS: Shape = {"action_id": ID, "focus_on_load": yes_or_no}
PICK: Shape = {**BASE, "focus_on_load": yes_or_no, "placeholder": _plain(150)}
CHOICES: Shape = {"options": many(PLAIN_OPTION, 100), "option_groups": many(GROUP, 100)}
TYPED: Shape = {**FOCUS, "placeholder": _plain(150), "initial_value": string(3000, 0)}
DISPATCH = shaped({"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 2)})

BUTTON: Shape = {
    **BASE,
    "text": Needed(_plain(75)),
    "value": string(2000),
    "url": string(3000),
    "style": one_of("primary", "danger"),
    "accessibility_label": string(75),
}
PICKERS: dict[str, Shape] = {
    "static_select": {**PICK, **CHOICES, "initial_option": PLAIN_OPTION},
    "multi_static_select": {**PICK, **CHOICES, "initial_options": many(PLAIN_OPTION, 100), "max_selected_items": whole(1, 100)},
    "users_select": {**PICK, "initial_user": ID},
    "multi_users_select": {**PICK, "initial_users": many(ID, 100), "max_selected_items": whole(1, 100)},
    "conversations_select": {**PICK, "initial_conversation": ID, "default_to_current_conversation": yes_or_no},
    "channels_select": {**PICK, "initial_channel": ID},
    "datepicker": {**PICK, "initial_date": string(10, 10)},
    "timepicker": {**PICK, "initial_time": string(5, 5), "timezone": string(255)},
    "datetimepicker": {**BASE, "focus_on_load": yes_or_no, "initial_date_time": whole(10**9, 10**10 - 1)},
    "checkboxes": {**BASE, "focus_on_load": yes_or_no, "options": Needed(many(OPTION, 10)), "initial_options": many(OPTION, 10)},
    "radio_buttons": {**BASE, "focus_on_load": yes_or_no, "options": Needed(many(OPTION, 10)), "initial_option": OPTION},
}
PRESSED: dict[str, Shape] = {"button": BUTTON, "overflow": {**BASE, "options": Needed(many(PLAIN_OPTION, 5))}, **PICKERS}
LENGTHS: Shape = {"min_length": whole(0, 3000), "max_length": whole(1, 3000), "dispatch_action_config": DISPATCH}
INPUTS: dict[str, Shape] = {
    **PICKERS,
    "plain_text_input": {**TYPED, **LENGTHS, "multiline": yes_or_no},
    "number_input": {**TYPED, "is_decimal_allowed": Needed(yes_or_no), "min_value": string(50), "max_value": string(50)},
    "email_text_input": TYPED,
    "url_text_input": TYPED,
    "file_input": {"action_id": ID, "filetypes": many(string(20), 100), "max_files": whole(1, 10)},
}
IMAGE: Shape = {"image_url": string(3000), "slack_file": SLACK_FILE, "alt_text": Needed(string(2000))}

STYLE = shaped(dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), yes_or_no))
RICH_INLINE = by_type(
    {
        "text": {"text": Needed(string(100_000)), "style": STYLE},
        "link": {"url": Needed(string(3000)), "text": string(3000), "unsafe": yes_or_no, "style": STYLE},
        "user": {"user_id": Needed(ID), "style": STYLE},
        "channel": {"channel_id": Needed(ID), "style": STYLE},
        "usergroup": {"usergroup_id": Needed(ID), "style": STYLE},
        "broadcast": {"range": Needed(one_of("here", "channel", "everyone"))},
        "emoji": {"name": Needed(string(255)), "unicode": string(255), "style": STYLE},
        "color": {"value": Needed(string(7))},
        "date": {
            "timestamp": Needed(whole(0, 10**10 - 1)),
            "format": Needed(string(255)),
            "url": string(3000),
            "fallback": string(255),
            "style": STYLE,
        },
    }
)
RICH_SECTION: Shape = {"elements": Needed(many(RICH_INLINE, 3000, 0))}
BORDER: Shape = {**RICH_SECTION, "border": whole(0, 1)}
RICH_LIST: Shape = {
    "elements": Needed(many(by_type({"rich_text_section": RICH_SECTION}), 3000)),
    "style": Needed(one_of("bullet", "ordered")),
    "indent": whole(0, 8),
    "offset": whole(0, 10_000),
    "border": whole(0, 1),
}
RICH_PARTS = by_type(
    {
        "rich_text_section": RICH_SECTION,
        "rich_text_list": RICH_LIST,
        "rich_text_preformatted": {**BORDER, "language": string(50)},
        "rich_text_quote": BORDER,
    }
)
RICH_TEXT: Shape = {"block_id": ID, "elements": Needed(many(RICH_PARTS, 3000))}
CELL = by_type({"raw_text": {"text": Needed(string(100_000))}, "rich_text": RICH_TEXT})
COLUMN = shaped({"align": one_of("left", "center", "right"), "is_wrapped": yes_or_no})

BLOCKS: dict[str, Shape] = {
    "header": {"block_id": ID, "text": Needed(_plain(150))},
    "section": {
        "block_id": ID,
        "text": _words(3000),
        "fields": many(_words(2000), 10),
        "accessory": by_type({**PRESSED, "image": IMAGE}),
        "expand": yes_or_no,
    },
    "divider": {"block_id": ID},
    "context": {"block_id": ID, "elements": Needed(many(by_type({"image": IMAGE, **_either(3000)}), 10))},
    "actions": {"block_id": ID, "elements": Needed(many(by_type(PRESSED), 25))},
    "image": {"block_id": ID, **IMAGE, "title": _plain(2000)},
    "input": {
        "block_id": ID,
        "label": Needed(_plain(2000)),
        "element": Needed(by_type(INPUTS)),
        "hint": _plain(2000),
        "optional": yes_or_no,
        "dispatch_action": yes_or_no,
    },
    "rich_text": RICH_TEXT,
    "markdown": {"block_id": ID, "text": Needed(string(12_000))},
    "table": {"block_id": ID, "rows": Needed(many(many(CELL, 20), 100)), "column_settings": many(COLUMN, 20)},
}
