"""The standard methods of resources, once for all services: from a declared table and a message to handlers."""
