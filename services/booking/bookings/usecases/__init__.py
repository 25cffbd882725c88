"""What people do with bookings: take a time, change it, and have it decided about."""
