"""Pages for customers: no account, no cookie, no directory."""
