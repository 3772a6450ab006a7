"""The one table of what those who program in other languages call things, by the English words for them.

German, French, Spanish, Italian, Portuguese, Swedish, Dutch, Polish, Turkish, Russian, Chinese, Japanese and Korean.
Names are compared in small letters without accents; ``ae``, ``oe`` and ``ue`` are umlauts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TABLE = {
    "cost": "kosten kost costo costes coste cout custo kostnad kostnaden koszt koszty kosztu maliyet 代价 代価 成本 "
    "コスト 비용 стоимость maliyeti",
    "loss": "verlust perdida perte perda perdita forlust forlusten verlies strata kayip kayıp 损失 損失 손실 потери "
    "потеря kaybi",
    "and": "och und 和 与 と",
    "function": "funktion funktionen funcion fonction funzione funcao functie funkcja fonksiyon 函数 関数 함수 "
    "функция fonksiyonu",
    "gradient": "gradiente gradienten gradyan gradientu 梯度 勾配 기울기 градиент",
    "gradients": "gradientes gradienti gradienter gradienterna gradienty gradyanlar 기울기들 градиенты",
    "derivative": "ableitung ableitungen derivada derivee derivata derivatan afgeleide abgeleitet pochodna turev "
    "导数 微分 미분 производная turevi",
    "compute": "berechne berechnen berechnung calcula calcular calculer calcola calcolare bereken berakna oblicz "
    "hesapla 计算 計算 계산 вычислить",
    "backward": "ruckwarts ruckwartsrechnung atras arriere indietro bakat achterwaarts terugwaarts bak achteruit "
    "tras wstecz geri 反向传播 反向 逆向 逆伝播 逆方向 역전파 역방향 обратный обратно обратное назад",
    "backprop": "retropropagation retropropagacion retropropagazione retropropagacao retropropagar retropropager "
    "ruckpropagierung fehlerruckfuhrung bakatpropagering terugpropagatie",
    "forward": "vorwarts vorwartsrechnung adelante avant avanti framat voorwaarts fram vooruit frente naprzod "
    "wprzod ileri 前向传播 前向 正向传播 正向 順伝播 順方向 순전파 순방향 прямой прямо прямое вперед",
    "evaluate": "auswerten evaluar evaluer valuta avaliar utvardera evalueren",
    "propagation": "propagacion propagazione propagacao propagierung propagering propagatie propagar",
    "predict": "vorhersage vorhersagen predecir prediccion predire predizione prever predicao prediktera voorspel "
    "voorspellen przewiduj tahmin 预测 予測 예측 предсказать",
    "train": "trainiere trainieren entrenar entrena entrainer entraine treinar treina addestra trana traning ucz "
    "trenuj egit egitim 训练 訓練 훈련 обучить обучение",
    "learn": "lerne lernen lern aprender lara ogren",
    "step": "schritt paso etape passo steg stap adim krok",
    "update": "aktualisiere aktualisieren actualizar actualiza aggiorna atualizar atualiza uppdatera bijwerken "
    "aktualizuj guncelle 更新 갱신 обновить",
    "weights": "gewicht gewichte gewichten peso pesos pesi poids vikt vikter vikterna viktmatris viktmatriser waga "
    "wagi wag agirlik agirliklar agırlık agırlıklar 权重 重み 가중치 вес веса",
    "bias": "schwelle schwellen schwellwert schwellwerte verschiebung sesgo sesgos biais vies troskel trosklar "
    "obciazenie obciazenia 偏置 バイアス 편향 смещение смещения sapma",
    "inputs": "eingabe eingaben eingang entrada entradas entree entrees ingresso ingressi invoer indata wejscie "
    "wejscia girdi girdiler giris 输入 入力 입력 вход входы",
    "outputs": "ausgabe ausgaben ausgang salida salidas saida saidas sortie sorties uscita uscite uitvoer utdata "
    "wyjscie wyjscia cikti ciktilar cıktı cikis 输出 出力 출력 выход выходы",
    "labels": "etikett etiketten etiketter etiqueta etiquetas etiquettes etichetta etichette rotulo rotulos facit "
    "etykieta etykiety etiketler 标签 ラベル 레이블 метка метки etiket",
    "targets": "ziel ziele zielwerte sollwert sollwerte objetivos cible cibles alvo alvos doel doelen malvarden "
    "hedef hedefler 目标 教師 正解 정답 цель цели",
    "images": "bild bilder imagenes immagini imagens afbeeldingen",
    "data": "daten datos dados dati donnees gegevens dane danych veri veriler 数据 データ 데이터 данные",
    "reg": "regularisierung regularizacion regularizacao regolarizzazione regularisering regularisatie "
    "regularyzacja 正则化 正则 正則化 규제 регуляризация",
    "params": "parametros parametri parametres parametrar parametry parametreler 参数 パラメータ 매개변수 параметры",
    "network": "netz netzwerk reseau rete rede natverk netwerk siec 网络 ネットワーク 신경망 сеть",
    "model": "modell modelo modele modello 模型 モデル 모델 модель",
    "size": "grosse tamano taille tamanho dimensione storlek grootte rozmiar boyut 大小 サイズ 크기 размер",
    "sizes": "grossen tamanos tailles tamanhos dimensioni storlekar groottes",
    "layer": "schicht capa couche strato camada laag warstwa katman 层 層 слой",
    "layers": "schichten capas couches strati camadas lager lagen warstwy katmanlar слои",
    "in": "ein",
    "out": "aus ut uit",
    "hidden": "verdeckt verdeckte versteckt versteckte oculta ocultas oculto cachee cachees nascosto nascosti "
    "escondida dolda dolt verborgen ukryta ukryte ukryty ukrytych gizli 隐藏层 隐藏 隠れ層 隠れ 은닉층 은닉 скрытый "
    "скрытые",
    "neurons": "neuronen neuronas neurones neuroni neuronios neuroner neurony noron noronlar 神经元 нейроны",
    "classes": "klassen clases classi klasser klasa klasy siniflar sınıflar 类别 クラス 클래스 классы",
    "samples": "beispiele stichproben muestras ejemplos exemples amostras campioni exempel voorbeelden probki "
    "ornekler 样本 サンプル 표본 примеры",
    "num": "anzahl numero aantal antal liczba sayisi sayısı число",
    "list": "liste lista lijst",
    "rng": "zufall zufallsgenerator",
    "seed": "semilla graine semente seme fro startwert ziarno tohum 种子 シード 시드",
    "rate": "tasa taux taxa tasso takt snelheid",
    "learning": "aprendizaje apprentissage aprendizagem apprendimento inlarning inlarnings",
    "learning_rate": "lernrate larhastighet leersnelheid inlarningstakt schrittweite 学习率 学習率 학습률",
    "epochs": "epochen epoche epocas epoques epoker epoken durchlaufe epoki 轮数 エポック 에폭 эпохи",
}  # fmt: skip

_PARTICLES = r"_(de|do|da|di|du|del|della|dei|des|der|la|le|el|van|av|para|par|hacia|en)(?=_)"
_LEAST_IN_COMPOUNDS = 3
_LINKS = ("", "s", "n")
"""What German, Swedish and Dutch put between the words of a compound: ``kostnadsfunktion``."""


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.lower().replace("ß", "ss"))
    return re.sub("([aou])e", r"\1", "".join(c for c in plain if not unicodedata.combining(c)))


_ENGLISH = {_folded(word): english for english, words in _TABLE.items() for word in words.split()}

_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u4e00-\u9fff]")
_WRITTEN_TOGETHER = re.compile(
    "|".join(sorted(filter(_EAST_ASIAN.match, _ENGLISH), key=lambda word: -len(word)))
)
"""Words of languages that put nothing between words, the longest first."""


@lru_cache(maxsize=4096)
def in_english(name: str) -> str:
    """A name with the English words in the places of others; one that has none of the table's is as it was.

    >>> [in_english(name) for name in ("rückwärts", "Kostenfunktion", "funcion_de_costo", "pesos_2", "dW1")]
    ['backward', 'costfunction', 'cost_function', 'weights_2', 'dW1']
    >>> in_english("损失和梯度")
    'loss_and_gradient'
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
    if _WRITTEN_TOGETHER.search(folded):
        parts = _WRITTEN_TOGETHER.sub(lambda known: f"_{_ENGLISH[known[0]]}_", folded)
        return re.sub("_+", "_", parts).strip("_")
    for place in range(_LEAST_IN_COMPOUNDS, len(folded) - _LEAST_IN_COMPOUNDS + 1):
        first, last = folded[:place], _ENGLISH.get(folded[place:])
        known = (_ENGLISH.get(first.removesuffix(link)) for link in _LINKS)
        if last is not None and (start := next(filter(None, known), None)):
            return start + last
    return word
