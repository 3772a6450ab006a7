"""Names in other languages."""

import pytest

from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.size_names import size_role


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("verlust", "cost"), ("Kostenfunktion", "cost"), ("fonction_de_cout", "cost"), ("calcular_costo", "cost"),
        ("perda", "cost"), ("kostnadsfunktionen", "cost"), ("verliesfunctie", "cost"),
        ("rueckwaerts", "gradient"), ("rückwärts", "gradient"), ("retropropagación", "gradient"),
        ("calcola_gradienti", "gradient"), ("bakåtpropagering", "gradient"), ("numerischerGradient", "numeric"),
        ("vorwärts", "forward"), ("predecir", "forward"), ("avanti", "forward"), ("framåt", "forward"),
        ("koszt", "cost"), ("损失", "cost"), ("损失和梯度", "cost"), ("逆伝播", "gradient"),
        ("обратный_проход", "gradient"),
        ("geri_yayilim", "gradient"), ("gru_bak", "gradient"), ("順伝播", "forward"), ("순전파", "forward"),
    ],
)  # fmt: skip
def test_functions_have_a_kind_in_every_language(name, kind):
    assert rank(name, kind) is not None


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("gewichte", "weights"), ("pesos_2", "weights"), ("poids", "weights"), ("vikter", "weights"),
        ("schwellen", "bias"), ("sesgo", "bias"), ("biais1", "bias"), ("ziel", "labels"), ("etiquetas", "labels"),
        ("eingaben", "inputs"), ("entradas", "inputs"), ("regularisierung", "l2"), ("parametri", "bundle"),
        ("веса", "weights"), ("重み", "weights"), ("偏置", "bias"), ("标签", "labels"), ("입력", "inputs"),
        ("正则", "l2"),
    ],
)  # fmt: skip
def test_arguments_have_a_role_in_every_language(name, role):
    assert meaning(name).role == role


def test_sizes_too():
    assert [size_role(n) for n in ("Größen", "anzahl_klassen", "zufall")] == ["widths", "output size", "rng"]


@pytest.mark.parametrize(
    "name", ["compute_cost", "dW1", "X", "net", "self.b[0]", "valueOf", "", "delta", "dx帽", "位置"]
)
def test_english_names_stay_as_they_are(name):
    assert in_english(name) == name
