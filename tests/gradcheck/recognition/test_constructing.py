"""How objects are made: what their constructors get."""

import pytest

from chainrule.gradcheck.recognition.constructing import every_way
from chainrule.gradcheck.recognition.conventions import Convention, Sizes
from chainrule.gradcheck.recognition.held_settings import CannotMakeError
from chainrule.gradcheck.recognition.sequences import sequence_conventions
from support.adapters import defined

ROWS = Convention("rows", "integers", "in, out", "(K,)")
SINGLE = Convention("rows", "binary", "in, out", "(K,)")

CLASSES = """
class Linear:
    def __init__(self, n_in, n_out): self.W = make(n_in, n_out)
class ReLU:
    def forward(self, X): ...
    def backward(self, G): ...
class MSE:
    def __call__(self, P, Y): ...
"""


def made(arguments, convention=ROWS, rest="", owner="Net"):
    file = defined(f"{CLASSES}\nclass Net:\n    def __init__(self, {arguments}): self.W = 1\n{rest}")
    return every_way(file.constructors[owner], convention, file)[0].partition("(")[2].removesuffix(")")


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ("input_size, hidden_size, output_size", "input_size=6, hidden_size=5, output_size=3"),
        ("in_units, hidden_neurons, out_nodes", "in_units=6, hidden_neurons=5, out_nodes=3"),
        ("d, n_hidden1, n_hidden2, K", "d=6, n_hidden1=5, n_hidden2=4, K=3"),
        ("input_dim, hidden_dims, num_classes", "input_dim=6, hidden_dims=[5], num_classes=3"),
        ("sizes", "sizes=[6, 5, 3]"),
        ("nx, layers", "nx=6, layers=[5, 3]"),
        ("layers=[13, 8, 1]", "layers=[6, 5, 3]"),
        ("sizes, hidden='relu', output=MSE()", "sizes=[6, 5, 3]"),
        ("sizes, dropout_rate=0.5, keep_prob=0.8", "sizes=[6, 5, 3], dropout_rate=0.0, keep_prob=1.0"),
        ("sizes, learning_rate, epochs", "sizes=[6, 5, 3], learning_rate=0.01, epochs=1"),
    ],
)
def test_sizes_and_settings_are_told_by_their_names(arguments, given):
    assert made(arguments) == given


@pytest.mark.parametrize(
    ("arguments", "ways"),
    [
        ("d, K", ["Net(d=6, K=3)", "Net.create(dims=[6, 5, 3])", "Net.create(dims=[6, 5, 4, 3])"]),
        ("q", ["Net.create(dims=[6, 5, 3])", "Net.create(dims=[6, 5, 4, 3])"]),
    ],
)
def test_class_methods_make_objects_too(arguments, ways):
    text = f"class Net:\n    def __init__(self, {arguments}): ..."
    makers = "create(cls, dims): return cls(dims)", "named(cls, file): return load(file)"
    methods = "".join(f"\n    @classmethod\n    def {maker}" for maker in makers)
    file = defined(text + methods)
    assert every_way(file.constructors["Net"], ROWS, file) == ways


@pytest.mark.parametrize(
    ("arguments", "deeper"),
    [("sizes", "sizes=[6, 5, 4, 3]"), ("d, hidden_dims, K", "d=6, hidden_dims=[5, 4], K=3"), ("d, m, K", "")],
)
def test_widths_of_a_deeper_net_come_after_the_others(arguments, deeper):
    file = defined(f"class Net:\n    def __init__(self, {arguments}): ...")
    assert every_way(file.constructors["Net"], ROWS, file)[1:] == [f"Net({deeper})"] * bool(deeper)


def test_a_net_of_one_output_is_made_so():
    assert made("sizes, outputs", SINGLE) == "sizes=[6, 5], outputs=1"


@pytest.mark.parametrize(
    ("rest", "given"),
    [
        ("Net(MSE())", "q=MSE()"),
        ("loss = MSE()\nNet(loss)", "q=MSE()"),
        ("def f(x): ...\nNet(f)", "q=f"),
        ("Net([Linear(784, 30), ReLU(), Linear(30, 10)])", "q=[Linear(6, 5), ReLU(), Linear(5, 3)]"),
        ("Net(Linear(n_in=784, n_out=10))", "q=Linear(n_in=6, n_out=3)"),
        ("Net('relu')", "q='relu'"),
    ],
)
def test_what_the_file_itself_hands_over_is_given_with_small_sizes(rest, given):
    assert made("q", rest=rest) == given


@pytest.mark.parametrize("rest", ["", "Net(x)", "Net(load())", "Net([Linear(n, 10)])"])
def test_what_is_not_known_makes_no_object(rest):
    with pytest.raises(CannotMakeError):
        made("q", rest=rest)


def test_a_trainer_gets_its_net():
    rest = "class Trainer:\n    def __init__(self, net): ...\n"
    assert made("d, k", rest=rest, owner="Trainer") == "net=Net(d=6, k=3)"


@pytest.mark.parametrize(
    ("reads", "given"),
    [
        ("config.hidden_size + config.lr", 'type("Settings", (), dict(hidden_size=5, lr=0.01))()'),
        ("config['n_in'] + config['weight_decay']", '{"n_in": 6, "weight_decay": 0.1}'),
    ],
)
def test_a_configuration_holds_what_is_read_of_it(reads, given):
    file = defined(f"class Net:\n    def __init__(self, config): self.n = {reads}\n")
    assert every_way(file.constructors["Net"], ROWS, file)[0] == f"Net(config={given})"


def test_a_configuration_that_is_none_by_default_is_given_where_it_is_looked_up():
    read = "config.pop('n_in', 784) + config.get('reg', 0.5) + config.get('name', 'net')"
    file = defined(f"class Net:\n    def __init__(self, config=None): self.n = {read}\n")
    assert every_way(file.constructors["Net"], ROWS, file)[0] == 'Net(config={"n_in": 6, "reg": 0.1})'
    file = defined("class Net:\n    def __init__(self, config=None): self.config = config\n")
    assert every_way(file.constructors["Net"], ROWS, file)[0] == "Net()"


def filled_by(text, convention=ROWS, rest=""):
    net = "class Net:\n    def __init__(self, n_inputs, rate=1): self.layers = []\n    def add(self, n): ..."
    file = defined(f"{net}\n{CLASSES}\n{rest}\n{text}")
    return every_way(file.constructors["Net"], convention, file)


def test_an_object_is_filled_as_the_file_fills_it_with_small_sizes():
    text = "net = Net(784)\nnet.add(100)\nnet.add(10)\n"
    assert filled_by(text)[0] == "((made := Net(6)), made.add(5), made.add(3), made)[-1]"
    assert filled_by(text.replace("784", "4, rate"))[0] == (
        "(made := Net(n_inputs=6), made.add(5), made.add(3), made)[-1]"
    )
    every = filled_by("net = Net(n)\nnet.add(Linear(784, 100))\nnet.add(Linear(100, 10))\n")
    assert "(made := Net(n_inputs=6), made.add(Linear(6, 5)), made.add(Linear(5, 3)), made)[-1]" in every


HELD = """
class Book:
    def __init__(self, path='book.txt'): self.chars = set(open(path).read())
class Cells:
    def __init__(self, K, m=100): self.W = make(m, m)
class Trainer:
    def __init__(self, cells, book): self.cells, self.book = cells, book
    def loss(self): return self.book.vocab_size * self.cells.W
trainer = Trainer(Cells(Book().vocab_size), Book())
"""
STEPS = Convention("columns", "one-hot", "out, in", "(K, 1)", state="(K, 1)")


def test_objects_of_a_text_have_the_sizes_of_a_recurrent_net():
    file = defined(HELD)
    book = 'type("Book", (), dict(vocab_size=3))()'
    (made_so,) = every_way(file.constructors["Trainer"], STEPS, file)
    assert made_so == f"Trainer(cells=Cells(K=3, m=5), book={book})"
    assert every_way(file.constructors["Trainer"], ROWS, file)[0].endswith("book=Book())")


def test_an_object_of_a_text_that_does_something_is_the_files_own():
    text = HELD.replace("class Cells", "    def draw(self): ...\nclass Cells").replace(
        "self.cells.W", "self.book.draw()"
    )
    file = defined(text)
    assert every_way(file.constructors["Trainer"], STEPS, file)[0].endswith("book=Book())")


@pytest.mark.parametrize("name", ["book_data", "text"])
def test_a_recurrent_net_of_a_text_gets_one(name):
    given = made(f"{name}, m=100", sequence_conventions(Sizes())[0])
    assert given == f"{name}=''.join(map(chr, range(97, 100))), m=5"


def test_hidden_widths_are_listed_where_the_file_lists_them():
    assert made("n_in, number_of_units, n_out") == "n_in=6, number_of_units=5, n_out=3"
    listed = made("n_in, number_of_units, n_out", rest="net = Net(3072, [50, 50], 10)")
    assert listed == "n_in=6, number_of_units=[5], n_out=3"


def test_a_decoder_goes_back_through_the_widths_of_its_encoder():
    assert made("enc_dims, dec_dims") == "enc_dims=[6, 5, 3], dec_dims=[3, 5, 6]"


def made_by(constructor, convention=ROWS, rest=""):
    file = defined(f"class Net:\n    def __init__{constructor}\n{rest}")
    return every_way(file.constructors["Net"], convention, file)


@pytest.mark.parametrize(
    ("constructor", "ways"),
    [
        (
            "(self, k=2, dims=None): self.W = [make(dims[i + 1], dims[i]) for i in range(k)]",
            ["k=len([6, 5, 3]) - 1, dims=[6, 5, 3]", "k=len([6, 5, 4, 3]) - 1, dims=[6, 5, 4, 3]"],
        ),
        (
            "(self, n, sizes): self.W = [make(sizes[i]) for i in range(n - 1)]",
            ["n=len([6, 5, 3]), sizes=[6, 5, 3]", "n=len([6, 5, 4, 3]), sizes=[6, 5, 4, 3]"],
        ),
        (
            "(self, n_classes, layers): self.W = [make(i) for i in range(n_classes)]",
            ["n_classes=3, layers=[6, 5]", "n_classes=3, layers=[6, 5, 4]"],
        ),
        (
            "(self, n_hidden, D, K): self.n_hidden, self.k = n_hidden, len(n_hidden) + 1",
            ["n_hidden=[5], D=6, K=3", "n_hidden=[5, 4], D=6, K=3"],
        ),
        (
            "(self, shapes): self.W = [np.zeros((s[1], s[0])) for s in shapes]",
            ["shapes=[(6, 5), (5, 3)]", "shapes=[(6, 5), (5, 4), (4, 3)]"],
        ),
        ("(self, d, K, BN):\n        if BN: self.scale = 1", ["d=6, K=3, BN=False"]),
    ],
)
def test_lists_counts_and_switches_are_told_by_what_is_done_with_them(constructor, ways):
    assert made_by(constructor) == [f"Net({way})" for way in ways]


def test_shapes_lie_as_the_weights_do():
    constructor = "(self, shapes): self.W = [np.zeros((s[0], s[1])) for s in shapes]"
    assert made_by(constructor, Convention())[0] == "Net(shapes=[(5, 6), (3, 5)])"
