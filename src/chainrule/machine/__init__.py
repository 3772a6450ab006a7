"""The machine that we run on.

- :mod:`chainrule.machine.threads`: cores and BLAS threads.
- :mod:`chainrule.machine.processor`: what the system says of the processor.
- :mod:`chainrule.machine.kernels`: which of OpenBLAS's kernels runs, and whether another is faster.
- :mod:`chainrule.machine.products`: the products that NumPy does not offer.
- :mod:`chainrule.machine.openblas`: NumPy's own OpenBLAS, for compiled code to call.
- :mod:`chainrule.machine.compiler`: whether numba compiles here.
- :mod:`chainrule.machine.environment`: what a result was made on.
"""
