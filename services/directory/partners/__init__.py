"""Entries of other municipalities that are shown here, kept by them."""
