"""The same log counted with other people's frameworks, each in an environment of its own: `--peers` says where."""
