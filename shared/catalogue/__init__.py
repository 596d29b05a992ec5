"""What the forms and classifications say: subject codes by year, row keys, table templates, divisions, rules."""
