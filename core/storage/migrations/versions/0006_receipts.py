"""What a person had sent again, and what somebody has still to be told of"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.storage import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", types.UtcDateTime(timezone=True), nullable=True))
        # What went wrong before anybody was told of such things is no news.
        batch_op.add_column(sa.Column("untold", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(
            batch_op.f("ix_deliveries_untold"), ["untold"], unique=False, sqlite_where=sa.text("untold"), postgresql_where=sa.text("untold")
        )


def downgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_untold"))
        batch_op.drop_column("untold")
        batch_op.drop_column("asked_at")
