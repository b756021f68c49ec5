"""What is written in the made-up shop: texts of our own, by matter and by way of speaking."""
