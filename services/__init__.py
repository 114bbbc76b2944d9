"""The services of Rapport, one folder each."""
