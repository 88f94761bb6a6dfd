"""Which platform is a binding on? Each is made when it is first needed: Feishu's package alone takes two seconds to load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from core.ports import Platform
from core.storage.unit_of_work import Database

Maker = Callable[[], Platform[Any]]


class Switchboard:
    """The platforms that this process is set up for, by binding. Each has a payload type that only it looks into."""

    def __init__(self, database: Database, makers: Mapping[str, Maker]) -> None:
        self._database = database
        self._makers = makers
        self._names: dict[int, str] = {}
        self._made: dict[str, Platform[Any]] = {}
        self._making = Lock()

    def use(self, name: str, platform: Platform[Any]) -> None:
        """From now on that is the platform of the name."""
        self._made[name] = platform

    def __call__(self, binding: int) -> Platform[Any]:
        """The platform of a binding. Raises LookupError where this process is not set up for it: another one may be."""
        if binding not in self._names:
            with self._database.read() as uow:
                self._names[binding] = uow.places.platform(binding)
        return self.named(self._names[binding])

    def named(self, name: str) -> Platform[Any]:
        """The platform of that name. Raises LookupError."""
        if name not in self._makers and name not in self._made:
            raise LookupError(f"platform {name}")
        with self._making:
            if name not in self._made:
                self._made[name] = self._makers[name]()
        return self._made[name]
