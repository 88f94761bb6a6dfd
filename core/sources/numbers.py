"""How much is that? A cell's figure in the unit of its column, exact, or the reason why it is none."""

from __future__ import annotations

from decimal import Decimal

from core.domain.quantities import Quantity, QuantityError, QuantityReason, Unit, fits, parse_quantity
from core.sources.cells import Cell, CellError, plain_number, text


def read_number(cell: Cell, unit: Unit, currency: str, *, header_unit: str = "") -> Decimal:
    """The value in the unit's base. `header_unit` is what the header says of every plain number below it: 万元, %.

    Raises CellError for what is no figure, has another unit or currency, is a bound (≥8%), or may mean two things.
    """
    number = plain_number(cell)
    written = text(cell)
    try:
        quantity = _quantity(number, written, header_unit)
        if quantity.comparator is not None:
            raise QuantityError(QuantityReason.NOT_A_FIGURE, written)
        return fits(quantity, unit, currency)
    except QuantityError as error:
        raise _refusal(error, written, unit, currency) from None


def _quantity(number: Decimal | None, written: str, header_unit: str) -> Quantity:
    if number is None:
        return parse_quantity(written)
    return parse_quantity(f"{number:f}{header_unit}") if header_unit else Quantity(number)


def _refusal(error: QuantityError, written: str, unit: Unit, currency: str) -> CellError:
    if error.reason is QuantityReason.WRONG_UNIT:
        return CellError(f"sources.cell.wrong_unit_{unit.value}", text=written)
    if error.reason is QuantityReason.WRONG_CURRENCY:
        return CellError("sources.cell.wrong_currency", text=written, currency=currency)
    if error.reason is QuantityReason.AMBIGUOUS and error.meant:
        return CellError("sources.cell.ambiguous_figure", text=written, meant=" / ".join(error.meant))
    return CellError(f"sources.cell.{error.reason.value}", text=written)
