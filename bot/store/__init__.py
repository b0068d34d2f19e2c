"""Everything that is said in SQL; rows go in and frozen records come out."""
