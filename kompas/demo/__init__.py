"""Odense's year 2023, played through the public doors: a year to look at."""
