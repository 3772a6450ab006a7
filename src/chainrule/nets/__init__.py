"""Nets that need nothing else: weights with all that makes predictions of rows.

- ``net``: such a net, or an ensemble of them, and what it predicts.
- ``scores``: how well one does on rows.
- ``file``: one as a file.
- ``onnx``: one as a graph for other runtimes.
- ``pytorch``: one as modules of PyTorch.
- ``torch_modules``: the modules that it has not itself, imported with it alone.
"""
