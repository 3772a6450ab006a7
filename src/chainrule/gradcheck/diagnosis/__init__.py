"""What is wrong with a gradient: the cost is read as a net of known form, and its derivation is redone with mistakes."""
