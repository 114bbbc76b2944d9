"""The rules of notifications: pure functions of what is given."""
