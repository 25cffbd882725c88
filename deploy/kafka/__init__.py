"""Which Kafka, and which topics in it."""
