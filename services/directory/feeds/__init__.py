"""What has changed in the directory, in order, for whoever keeps a copy of it."""
