"""A process for other people's code, which can do nothing but answer."""
