"""Numeric derivatives, and gradients held against them at the given point and around it."""
