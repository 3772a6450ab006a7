"""The user's program: its functions, its parameters, what its names mean, and watching it at work."""
