"""The hub: conversations and what is said in them. Knows nothing of mail."""
