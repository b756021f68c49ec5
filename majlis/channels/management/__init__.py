"""Commands of the channels room."""
