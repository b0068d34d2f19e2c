"""What is done: each service opens its own transactions and returns a result to its door."""
