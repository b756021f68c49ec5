"""Pages for customers, asked for as browsers and others ask."""
