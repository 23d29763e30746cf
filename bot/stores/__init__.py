"""Where things are kept: the database, the state and locks in Redis, the photos on disk."""
