"""What happened, in order: one row for everything that anybody or anything did."""
