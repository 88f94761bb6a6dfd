"""How is a migration written? `python -m core.storage.revise "what changes"` compares the tables with the newest migration."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from core.storage.engine import WRITING, open_engine
from core.storage.migrate import alembic_config


def revise(message: str) -> None:
    """Writes the next migration into core/storage/migrations/versions, numbered in order."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder, 'compare.db')}")
        config = alembic_config()
        number = len(list(Path(__file__).with_name("migrations").joinpath("versions").glob("*.py"))) + 1
        with engine.execution_options(**{WRITING: True}).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()


if __name__ == "__main__":
    revise(" ".join(sys.argv[1:]) or "change")
