"""Private servers and a real browser, started from installed programs on free loopback ports and stopped again."""
