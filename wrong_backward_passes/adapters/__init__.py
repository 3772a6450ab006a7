"""Checkers that the scorer can run, each a command of its own.

- ``chainrule_check``: ``chainrule check``, which is given the file alone.
- ``scipy_check``: SciPy's ``check_grad``.
- ``torch_check``: PyTorch's ``gradcheck``.
- ``jax_check``: JAX's ``check_grads``.
- ``points``: what the last three are told: functions and parameters from the case of a program.
- ``language_model``: prompts for a language model, and its answers from files.
"""
