"""What every domain stands on: the database, the one commit, the record, text, time. No domain words."""
