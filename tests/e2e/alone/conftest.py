"""What kills a system has one of its own. It comes before the files around this folder: their system runs not yet."""
