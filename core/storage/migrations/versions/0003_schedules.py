"""Schedules by number, days off, quiet hours; channels that the bot has left, and rows whose subject changed on their way"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What the version before can read, and say by itself.
PLAIN, SAID = {"daily", "workdays", "weekdays"}, {"digest"}
_NUMBERED = "SELECT count(*) FROM schedules AS earlier WHERE earlier.workspace_id = schedules.workspace_id AND earlier.id <= schedules.id"


def upgrade() -> None:
    op.create_table(
        "days_off",
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_days_off_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("workspace_id", "day", name=op.f("pk_days_off")),
    )
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("touched", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quiet_from", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("quiet_to", sa.Text(), nullable=True))

    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("zone", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("locale", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("calendar", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("off", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(f"UPDATE schedules SET number = ({_NUMBERED})")  # noqa: S608  # a constant
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.BigInteger(), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_schedules_workspace_id_kind_channel_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_schedules_workspace_id_number"), ["workspace_id", "number"])
        batch_op.create_index(batch_op.f("ix_schedules_planned_until"), ["planned_until"], unique=False)


def downgrade() -> None:
    _drop_what_the_version_before_cannot_hold()
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schedules_planned_until"))
        batch_op.drop_constraint(batch_op.f("uq_schedules_workspace_id_number"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_schedules_workspace_id_kind_channel_id"), ["workspace_id", "kind", "channel_id"])
        for column in ("removed", "off", "paused_until", "calendar", "locale", "zone", "number"):
            batch_op.drop_column(column)
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("quiet_to")
        batch_op.drop_column("quiet_from")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_column("touched")

    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.drop_column("gone")

    op.drop_table("days_off")


def _drop_what_the_version_before_cannot_hold() -> None:
    """It has one digest in a channel, by a time of day on simple days, that is on or not: of several the oldest that is on."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE schedules SET enabled = false WHERE off IS NOT NULL OR paused_until > CURRENT_DATE"))
    held: set[tuple[int, str, int]] = set()
    for row in connection.execute(sa.text("SELECT id, workspace_id, kind, channel_id, rule, removed FROM schedules ORDER BY enabled DESC, id")).all():
        place = (row.workspace_id, row.kind, row.channel_id)
        plain = row.kind in SAID and json.loads(row.rule).get("days", {}).get("type") in PLAIN
        if row.removed or place in held or not plain:
            connection.execute(sa.text("UPDATE deliveries SET schedule_id = NULL WHERE schedule_id = :id"), {"id": row.id})
            connection.execute(sa.text("DELETE FROM schedules WHERE id = :id"), {"id": row.id})
        else:
            held.add(place)
