"""Who asks, and what they may: users, organisations, logins, tokens, roles and invitations."""
