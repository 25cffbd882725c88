"""The command line `kompas`, and the year that `kompas demo` plays."""
