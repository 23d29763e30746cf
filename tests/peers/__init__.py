"""Stand-ins for the services Alley talks to; used by the end-to-end and contract tests."""
