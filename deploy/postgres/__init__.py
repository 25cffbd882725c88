"""Roles and databases of the services."""
