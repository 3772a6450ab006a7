"""Fully connected nets with gradients derived by hand, trained as populations, checked, and put beside published
results. The command line is ``chainrule``; modules are imported from their packages."""
