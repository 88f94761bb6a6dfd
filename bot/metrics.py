"""What does a process count of itself? Deliveries, how late they are, how long they take; nothing that names a team or a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from core.domain.deliveries import Delivery, DeliveryState
from core.errors import Reason
from core.ports import Clock
from scheduler.engines.common import Engine
from scheduler.stages.record import Outcome
from scheduler.stages.work import Work

# Seconds after the due time, and seconds of work.
LAGS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600)
SPANS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The process's figures, in a registry of their own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._deliveries = Counter(
            "morningbell_deliveries",
            "Where looks, and planning too late, led to, and why",
            ["kind", "state", "reason"],
            registry=self._registry,
        )
        self._lag = Histogram(
            "morningbell_lag_seconds",
            "From when it was wanted until it was sent",
            ["kind"],
            buckets=LAGS,
            registry=self._registry,
        )
        self._build = Histogram("morningbell_build_seconds", "Looks that built a message", ["kind"], buckets=SPANS, registry=self._registry)
        self._send = Histogram("morningbell_send_seconds", "Looks that sent what was built", ["kind"], buckets=SPANS, registry=self._registry)
        self._limited = Counter("morningbell_rate_limited", "Answers by which a platform asked to wait (429)", registry=self._registry)

    def looked(self, work: Work, outcome: Outcome, seconds: float) -> None:
        """Counts one look at a delivery. An `Observer` of scheduler.worker."""
        row = outcome.delivery
        self._deliveries.labels(row.kind.value, row.state.value, outcome.why).inc()
        if outcome.why == Reason.RATE_LIMITED:
            self._limited.inc()
        if work.delivery.state is DeliveryState.PLANNED:
            if row.state is DeliveryState.BUILT or outcome.sent:
                self._build.labels(row.kind.value).observe(seconds)
        elif outcome.sent:
            self._send.labels(row.kind.value).observe(seconds)
        if outcome.sent and row.sent_at is not None and work.workspace.frozen_at is None:
            self._lag.labels(row.kind.value).observe((row.sent_at - row.wanted_at).total_seconds())

    def missed(self, row: Delivery) -> None:
        """Counts a row that was too late when it was planned. A `Missed` of scheduler.planner."""
        self._deliveries.labels(row.kind.value, row.state.value, row.reason).inc()

    def watch(self, engine: Engine) -> None:
        """Tells of the engine's last sweep too; of a process in which none is done, nothing."""
        depth = Gauge("morningbell_queue_depth", "Deliveries that the last sweep found ready", registry=self._registry)
        depth.set_function(lambda: engine.swept.ready if engine.swept else 0)
        age = Gauge("morningbell_sweep_age_seconds", "Since the last sweep", registry=self._registry)
        age.set_function(lambda: (self._clock.now() - engine.swept.at).total_seconds() if engine.swept else float("nan"))

    def text(self) -> bytes:
        """Everything in Prometheus's own words."""
        return generate_latest(self._registry)
