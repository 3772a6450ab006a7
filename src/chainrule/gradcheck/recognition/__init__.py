"""Which convention is this? An adapter for a file that declares none."""
