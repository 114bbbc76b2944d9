"""The rules of customers, a module per area."""
