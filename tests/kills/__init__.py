"""Processes are killed while mail comes and goes: nothing is lost, nothing is sent twice."""
