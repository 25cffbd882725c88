"""How a fact leaves a service as its transaction committed it, and has its effect in a consumer exactly once."""
