"""Bytes that must not be lost: raw mail and attachments, named by their content."""
