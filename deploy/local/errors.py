"""What is missing on this machine, said in one sentence with the remedy."""


class PlatformError(Exception):
    """Shown to a person as it is, without a traceback."""
