"""Everything that runs Kompas somewhere: locally without containers, and in production with them."""
