"""Signing in to mailboxes at Google, Microsoft and others with the administrator's own client."""
