"""PostgreSQL and Valkey as child processes, so that one command runs the whole system."""
