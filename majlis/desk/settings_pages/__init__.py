"""The settings: mailboxes, team, problems, one's own profile."""
