"""The arithmetic of the form as a witness for what was read from a scan: it confirms or doubts, it never changes."""
