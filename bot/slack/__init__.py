"""The only room that speaks to Slack: every answer becomes an outcome or a frozen record."""
