"""When somebody is there: business hours, holidays, and the next opening in words."""
