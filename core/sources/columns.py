"""Which column of a file is which? Guessed from headers in both languages, and settled by the person where the guess is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.domain.typed import plain
from core.errors import UserError
from core.sources.headers import JOINED_BY


class OrderField(StrEnum):
    """What a line of an order may tell."""

    INVOICE = "invoice"
    SKU = "sku"
    TITLE = "title"
    QUANTITY = "quantity"
    AT = "at"
    PRICE = "price"
    CUSTOMER = "customer"
    COUNTRY = "country"
    CHANNEL = "channel"
    CATEGORY = "category"


REQUIRED = (OrderField.INVOICE, OrderField.AT, OrderField.QUANTITY, OrderField.PRICE)

# The headers of shop systems, in order of preference, without spaces, case and signs. Sums of a whole line (Amount, 金额, 实付金额) are not
# prices of one piece; such a column is taken only when the person maps it.
_HEADERS: Mapping[OrderField, str] = {
    OrderField.INVOICE: """
        invoice invoiceno invoicenumber orderid orderno ordernumber order ordername 订单号 订单编号 主订单编号 订单id 发票号 单号 交易编号 主订单号
    """,
    OrderField.SKU: """
        stockcode sku skuid skucode productid productcode itemcode itemid lineitemsku asin
        商品编码 商家编码 货号 sku编码 商品id 商品货号 规格编码 款号
    """,
    OrderField.TITLE: """
        description title productname product itemname item lineitemname 商品名称 宝贝标题 宝贝名称 商品标题 标题 商品 品名 货品名称
    """,
    OrderField.QUANTITY: """
        quantity qty units lineitemquantity quantitypurchased 数量 购买数量 商品数量 宝贝数量 宝贝总数量 件数 销售数量 订购数量
    """,
    OrderField.AT: """
        invoicedate invoicetime orderdate ordertime orderedat createdat purchasedate date datetime time
        下单时间 订单创建时间 创建时间 下单日期 拍下时间 付款时间 订单付款时间 支付时间 成交时间 订单时间 日期 时间
    """,
    OrderField.PRICE: """
        price unitprice itemprice lineitemprice saleprice sellingprice 单价 价格 商品单价 商品价格 成交单价 销售单价 售价
    """,
    OrderField.CUSTOMER: """
        customerid customer customerno buyer buyerid userid memberid client email
        买家id 会员名 买家会员名 买家昵称 客户id 客户编号 客户 用户id 会员id 买家
    """,
    OrderField.COUNTRY: "country countrycode shippingcountry shipcountry region 收货地 国家 收货国家 国家地区 收货省份 省份 地区",
    OrderField.CHANNEL: "channel saleschannel platform source shop store 渠道 销售渠道 平台 店铺 来源 订单来源 店铺名称",
    OrderField.CATEGORY: "category productcategory producttype categoryname 类目 品类 商品类目 分类 商品分类 一级类目",
}
_DAY_HEADERS = """
    day date days 日期 天 日 时间 统计日期 数据日期 week 周 统计周 month 月 月份 quarter 季度 year 年 年份 period 周期 统计周期
"""
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """For each field found the number of its column, and the header as the file writes it."""

    columns: Mapping[OrderField, int]
    header: tuple[str, ...]

    def name(self, field: OrderField) -> str:
        """The header of a field's column; empty where the file has none."""
        return self.header[self.columns[field]] if field in self.columns else ""


def guess_orders(header: Sequence[str], overrides: Mapping[str, str] | None = None) -> ColumnMap:
    """The columns of an order file. `overrides` maps a header to a field's name, as `--map column=field` gives them, and goes before any guess.

    Raises UserError for a required field without a column, naming the headers seen, and for an override that names no column or no field.
    """
    found = find_orders(header, overrides)
    if missing := [field.value for field in REQUIRED if field not in found.columns]:
        raise UserError("sources.columns.missing", field="map", fields=", ".join(missing), headers=_listed(header))
    return found


def find_orders(header: Sequence[str], overrides: Mapping[str, str] | None = None) -> ColumnMap:
    """The columns that can be found, to be shown before they are confirmed; like `guess_orders`, but a required field may lack."""
    chosen = _chosen(header, overrides or {})
    return ColumnMap(chosen | _guessed(header, chosen), tuple(header))


def renamed(header: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """The header with some columns called otherwise. Raises UserError for a column that is not there."""
    places = {_place(header, column): name for column, name in names.items()}
    return tuple(places.get(number, name) for number, name in enumerate(header))


def looks_like(header: Sequence[str]) -> str | None:
    """`orders` when every required field has a column, `readings` when a column of days stands among others, else None."""
    guessed = _guessed(header, {})
    if all(field in guessed for field in REQUIRED):
        return "orders"
    return "readings" if len(header) > 1 and day_column(header) is not None else None


def day_column(header: Sequence[str]) -> int | None:
    """The number of the first column whose header is a word for a day or period."""
    return column_of(header, _DAY_HEADERS)


def column_of(header: Sequence[str], words: str) -> int | None:
    """The number of the first column that is called by one of the words, which stand with spaces between."""
    known = words.split()
    return next((number for number, name in enumerate(header) if normalised(name) in known), None)


def normalised(name: str) -> str:
    """A header without case, spaces, signs and what stands in brackets; of a joined header the lowest name."""
    words = plain(name.rpartition(JOINED_BY)[2]).casefold()
    return _SIGNS.sub("", _BRACKETS.sub("", words))


def _guessed(header: Sequence[str], chosen: Mapping[OrderField, int]) -> dict[OrderField, int]:
    places: dict[str, int] = {}
    for number, name in enumerate(header):
        if number not in chosen.values():
            places.setdefault(normalised(name), number)
    found: dict[OrderField, int] = {}
    for field, words in _HEADERS.items():
        if field not in chosen and (word := next((word for word in words.split() if word in places), None)):
            found[field] = places[word]
    return found


def _chosen(header: Sequence[str], overrides: Mapping[str, str]) -> dict[OrderField, int]:
    chosen: dict[OrderField, int] = {}
    for column, name in overrides.items():
        if name not in tuple(OrderField):
            raise UserError("sources.columns.unknown_field", field="map", name=name, fields=", ".join(OrderField))
        chosen[OrderField(name)] = _place(header, column)
    return chosen


def _place(header: Sequence[str], column: str) -> int:
    """The column as written, else the one that differs in case and signs alone."""
    exact = [number for number, name in enumerate(header) if name.strip() == column.strip()]
    alike = [number for number, name in enumerate(header) if normalised(name) == normalised(column)]
    if not exact and not alike:
        raise UserError("sources.columns.unknown_column", field="map", name=column, headers=_listed(header))
    return (exact or alike)[0]


def _listed(header: Sequence[str]) -> str:
    return ", ".join(name for name in header[:30] if name)
