"""How clients reach Kafka."""

from shared.messaging.kafka import reach
from shared.settings import Settings


def test_without_a_user_the_network_is_taken_to_be_closed() -> None:
    settings = Settings(database_url="", kafka_bootstrap_servers="a:9092,b:9092", kafka_username="")

    assert reach(settings) == reach("a:9092,b:9092") == {"bootstrap_servers": ["a:9092", "b:9092"]}


def test_with_a_user_the_connection_is_encrypted_and_the_password_is_never_sent() -> None:
    settings = Settings(database_url="", kafka_username="booking", kafka_password="secret")

    options = reach(settings)

    assert options["security_protocol"] == "SASL_SSL"
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert options["ssl_context"].check_hostname
