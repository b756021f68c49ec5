"""The hours, holidays and the words for the next opening."""
