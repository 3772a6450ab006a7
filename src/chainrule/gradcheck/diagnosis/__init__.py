"""What is wrong: the cost is read as a net of known form, and its derivation is redone with every known mistake."""
