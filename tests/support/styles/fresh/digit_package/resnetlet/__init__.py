from .network import ResidualNet

__all__ = ["ResidualNet"]
