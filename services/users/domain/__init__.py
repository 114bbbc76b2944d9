"""The rules of users: pure functions of what is given."""
