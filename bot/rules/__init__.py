"""What is decided: pure rules and statistics, and the frozen records everybody passes around."""
