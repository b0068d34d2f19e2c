"""The clock's door: what is due is carried out by one job a kind, through the same services."""
