#!/usr/bin/env python3
# Übungsblatt 7, Aufgabe 2: mehrschichtiges Perzeptron für Weizensorten
# Matrikelnummern: siehe Deckblatt

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_strich(a):
    """Ableitung der Sigmoidfunktion, ausgedrückt durch die Aktivierung a."""
    return a * (1.0 - a)


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


class Netz:
    """Beliebig viele verdeckte Schichten; eine Zeile pro Beispiel."""

    def __init__(self, groessen, zufall=None):
        zufall = zufall or np.random.default_rng()
        self.gewichte = []
        self.schwellen = []
        for ein, aus in zip(groessen[:-1], groessen[1:]):
            grenze = np.sqrt(6.0 / (ein + aus))
            self.gewichte.append(zufall.uniform(-grenze, grenze, (ein, aus)))
            self.schwellen.append(np.zeros(aus))

    def vorwaerts(self, X):
        """Liefert die Liste aller Aktivierungen, Eingabe zuerst."""
        akt = [X]
        letzte = len(self.gewichte) - 1
        for i, (W, b) in enumerate(zip(self.gewichte, self.schwellen)):
            z = akt[-1] @ W + b
            akt.append(softmax(z) if i == letzte else sigmoid(z))
        return akt

    def verlust(self, X, ziel):
        wahrsch = self.vorwaerts(X)[-1]
        return -np.mean(np.log(wahrsch[np.arange(len(ziel)), ziel]))

    def gradient(self, X, ziel):
        """Rückwärtsrechnung; gibt (dGewichte, dSchwellen) zurück."""
        akt = self.vorwaerts(X)
        anzahl = len(ziel)
        delta = akt[-1].copy()
        delta[np.arange(anzahl), ziel] -= 1.0
        delta /= anzahl

        d_gew = [None] * len(self.gewichte)
        d_schw = [None] * len(self.schwellen)
        for i in range(len(self.gewichte) - 1, -1, -1):
            d_gew[i] = akt[i].T @ delta
            d_schw[i] = delta.sum(axis=0)
            if i > 0:
                delta = (delta @ self.gewichte[i].T) * sigmoid_strich(akt[i])
        return d_gew, d_schw

    def lernschritt(self, X, ziel, rate):
        d_gew, d_schw = self.gradient(X, ziel)
        for W, dW in zip(self.gewichte, d_gew):
            W -= rate * dW
        for b, db in zip(self.schwellen, d_schw):
            b -= rate * db

    def vorhersage(self, X):
        return np.argmax(self.vorwaerts(X)[-1], axis=1)


def lade_daten(pfad):
    daten = np.genfromtxt(pfad)
    daten = daten[~np.isnan(daten).any(axis=1)]
    return daten[:, :-1], daten[:, -1].astype(int) - 1


def hauptprogramm():
    zufall = np.random.default_rng(2021)
    X, sorte = lade_daten("weizen.txt")
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    mischung = zufall.permutation(len(X))
    schnitt = len(X) * 3 // 4
    lern, test = mischung[:schnitt], mischung[schnitt:]

    netz = Netz([X.shape[1], 12, 8, sorte.max() + 1], zufall)
    for runde in range(1, 3001):
        netz.lernschritt(X[lern], sorte[lern], rate=0.5)
        if runde % 300 == 0:
            treffer = np.mean(netz.vorhersage(X[test]) == sorte[test])
            print(f"Runde {runde:5d}  Verlust {netz.verlust(X[lern], sorte[lern]):.4f}"
                  f"  Testtreffer {treffer:.2%}")


if __name__ == "__main__":
    hauptprogramm()
