"""What the compliance page shows: open findings, what expires soon, and the runs."""
