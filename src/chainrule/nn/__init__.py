"""The mathematics: forward beside backward, the derivation in the docstring; all arrays lead with the member axis P.

- ``affine``: s = W x + b, and its descent step; the place to start.
- ``activations/``: ReLU, leaky ReLU, tanh, sigmoid, SiLU, GELU.
- ``exponential``: e^x and the logistic function, as their kernels call them.
- ``losses/``: softmax cross-entropy and the hinge, of classes; squared error, of numbers; binary cross-entropy.
- ``batchnorm``: batch norm in front of ReLU.
- ``dropout``: of hidden units.
- ``smoothing``: labels that are spread over all classes a little.
- ``weighting``: weights of samples.
- ``penalty``: l2 * |W|^2.
- ``inits/``: initial weights: Xavier, He, Glorot, normal.
- ``network``: all of them as one net: scores, cost and gradient of P members.
"""
