"""Backups: what services own goes into an archive and comes back from it; copies of it are made anew by the mesh."""
