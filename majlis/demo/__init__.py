"""A made-up shop to look around in: its customers, their mail of ninety days, and what a team made of it."""
