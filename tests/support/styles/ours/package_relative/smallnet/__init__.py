from .model import Model
from .train import fit
