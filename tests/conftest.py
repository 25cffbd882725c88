"""What every test may ask for; see `tests/support/` for the rest (`eventually`, `fresh_tenant`, `bearer`, …)."""

pytest_plugins = ["tests.support.fixtures"]
