"""What is measured, in what unit, and how do finer figures make a coarser one?"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.periods import Grain
from core.domain.quantities import Unit
from core.domain.workspaces import Locale


class Direction(StrEnum):
    """Whether more of it is good or bad news."""

    HIGHER = "higher"
    LOWER = "lower"


class Aggregation(StrEnum):
    """How a coarser period follows from finer ones."""

    SUM = "sum"
    LAST = "last"
    RATIO = "ratio"
    MEAN = "mean"
    DISTINCT = "distinct"


class Dimension(StrEnum):
    """The monitoring dimension of template table 6."""

    BUSINESS = "business"
    TRAFFIC = "traffic"
    CONVERSION = "conversion"
    USER = "user"
    FINANCE = "finance"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class Ratio:
    """The formula of a ratio of sums: both parts are metric codes; each part is summed over the period, then divided."""

    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True)
class Names:
    """A metric's names. `also` are further spellings that people type, in any language."""

    zh: str
    en: str
    also: tuple[str, ...] = ()

    def of(self, locale: Locale) -> str:
        """The name in a language."""
        return self.zh if locale is Locale.ZH else self.en


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition of one figure.

    `formula` stands for RATIO metrics that are computed from their parts; a RATIO metric may also be given directly for a period (the
    template's weekly conversion is), which then is the figure of that very period and is never averaged into another. `weight` names the
    metric that weighs a MEAN. `grain` is the native one: finer is unknown, coarser is derived. `sources` are in order of trust.
    """

    code: str
    names: Names
    unit: Unit
    direction: Direction
    aggregation: Aggregation
    dimension: Dimension
    grain: Grain = Grain.DAY
    formula: Ratio | None = None
    weight: str | None = None
    sources: tuple[str, ...] = ("hand", "orders", "file", "demo")
    definition: Names = field(default_factory=lambda: Names("", ""))

    def parts(self) -> tuple[str, ...]:
        """The codes of the metrics that this one is computed from, itself excluded."""
        if self.formula:
            return (self.formula.numerator, self.formula.denominator)
        return (self.weight,) if self.weight else ()
