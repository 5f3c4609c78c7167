"""People, sign-in, roles, permissions, the audit trail and notifications."""
