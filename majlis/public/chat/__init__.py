"""Where a widget asks: every answer is a visitor's own, and names the site that may read it."""
