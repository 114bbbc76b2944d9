"""A new service: what of it is the same for every service, written with its names."""
