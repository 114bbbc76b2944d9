"""What a process of a service does, and how the processes of a mesh share it."""

from __future__ import annotations

API, WORKER = "api", "worker"
"""Answers calls; does the background work: publishes and handles events, runs jobs, purges."""
BOTH, SPLIT = ROLES = ("both", "split")
"""Every process does both, or each does one."""
PACK = "pack"
"""The unit of processes that serve all services each; also who they are to others."""
