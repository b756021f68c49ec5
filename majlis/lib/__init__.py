"""Things without tables, each usable alone: no Django, no database."""
