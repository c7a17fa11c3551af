"""Answers that are known before they are asked for: worked out in the worker that read the page.

The stages settle one article after the other, in the process that also fetches. What they ask of
the text alone can be worked out elsewhere and told here; where an earlier stage has changed the
text, the question is another, and is answered as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Function, question, answer.
Answer = tuple[str, Hashable, Any]

# Of pages that are read and not yet settled: three for each worker of a replay, so enough for 80.
# What is never asked (of a page that was refused) makes room for what comes.
_KEPT: Final = 256

_functions: dict[str, Known[..., Any]] = {}
_recorders: list[list[Answer]] = []


class Known(Generic[P, T]):
    """A function whose answers may be told; each is given out once."""

    def __init__(self, function: Callable[P, T], question: Callable[P, Hashable]) -> None:
        """`question` is what the answer depends on."""
        self.__doc__ = function.__doc__
        self._name = f"{function.__module__}:{function.__qualname__}"
        self._function = function
        self._question = question
        self._told: dict[Hashable, T] = {}
        _functions[self._name] = self

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        if not self._told and not _recorders:
            return self._function(*args, **kwargs)
        question = self._question(*args, **kwargs)
        if question in self._told:
            return self._told.pop(question)
        answer = self._function(*args, **kwargs)
        for recorder in _recorders:
            recorder.append((self._name, question, answer))
        return answer

    def tell(self, question: Hashable, answer: T) -> None:
        """Know an answer until it is asked for."""
        if len(self._told) >= _KEPT:
            del self._told[next(iter(self._told))]
        self._told[question] = answer


def known(question: Callable[P, Hashable]) -> Callable[[Callable[P, T]], Known[P, T]]:
    """A function of the text alone; `question` takes the same arguments."""
    return lambda function: Known(function, question)


@contextmanager
def recorded() -> Iterator[list[Answer]]:
    """What is answered meanwhile, to be told in another process."""
    answers: list[Answer] = []
    _recorders.append(answers)
    try:
        yield answers
    finally:
        _recorders.remove(answers)


def tell(answers: Iterable[Answer]) -> None:
    """What was recorded elsewhere; no matter to a process that has not loaded who would ask."""
    for name, question, answer in answers:
        if function := _functions.get(name):
            function.tell(question, answer)
