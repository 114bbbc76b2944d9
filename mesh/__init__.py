"""The runtime, control plane, edge and tools that all services of Rapport stand on."""
