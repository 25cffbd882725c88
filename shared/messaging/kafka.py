"""How any client of ours reaches Kafka: addresses and credentials, from settings."""

from ssl import create_default_context
from typing import Any

from shared.settings import Settings


def reach(kafka: Settings | str) -> dict[str, Any]:
    """Arguments of every aiokafka client; an address alone means a closed network without credentials."""
    if isinstance(kafka, str):
        return {"bootstrap_servers": kafka.split(",")}
    options: dict[str, Any] = {"bootstrap_servers": kafka.kafka_bootstrap_servers.split(",")}
    if kafka.kafka_username:
        options |= {
            "security_protocol": "SASL_SSL",
            "ssl_context": create_default_context(),
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": kafka.kafka_username,
            "sasl_plain_password": kafka.kafka_password,
        }
    return options
