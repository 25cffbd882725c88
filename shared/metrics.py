"""What ops can watch: one registry a service, so that five services in one process keep their figures apart."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """The instruments every service has. No label names a person, and none takes free text.

    In one process a service's two halves share one instance; run apart, each half shows what it knows.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        self.http_requests = self.counter(
            "kompas_http_requests", "Answers by route and status.", "method", "route", "status"
        )
        self.http_seconds = Histogram(
            "kompas_http_request_seconds",
            "Time from the request's arrival to the end of its answer.",
            ["service", "method", "route"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=self.registry,
        )
        self.outbox_pending = self.gauge("kompas_outbox_pending", "Facts committed and not yet on Kafka.")
        self.outbox_oldest_seconds = self.gauge(
            "kompas_outbox_oldest_seconds", "Age of the oldest fact not yet on Kafka."
        )
        self.relay_sent = self.counter("kompas_relay_sent", "Facts that Kafka acknowledged.", "topic")
        self.consumed = self.counter(
            "kompas_consumed",
            "Events read, by what became of them: handled, duplicate, ignored, dead.",
            "consumer",
            "type",
            "outcome",
        )
        self.consumer_lag = self.gauge("kompas_consumer_lag", "Events not yet read.", "consumer", "topic", "partition")
        self.consumer_restarts = self.counter(
            "kompas_consumer_restarts", "Consumers the watchdog restarted.", "consumer"
        )
        self.dead_letters = self.gauge("kompas_dead_letters", "Dead letters that wait for a person.", "consumer")

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, ["service", *labels], registry=self.registry)

    def gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, ["service", *labels], registry=self.registry)

    def render(self) -> bytes:
        return generate_latest(self.registry)
