"""What is said: pure builders of messages, forms and Home tabs, in the words of one language."""
