"""A small change of the source (:mod:`.patches`) as edits of its text: as little of it as the change takes, so that
comments, formatting and everything else stay as the user wrote them.

What is put somewhere is written with the user's own text of all that it is made of; of that and of what stood there,
the words that both begin or end with are left alone.
"""

from __future__ import annotations

import ast
import copy
import io
import itertools
import re
import tokenize
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chainrule.gradcheck.program.applied_edits import lines_of, starts_of
from chainrule.gradcheck.program.change import NodePlace, SmallChange
from chainrule.gradcheck.result import TextEdit

_HOLE = "_chainrule_hole_{}_"
_LAYOUT = frozenset(
    {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)
_LOOSE = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda)
"""What may need brackets."""

_BRACKETS = re.compile(r"^return \(([^()]*)\)$")


class _Stretch(NamedTuple):
    """A stretch of a text, from one offset to the next."""

    start: int
    end: int


class _Exchange(NamedTuple):
    """What is written in the place of a piece of a text."""

    span: _Stretch
    after: str


class EditedText:
    """The text of a file, and how changes of its tree are written in it.

    Args:
        file: as tracebacks name it.
        text: all of it.
    """

    def __init__(self, file: str, text: str) -> None:
        self._file, self._text = file, text
        self._lines = lines_of(text)
        self._starts = starts_of(self._lines)

    def edits(self, change: SmallChange, originals: ast.AST) -> list[TextEdit]:
        """How a change is written; nothing where it cannot be.

        Args:
            change: of a tree of this text.
            originals: that tree, unchanged: what is part of it has its text here.
        """
        own = {id(node) for node in ast.walk(originals)}
        try:
            exchanges = list(self._exchanges(change, own))
        except (ValueError, SyntaxError, tokenize.TokenError, RecursionError, IndexError):
            return []
        return [self._edit(each) for each in exchanges] if self._is_source(exchanges) else []

    def _exchanges(self, change: SmallChange, own: set[int]) -> Iterator[_Exchange]:
        (place, statements), *rest = change.puts
        if isinstance(statements, list):
            if len(statements) == len(place.get()) or (rest and isinstance(rest[0][1], list)):
                yield from self._moved(change)
                return
            yield self._inserted(place.get(), statements)
            change = change._replace(puts=tuple(rest))
        homes = [_home(place, change) for place, _ in change.puts]
        undo = change.make()
        try:
            wanted = [
                ast.unparse(place.get() if place.is_statement else home)
                for (place, _), home in zip(change.puts, homes, strict=True)
            ]
        finally:
            undo()
        for (place, new), home, meant in zip(change.puts, homes, wanted, strict=True):
            if isinstance(new, ast.Pass):
                yield self._left_out(place)
            else:
                alone = sum(other is home for other in homes) == 1
                yield self._written(place.get(), new, own, home if alone else None, meant)

    def _written(
        self, old: ast.AST, new: ast.AST, own: set[int], statement: ast.stmt | None, meant: str
    ) -> _Exchange:
        """The words in which a node and what takes its place differ: of the ways to set brackets, the first that says
        what is meant."""
        span = self._span(old)
        for text in self._ways(new, own):
            exchange = self._shortened(span, text)
            if statement is None or ast.unparse(self._statement_with(exchange, statement)) == meant:
                return exchange
        raise ValueError("there is no such text")

    def _ways(self, new: ast.AST, own: set[int]) -> Iterator[str]:
        """A node in the user's words, with more and more brackets."""
        if id(new) in own:
            yield self._of(new)
            yield f"({self._of(new)})"
            return
        parts: list[ast.AST] = []
        holed = ast.fix_missing_locations(_holed(new, own, parts))
        text, words = _BRACKETS.sub(r"return \1", ast.unparse(holed)), [self._of(part) for part in parts]
        bracketed = [
            f"({word})" if isinstance(part, _LOOSE) else word for word, part in zip(words, parts, strict=True)
        ]
        for inner in (words, bracketed):
            filled = text
            for number, word in enumerate(inner):
                filled = filled.replace(_HOLE.format(number), word)
            if isinstance(new, ast.Tuple):
                # As in an index, where a slice may be in it.
                yield filled[1:-1]
            yield filled
            if isinstance(new, ast.expr):
                yield f"({filled})"

    def _shortened(self, span: _Stretch, after: str) -> _Exchange:
        """Without what both texts begin and end with."""
        before = self._text[span.start : span.end]
        old, new = _words(before), _words(after)
        same = 0
        while same < min(len(old), len(new)) and old[same].text == new[same].text:
            same += 1
        last = 0
        while last < min(len(old), len(new)) - same and old[-1 - last].text == new[-1 - last].text:
            last += 1
        if same == 0 and last == 0:
            return _Exchange(span, after)
        cut, kept = _middle(old, same, last, len(before)), _middle(new, same, last, len(after))
        if len(old) == same + last:
            # Something is put in: with the space that follows it, in front of the next word.
            at = old[same].start if last else old[-1].end
            start, end = (new[same].start, new[-last].start) if last else (new[same - 1].end, len(after))
            if same and last and (_follows(new, same) or new[-last - 1].end == new[-last].start):
                # In front of a bracket, or an index: with the space before it, behind the last word.
                at, start, end = old[same - 1].end, new[same - 1].end, new[-last - 1].end
            return _Exchange(_Stretch(span.start + at, span.start + at), after[start:end])
        if len(new) == same + last:
            start = old[same].start if last else old[same - 1].end
            end = old[-last].start if last else old[-1].end
            return _Exchange(_Stretch(span.start + start, span.start + end), "")
        if same and len(new) > same + last and _follows(new, same):
            cut, kept = cut._replace(start=old[same - 1].end), kept._replace(start=new[same - 1].end)
        return _Exchange(_Stretch(span.start + cut.start, span.start + cut.end), after[kept.start : kept.end])

    def _left_out(self, place: NodePlace) -> _Exchange:
        """Without a statement: without its lines, where something else stands around it."""
        statement = place.get()
        span, lines = self._span(statement), self._lines_of(statement)
        alone = len(getattr(place.parent, place.field)) == 1
        rest = self._text[lines.start : span.start] + self._text[span.end : lines.end]
        is_whole = not re.sub(r"#.*", "", rest).strip()
        return _Exchange(span, "pass") if alone or not is_whole else _Exchange(lines, "")

    def _inserted(self, there: list[ast.stmt], longer: list[ast.stmt]) -> _Exchange:
        """A statement put on a line of its own, behind the one that it follows, or in front of the first."""
        at = next(place for place, each in enumerate(longer) if all(each is not other for other in there))
        before, new = longer[max(at - 1, 0)], longer[at]
        if at == 0:
            start = self._lines_of(there[0]).start
            return _Exchange(_Stretch(start, start), f"{' ' * there[0].col_offset}{ast.unparse(new)}\n")
        end, rest = (
            self._lines_of(before).end,
            self._text[self._span(before).end : self._lines_of(before).end],
        )
        if re.sub(r"#.*", "", rest).strip():
            raise ValueError("no line of its own")
        newline = "" if self._text[:end].endswith("\n") else "\n"
        indent = " " * before.col_offset
        return _Exchange(_Stretch(end, end), f"{newline}{indent}{ast.unparse(new)}\n")

    def _moved(self, change: SmallChange) -> Iterator[_Exchange]:
        """A statement cut, and put behind the one that it follows then, or at the end of the loop in front."""
        statement, (_, order) = change.statement, change.puts[0]
        at = order.index(statement)
        if not at:
            raise ValueError("moved to the front")
        lines, before = self._lines_of(statement), order[at - 1]
        text, indent = self._text[lines.start : lines.end], " " * before.col_offset
        margin = self._text[lines.start : self._span(statement).start]
        if margin.strip() or "\n" in text.rstrip("\n"):
            raise ValueError("no line of its own")
        end = self._lines_of(before).end
        newline = "" if self._text[:end].endswith("\n") else "\n"
        yield _Exchange(lines, "")
        yield _Exchange(_Stretch(end, end), newline + indent + text.strip() + "\n")

    def _statement_with(self, exchange: _Exchange, statement: ast.stmt) -> ast.AST:
        """A statement as it reads with an exchange in it."""
        tree = ast.parse(self._with([exchange]))
        at = statement.lineno, statement.col_offset
        here = (
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.stmt) and (node.lineno, node.col_offset) == at
        )
        found = next(here, None)
        if found is None:
            raise ValueError("it is not there")
        return found

    def _with(self, exchanges: Sequence[_Exchange]) -> str:
        text = self._text
        for (start, end), after in sorted(exchanges, reverse=True):
            text = text[:start] + after + text[end:]
        return text

    def _is_source(self, exchanges: Sequence[_Exchange]) -> bool:
        in_order = sorted(exchanges)
        apart = all(a.span.end <= b.span.start for a, b in itertools.pairwise(in_order))
        try:
            ast.parse(self._with(exchanges))
        except (SyntaxError, ValueError, RecursionError):
            return False
        return apart and bool(exchanges)

    def _edit(self, exchange: _Exchange) -> TextEdit:
        (start, end), after = exchange
        (first, first_column), (last, last_column) = self._place(start), self._place(end)
        return TextEdit(self._file, first, first_column, last, last_column, self._text[start:end], after)

    def _place(self, offset: int) -> tuple[int, int]:
        """Line, from 1, and column, in characters from 0."""
        line = max(number for number, start in enumerate(self._starts) if start <= offset)
        line = min(line, max(len(self._lines) - 1, 0)) if offset < len(self._text) else line
        return line + 1, offset - self._starts[line]

    def _offset(self, line: int, column: int) -> int:
        """Of a column in bytes, as trees have them."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def _span(self, node: Any) -> _Stretch:
        end = self._offset(node.end_lineno, node.end_col_offset)
        return _Stretch(self._offset(node.lineno, node.col_offset), end)

    def _lines_of(self, node: Any) -> _Stretch:
        return _Stretch(self._starts[node.lineno - 1], self._starts[node.end_lineno])

    def _of(self, node: ast.AST) -> str:
        start, end = self._span(node)
        text = self._text[start:end]
        return text if "\n" not in text else ast.unparse(node)


class _Word(NamedTuple):
    """A token, and where it stands."""

    text: str
    start: int
    end: int


def _words(text: str) -> list[_Word]:
    """The tokens of a piece of source, without layout and comments."""
    # In brackets a piece may go over several lines.
    starts = starts_of(lines_of(f"({text})"))
    tokens = tokenize.generate_tokens(io.StringIO(f"({text})").readline)
    words = [
        _Word(token.string, _at(starts, token.start), _at(starts, token.end))
        for token in tokens
        if token.type not in _LAYOUT
    ]
    return words[1:-1]


def _follows(words: Sequence[_Word], place: int) -> bool:
    """Whether a word is an index or attribute of the one before."""
    return words[place].text in ("[", ".") and words[place].start == words[place - 1].end


def _at(starts: Sequence[int], place: tuple[int, int]) -> int:
    line, column = place
    return starts[line - 1] + column - 1


def _middle(words: Sequence[_Word], first: int, last: int, length: int) -> _Stretch:
    """What lies between so many words at the beginning and at the end."""
    inner = words[first : len(words) - last]
    return _Stretch(inner[0].start, inner[-1].end) if inner else _Stretch(length, length)


def _holed(node: Any, own: set[int], parts: list[ast.AST]) -> Any:
    """A node with a name in the place of each part that the user wrote."""
    if isinstance(node, list):
        return [_holed(each, own, parts) for each in node]
    if not isinstance(node, ast.AST):
        return node
    if id(node) in own and isinstance(node, ast.expr):
        parts.append(node)
        return ast.Name(_HOLE.format(len(parts) - 1), getattr(node, "ctx", ast.Load()))
    new = copy.copy(node)
    for field, value in ast.iter_fields(node):
        setattr(new, field, _holed(value, own, parts))
    return new


def _home(place: NodePlace, change: SmallChange) -> ast.stmt:
    """The statement of a change in which a place is."""
    statements = [node for node in (change.statement, *change.shown) if isinstance(node, ast.stmt)]
    holding = (node for node in statements if any(inner is place.parent for inner in ast.walk(node)))
    return next(holding, change.statement)
