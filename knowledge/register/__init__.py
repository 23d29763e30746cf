"""The centre's records in the database: cases, applications, takeovers, staff. Each function works in the session
(and so the transaction) of its caller."""
