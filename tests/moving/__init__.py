"""A whole desk taken away and set up elsewhere."""
