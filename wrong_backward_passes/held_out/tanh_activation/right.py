"""Couches élémentaires d'un réseau de neurones."""
import numpy as np


class Lineaire:
    def __init__(self, entree, sortie, graine=0):
        alea = np.random.default_rng(graine)
        self.poids = alea.normal(0, 1 / np.sqrt(entree), (entree, sortie))
        self.biais = np.zeros(sortie)

    def forward(self, x):
        self.x = x
        return x @ self.poids + self.biais

    def backward(self, grad_sortie):
        self.grad_poids = self.x.T @ grad_sortie
        self.grad_biais = grad_sortie.sum(axis=0)
        return grad_sortie @ self.poids.T


class Tanh:
    def forward(self, x):
        self.sortie = np.tanh(x)
        self.entree = x
        return self.sortie

    def backward(self, grad_sortie):
        # dérivée de tanh : 1 - tanh²
        return grad_sortie * (1 - self.sortie ** 2)
