"""The Slack door: every listener, registered feature by feature from one explicit list."""
