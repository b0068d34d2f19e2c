"""The local Slack and the sample squad: a first look without a Slack workspace."""
