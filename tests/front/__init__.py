"""What people see: numbers, dates, words, style sheets."""
