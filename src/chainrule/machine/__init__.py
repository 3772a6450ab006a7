"""The machine that we run on.

- ``threads``: cores and BLAS threads.
- ``processor``: what the system says of the processor.
- ``kernels``: which of OpenBLAS's kernels runs, and whether another is faster.
- ``products``: the products that NumPy does not offer.
- ``compiler``: whether numba compiles here.
- ``memory``: how much of it is free.
- ``slowness``: how slow it is at this moment.
- ``environment``: what a result was made on.
"""
