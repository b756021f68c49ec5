"""Majlis: an Arabic-first, self-hosted desk for a company's conversations with its customers."""

__version__ = "0.1.0"
