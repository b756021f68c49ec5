"""Bytes at the door: IMAP, LMTP, imported mail."""
