"""What does each of the template's metrics mean? One definition per figure, so that two people never speak of two things under one name."""

from __future__ import annotations

from core.domain.metrics import Aggregation, Dimension, Direction, Metric, Names, Ratio
from core.domain.periods import Grain
from core.domain.quantities import Unit

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER
SUM, RATIO, MEAN, DISTINCT = Aggregation.SUM, Aggregation.RATIO, Aggregation.MEAN, Aggregation.DISTINCT
COUNT, MONEY, RATE, QUOTIENT, DURATION = Unit.COUNT, Unit.MONEY, Unit.RATE, Unit.RATIO, Unit.DURATION


def _names(zh: str, en: str, also: str = "") -> Names:
    """`also` are further spellings, parted by commas."""
    return Names(zh, en, tuple(also.split(",")) if also else ())


def _metric(
    code: str,
    names: Names,
    kind: tuple[Unit, Direction, Aggregation],
    dimension: Dimension,
    definition: Names,
    grain: Grain = Grain.DAY,
    formula: Ratio | None = None,
    weight: str | None = None,
) -> Metric:
    unit, direction, aggregation = kind
    return Metric(code, names, unit, direction, aggregation, dimension, grain, formula, weight, definition=definition)


_BUSINESS = (
    _metric(
        "gmv",
        _names("GMV", "GMV", "gross gmv,gross_gmv,成交额,成交总额,交易额,销售额,总GMV,sales"),
        (MONEY, HIGHER, SUM),
        Dimension.BUSINESS,
        Names(
            "当天卖出商品的数量 × 单价之和，未扣退款，不含坏账调整",
            "Quantity × price of everything sold that day, before refunds, without bad-debt entries",
        ),
    ),
    _metric(
        "net_gmv",
        _names("净GMV", "Net GMV", "净成交额,净销售额,net sales"),
        (MONEY, HIGHER, SUM),
        Dimension.BUSINESS,
        Names("GMV 减去当天取消和退款的金额", "GMV less the refunds of that day"),
    ),
    _metric(
        "refunds",
        _names("退款额", "Refunds", "退款,退款金额,refund"),
        (MONEY, LOWER, SUM),
        Dimension.BUSINESS,
        Names("当天取消和退回的金额，记在取消的那一天", "Money of cancelled and returned goods, on the day of the cancellation"),
    ),
    _metric(
        "orders",
        _names("订单数", "Orders", "订单,订单量,成交单数,order"),
        (COUNT, HIGHER, SUM),
        Dimension.BUSINESS,
        Names("当天成交的不同订单数", "Distinct orders placed that day"),
    ),
    _metric(
        "units",
        _names("销量", "Units sold", "件数,销售件数,units"),
        (COUNT, HIGHER, SUM),
        Dimension.BUSINESS,
        Names("当天卖出的商品件数", "Pieces sold that day"),
    ),
    _metric(
        "customers",
        _names("成交客户数", "Customers", "客户数,买家数,下单人数,buyers"),
        (COUNT, HIGHER, DISTINCT),
        Dimension.BUSINESS,
        Names("期间内下过单的不同客户数，一人只数一次", "Distinct customers with an order in the period, each counted once"),
    ),
    _metric(
        "basket",
        _names("客单价", "Average order value", "aov,basket value,average order,笔单价"),
        (MONEY, HIGHER, RATIO),
        Dimension.BUSINESS,
        Names("GMV ÷ 订单数", "GMV ÷ orders"),
        formula=Ratio("gmv", "orders"),
    ),
    _metric(
        "repurchase_rate",
        _names("复购率", "Repurchase rate", "回购率,repurchase,repeat rate"),
        (RATE, HIGHER, RATIO),
        Dimension.BUSINESS,
        Names("当月买过两次及以上的客户 ÷ 当月成交客户", "Customers with two or more orders in the month ÷ customers of the month"),
        Grain.MONTH,
    ),
)

_TRAFFIC = (
    _metric(
        "dau",
        _names("DAU", "DAU", "日活,日活跃用户,日活用户数,daily active users"),
        (COUNT, HIGHER, DISTINCT),
        Dimension.TRAFFIC,
        Names("当天登录过的不同用户数", "Distinct users who logged in that day"),
    ),
    _metric(
        "mau",
        _names("MAU", "MAU", "月活,月活跃用户,月活用户数,monthly active users"),
        (COUNT, HIGHER, DISTINCT),
        Dimension.TRAFFIC,
        Names("当月登录过的不同用户数", "Distinct users who logged in during the month"),
        Grain.MONTH,
    ),
    _metric(
        "visitors",
        _names("访客数", "Visitors", "uv,独立访客,unique visitors"),
        (COUNT, HIGHER, DISTINCT),
        Dimension.TRAFFIC,
        Names("期间内到访的不同访客数，一人只数一次", "Distinct visitors in the period, each counted once"),
    ),
    _metric(
        "page_views",
        _names("浏览量", "Page views", "pv,页面浏览量,访问量"),
        (COUNT, HIGHER, SUM),
        Dimension.TRAFFIC,
        Names("页面被打开的次数", "How often pages were opened"),
    ),
    _metric(
        "exposure",
        _names("曝光量", "Impressions", "曝光,展现量,exposure"),
        (COUNT, HIGHER, SUM),
        Dimension.TRAFFIC,
        Names("商品和素材被展示的次数", "How often products and material were shown"),
    ),
)

_CONVERSION = (
    _metric(
        "carts",
        _names("加购数", "Carts", "加购人数,加购,add to cart"),
        (COUNT, HIGHER, SUM),
        Dimension.CONVERSION,
        Names("当天把商品加入购物车的人数", "People who put something into the cart that day"),
    ),
    _metric(
        "cart_rate",
        _names("加购率", "Add-to-cart rate", "加购转化率"),
        (RATE, HIGHER, RATIO),
        Dimension.CONVERSION,
        Names("加购数 ÷ 访客数", "Carts ÷ visitors"),
        formula=Ratio("carts", "visitors"),
    ),
    _metric(
        "cart_conversion",
        _names("加购-下单转化率", "Cart-to-order conversion", "加购下单率,加购下单转化,cart to order"),
        (RATE, HIGHER, RATIO),
        Dimension.CONVERSION,
        Names("一周内加购后下单的人数 ÷ 加购人数", "People who ordered what they had put into the cart ÷ people who used the cart, by week"),
        Grain.WEEK,
    ),
    _metric(
        "payment_conversion",
        _names("支付转化率", "Payment conversion", "下单支付转化率,支付率,payment rate"),
        (RATE, HIGHER, RATIO),
        Dimension.CONVERSION,
        Names("已支付的订单 ÷ 提交的订单", "Orders paid ÷ orders submitted"),
    ),
    _metric(
        "conversion",
        _names("访问-下单转化率", "Conversion rate", "转化率,下单转化率,cvr"),
        (RATE, HIGHER, RATIO),
        Dimension.CONVERSION,
        Names("订单数 ÷ 访客数", "Orders ÷ visitors"),
        formula=Ratio("orders", "visitors"),
    ),
    _metric(
        "campaign_conversion",
        _names("活动转化率", "Campaign conversion", "活动下单转化率"),
        (RATE, HIGHER, RATIO),
        Dimension.CONVERSION,
        Names("活动期间下单的访客 ÷ 活动访客", "Visitors of the campaign who ordered ÷ visitors of the campaign"),
        Grain.CAMPAIGN,
    ),
)

_USER = (
    _metric(
        "new_users",
        _names("新增注册用户", "New users", "新增用户,新增,注册用户,拉新,registrations,registered"),
        (COUNT, HIGHER, SUM),
        Dimension.USER,
        Names("当天完成注册的用户数", "Users who registered that day"),
    ),
    _metric(
        "retention_1d",
        _names("次日留存率", "Next-day retention", "次留,次日留存,d1 retention,1日留存率"),
        (RATE, HIGHER, RATIO),
        Dimension.USER,
        Names("新用户中第二天又回来的比例", "Share of new users who came back the day after"),
    ),
    _metric(
        "retention_7d",
        _names("7日留存率", "7-day retention", "七日留存率,七日留存,7日留存,周留存,d7 retention"),
        (RATE, HIGHER, RATIO),
        Dimension.USER,
        Names("一周的新用户中，第 7 天又回来的比例", "Share of a week's new users who came back on their seventh day"),
        Grain.WEEK,
    ),
    _metric(
        "activity_conversion",
        _names("活跃转化率", "Activity conversion", "活跃用户转化率,用户转化率"),
        (RATE, HIGHER, RATIO),
        Dimension.USER,
        Names("下单用户 ÷ 活跃用户", "Users who ordered ÷ active users"),
    ),
)

_FINANCE = (
    _metric(
        "gross_margin",
        _names("毛利率", "Gross margin", "毛利,margin"),
        (RATE, HIGHER, RATIO),
        Dimension.FINANCE,
        Names("毛利 ÷ 净GMV，按月由财务确认", "Gross profit ÷ net GMV, confirmed by finance each month"),
        Grain.MONTH,
    ),
    _metric(
        "ad_cost",
        _names("广告费", "Ad cost", "广告花费,投放费用,推广费,ad spend"),
        (MONEY, LOWER, SUM),
        Dimension.FINANCE,
        Names("当天花掉的投放费用", "Advertising money spent that day"),
    ),
    _metric(
        "ad_gmv",
        _names("广告成交额", "Ad GMV", "投放成交额,ad sales"),
        (MONEY, HIGHER, SUM),
        Dimension.FINANCE,
        Names("由广告带来的 GMV", "GMV that advertising brought"),
    ),
    _metric(
        "ad_roi",
        _names("广告ROI", "Ad ROI", "投放ROI,广告投产比,roas"),
        (QUOTIENT, HIGHER, RATIO),
        Dimension.FINANCE,
        Names("广告成交额 ÷ 广告费", "Ad GMV ÷ ad cost"),
        formula=Ratio("ad_gmv", "ad_cost"),
    ),
    _metric(
        "campaign_roi",
        _names("活动ROI", "Campaign ROI", "roi,活动投产比,投产比"),
        (QUOTIENT, HIGHER, RATIO),
        Dimension.FINANCE,
        Names("活动带来的成交额 ÷ 活动投入，自活动开始算起", "GMV that the campaign brought ÷ what it cost, since its launch"),
        Grain.CAMPAIGN,
    ),
    _metric(
        "cac",
        _names("获客成本", "Customer acquisition cost", "cac,拉新成本,acquisition cost"),
        (MONEY, LOWER, RATIO),
        Dimension.FINANCE,
        Names("广告费 ÷ 新增注册用户", "Ad cost ÷ new users"),
        formula=Ratio("ad_cost", "new_users"),
    ),
    _metric(
        "ltv",
        _names("用户生命周期价值", "Lifetime value", "ltv,生命周期价值"),
        (MONEY, HIGHER, RATIO),
        Dimension.FINANCE,
        Names("一名用户预计带来的毛利总额，按月估算", "Gross profit that a user is expected to bring in all, estimated by month"),
        Grain.MONTH,
    ),
)

_OPERATION = (
    _metric(
        "participation",
        _names("活动参与率", "Campaign participation", "参与率,活动参与度"),
        (RATE, HIGHER, RATIO),
        Dimension.OPERATION,
        Names("参加活动的用户 ÷ 看到活动的用户", "Users who took part in the campaign ÷ users who saw it"),
        Grain.CAMPAIGN,
    ),
    _metric(
        "sell_through",
        _names("动销率", "Sell-through", "sell through rate,商品动销率"),
        (RATE, HIGHER, RATIO),
        Dimension.OPERATION,
        Names("30 天销量 ÷ 库存", "Sales of 30 days ÷ stock"),
        Grain.MONTH,
    ),
    _metric(
        "stock_turnover",
        _names("库存周转率", "Stock turnover", "周转率,库存周转,inventory turnover"),
        (QUOTIENT, HIGHER, RATIO),
        Dimension.OPERATION,
        Names("当月销售成本 ÷ 平均库存成本", "Cost of the goods sold in the month ÷ average cost of the stock"),
        Grain.MONTH,
    ),
    _metric(
        "service_chats",
        _names("咨询量", "Service chats", "客服咨询量,接待量,chats"),
        (COUNT, HIGHER, SUM),
        Dimension.OPERATION,
        Names("客服当天接待的会话数", "Conversations that customer service took that day"),
    ),
    _metric(
        "first_response",
        _names("首次响应时长", "First response time", "首响,首响时长,首次响应时间,first response"),
        (DURATION, LOWER, MEAN),
        Dimension.OPERATION,
        Names("客服首次回复的平均等待时间，按咨询量加权", "Average wait for customer service's first answer, weighed by chats"),
        weight="service_chats",
    ),
    _metric(
        "satisfaction",
        _names("客户满意度", "Satisfaction", "满意度,客服满意度,csat"),
        (RATE, HIGHER, MEAN),
        Dimension.OPERATION,
        Names("评价为满意的会话比例，按咨询量加权", "Share of chats rated as satisfying, weighed by chats"),
        weight="service_chats",
    ),
    _metric(
        "bad_reviews",
        _names("差评数", "Bad reviews", "差评,中差评"),
        (COUNT, LOWER, SUM),
        Dimension.OPERATION,
        Names("当天收到的差评条数", "Bad reviews received that day"),
    ),
    _metric(
        "team_turnover",
        _names("团队成员流失率", "Team turnover", "人员流失率,流失率,离职率,staff turnover"),
        (RATE, LOWER, RATIO),
        Dimension.OPERATION,
        Names("当月离开的成员 ÷ 月初成员", "Members who left in the month ÷ members at its beginning"),
        Grain.MONTH,
    ),
)

METRICS: tuple[Metric, ...] = (*_BUSINESS, *_TRAFFIC, *_CONVERSION, *_USER, *_FINANCE, *_OPERATION)
