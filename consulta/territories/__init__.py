"""Where people live and tables meet: a tree of territories."""
