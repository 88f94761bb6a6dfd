"""People and platforms"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.storage import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("responsibilities", sa.Text(), nullable=False),
        sa.Column("reports_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("works_with", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reports_to"], ["roles.id"], name=op.f("fk_roles_reports_to_roles")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_roles_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("workspace_id", "folded", name=op.f("uq_roles_workspace_id_folded")),
    )
    op.create_table(
        "credentials",
        sa.Column("binding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["binding_id"], ["bindings.id"], name=op.f("fk_credentials_binding_id_bindings")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_credentials_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("binding_id", name=op.f("pk_credentials")),
    )
    op.create_table(
        "link_codes",
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_link_codes_member_id_members")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_link_codes_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("workspace_id", "code_hash", name=op.f("pk_link_codes")),
    )
    op.create_table(
        "link_tries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_link_tries_member_id_members")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_link_tries_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_tries")),
    )
    with op.batch_alter_table("link_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_tries_member_id_tried_at"), ["member_id", "tried_at"], unique=False)

    op.create_table(
        "role_holders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_role_holders_member_id_members")),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_role_holders_role_id_roles")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_role_holders_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_holders")),
    )
    with op.batch_alter_table("role_holders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_holders_role_id"), ["role_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_holders_workspace_id_member_id"), ["workspace_id", "member_id"], unique=False)

    op.create_table(
        "uploads",
        sa.Column("binding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["binding_id"], ["bindings.id"], name=op.f("fk_uploads_binding_id_bindings")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_uploads_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("binding_id", "digest", name=op.f("pk_uploads")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_member_id"), ["member_id"], unique=False)

    with op.batch_alter_table("bindings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.Text(), nullable=False, server_default="on"))

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("edits", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_deliveries_workspace_id_subject"), ["workspace_id", "subject"], unique=False)

    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("binding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("origin", sa.Text(), nullable=True))
        batch_op.alter_column("content", existing_type=sa.LargeBinary(), nullable=True)
        batch_op.create_unique_constraint(batch_op.f("uq_files_binding_id_origin_visible_to"), ["binding_id", "origin", "visible_to"])
        batch_op.create_foreign_key(batch_op.f("fk_files_binding_id_bindings"), "bindings", ["binding_id"], ["id"])

    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("request", sa.Text(), nullable=True))

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("newcomers", sa.BigInteger(), nullable=False, server_default="10"))


def downgrade() -> None:
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.drop_column("newcomers")

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("merged_into")

    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_column("request")

    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_files_binding_id_bindings"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_files_binding_id_origin_visible_to"), type_="unique")
        batch_op.alter_column("content", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("origin")
        batch_op.drop_column("binding_id")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_workspace_id_subject"))
        batch_op.drop_column("edits")
        batch_op.drop_column("subject")

    with op.batch_alter_table("bindings", schema=None) as batch_op:
        batch_op.drop_column("state")

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_member_id"))

    op.drop_table("uploads")
    with op.batch_alter_table("role_holders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_holders_workspace_id_member_id"))
        batch_op.drop_index(batch_op.f("ix_role_holders_role_id"))

    op.drop_table("role_holders")
    with op.batch_alter_table("link_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_tries_member_id_tried_at"))

    op.drop_table("link_tries")
    op.drop_table("link_codes")
    op.drop_table("credentials")
    op.drop_table("roles")
