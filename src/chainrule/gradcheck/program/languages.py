"""The one table of what those who program in other languages call things, by the English words for them.

German, French, Spanish, Italian, Portuguese, Swedish, Dutch, Turkish and Polish. Names are compared in small letters
without accents; ``ae``, ``oe`` and ``ue`` are umlauts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TABLE = {
    "cost": "kosten kost costo costes coste cout custo kostnad kostnaden maliyet maliyeti koszt",
    "loss": "verlust perdida perte perda perdita forlust forlusten verlies kayip kaybi strata",
    "and": "och und",
    "function": "funktion funktionen funcion fonction funzione funcao functie fonksiyon fonksiyonu funkcja",
    "gradient": "gradiente gradienten gradyan",
    "gradients": "gradientes gradienti gradienter gradienterna gradyanlar gradienty",
    "derivative": "ableitung ableitungen derivada derivee derivata derivatan afgeleide abgeleitet turev turevi "
    "pochodna",
    "compute": "berechne berechnen berechnung calcula calcular calculer calcola calcolare bereken berakna "
    "hesapla oblicz",
    "backward": "ruckwarts ruckwartsrechnung atras arriere indietro bakat achterwaarts terugwaarts geri wstecz",
    "backprop": "retropropagation retropropagacion retropropagazione retropropagacao retropropagar retropropager "
    "ruckpropagierung fehlerruckfuhrung bakatpropagering terugpropagatie",
    "forward": "vorwarts vorwartsrechnung adelante avant avanti framat voorwaarts ileri naprzod",
    "evaluate": "auswerten evaluar evaluer valuta avaliar utvardera evalueren",
    "propagation": "propagacion propagazione propagacao propagierung propagering propagatie propagar",
    "predict": "vorhersage vorhersagen predecir prediccion predire predizione prever predicao prediktera voorspel "
    "voorspellen tahmin przewiduj",
    "train": "trainiere trainieren entrenar entrena entrainer entraine treinar treina addestra trana traning "
    "egit trenuj",
    "learn": "lerne lernen lern aprender lara ogren",
    "step": "schritt paso etape passo steg stap adim krok",
    "update": "aktualisiere aktualisieren actualizar actualiza aggiorna atualizar atualiza uppdatera bijwerken "
    "guncelle aktualizuj",
    "weights": "gewicht gewichte gewichten peso pesos pesi poids vikt vikter vikterna viktmatris viktmatriser "
    "agirlik agirliklar wagi",
    "bias": "schwelle schwellen schwellwert schwellwerte verschiebung sesgo sesgos biais vies troskel trosklar sapma",
    "inputs": "eingabe eingaben eingang entrada entradas entree entrees ingresso ingressi invoer indata girdi "
    "girdiler wejscie",
    "outputs": "ausgabe ausgaben ausgang salida salidas saida saidas sortie sorties uscita uscite uitvoer "
    "utdata cikti ciktilar wyjscie",
    "labels": "etikett etiketten etiketter etiqueta etiquetas etiquettes etichetta etichette rotulo rotulos "
    "facit etiket etiketler etykiety",
    "targets": "ziel ziele zielwerte sollwert sollwerte objetivos cible cibles alvo alvos doel doelen malvarden "
    "hedef hedefler cel",
    "images": "bild bilder imagenes immagini imagens afbeeldingen",
    "data": "daten datos dados dati donnees gegevens veri veriler dane",
    "reg": "regularisierung regularizacion regularizacao regolarizzazione regularisering regularisatie",
    "params": "parametros parametri parametres parametrar",
    "network": "netz netzwerk reseau rete rede natverk netwerk siec",
    "model": "modell modelo modele modello",
    "size": "grosse tamano taille tamanho dimensione storlek grootte",
    "sizes": "grossen tamanos tailles tamanhos dimensioni storlekar groottes",
    "layer": "schicht capa couche strato camada laag katman warstwa",
    "layers": "schichten capas couches strati camadas lager lagen katmanlar warstwy",
    "in": "ein",
    "out": "aus ut uit",
    "hidden": "verdeckt verdeckte versteckt versteckte oculta ocultas oculto cachee cachees nascosto nascosti "
    "escondida dolda dolt verborgen gizli ukryta",
    "neurons": "neuronen neuronas neurones neuroni neuronios neuroner",
    "classes": "klassen clases classi klasser",
    "samples": "beispiele stichproben muestras ejemplos exemples amostras campioni exempel voorbeelden",
    "num": "anzahl numero aantal antal",
    "list": "liste lista lijst",
    "rng": "zufall zufallsgenerator",
    "seed": "semilla graine semente seme fro startwert",
    "rate": "tasa taux taxa tasso takt snelheid",
    "learning": "aprendizaje apprentissage aprendizagem apprendimento inlarning inlarnings",
    "learning_rate": "lernrate larhastighet leersnelheid inlarningstakt schrittweite",
    "epochs": "epochen epoche epocas epoques epoker epoken durchlaufe",
}  # fmt: skip

_PARTICLES = r"_(de|do|da|di|du|del|della|dei|des|der|la|le|el|van|av|para|par|hacia|en)(?=_)"
_LEAST_IN_COMPOUNDS = 3
_LINKS = ("", "s", "n")
"""What German, Swedish and Dutch put between the words of a compound: ``kostnadsfunktion``."""


_WITHOUT_ACCENTS = str.maketrans({"ß": "ss", "ı": "i", "ł": "l"})
"""Letters that are no letter and an accent."""


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.lower().translate(_WITHOUT_ACCENTS))
    return re.sub("([aou])e", r"\1", "".join(c for c in plain if not unicodedata.combining(c)))


_ENGLISH = {_folded(word): english for english, words in _TABLE.items() for word in words.split()}


@lru_cache(maxsize=4096)
def in_english(name: str) -> str:
    """A name with the English words in the places of others; one that has none of the table's is as it was.

    >>> [in_english(name) for name in ("rückwärts", "Kostenfunktion", "funcion_de_costo", "pesos_2", "dW1")]
    ['backward', 'costfunction', 'cost_function', 'weights_2', 'dW1']
    """
    words = re.sub(r"[^\W\d_][^\W\dA-Z_]*|[A-Z]+", lambda match: _word(match[0]), name)
    if words == name:
        return name
    # What others are called by comes first in Romance languages.
    return re.sub(r"^(function|size|sizes|rate)_(\w+)$", r"\2_\1", re.sub(_PARTICLES, "", words))


def _word(word: str) -> str:
    folded = _folded(word)
    if folded in _ENGLISH:
        return _ENGLISH[folded]
    for place in range(_LEAST_IN_COMPOUNDS, len(folded) - _LEAST_IN_COMPOUNDS + 1):
        first, last = folded[:place], _ENGLISH.get(folded[place:])
        known = (_ENGLISH.get(first.removesuffix(link)) for link in _LINKS)
        if last is not None and (start := next(filter(None, known), None)):
            return start + last
    return word
