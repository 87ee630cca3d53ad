"""Pages before and after signing in: the welcome, static pages, account, trail and mailbox."""
