"""Reviewing a change where it is proposed: GitHub's environment, the report, and the comment."""
