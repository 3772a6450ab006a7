"""Ends, in any way that could end the checker as well; or changes what its own process works with."""

import atexit
import builtins
import ctypes
import faulthandler
import gc
import json
import os
import random
import signal
import sys
import threading
import time
import types

_ENDED, _CRASHED, _EXIT = "ended by itself", "crashed outside of Python", "calls sys.exit"
ENDS = {
    "an_interrupt": r"^net\.py, line",
    "an_exception_of_a_class_of_classes": _ENDED,
    "an_exception_of_a_line_that_is_none": r"^net\.py[,:] ",
    "an_exception_of_a_line_with_a_huge_number": r"^net\.py[,:] ",
    "an_exception_of_a_module_with_a_huge_name": r"^net\.py[,:] ",
    "an_exception_of_a_file_with_a_huge_name": r"^net\.py[,:] ",
    "an_exception_whose_text_is_huge": r"^net\.py[,:] ",
    "an_exception_of_10_mb": r"^net\.py[,:] ",
    "an_exception_that_is_slow_to_show": "still runs after 1 s",
    "an_end_without_a_word": rf"{_ENDED} \(code 0\)",
    "an_end_with_the_code_of_a_wrong_gradient": rf"{_ENDED} \(code 1\)",
    "an_end_with_an_odd_code": rf"{_ENDED} \(code 255\)",
    "an_end_that_says_right": rf"{_ENDED} \(code 0\)",
    "an_end_that_steers_the_terminal": rf"{_ENDED} \(code 3\)",
    "an_end_in_a_thread": _ENDED,
    "a_module_that_gives_everything": _ENDED,
    "an_exit": _EXIT,
    "an_exit_with_an_object": _EXIT,
    "a_wrong_address": _CRASHED,
    "a_wrong_instruction": _CRASHED,
    "an_abort": _CRASHED,
    "a_signal_of_its_own": "crashed|killed|ended",
    "a_signal_without_a_name": "crashed|killed|ended",
    "all_descriptors_closed": _ENDED,
    "its_descriptors_exchanged": "ended|no answer|still runs",
    "its_interpreter_taken_down": "crashed|ended",
    "a_wrong_place_by_a_signal": "still runs after 1 s",
    "a_place_with_a_number_of_5000_digits": "still runs after 1 s",
    "a_place_that_steers_the_terminal": "still runs after 1 s",
    "builtins_that_lie": ".",
    "a_reader_that_lies": ".",
    "no_modules": ".",
    "threads_that_go_on": ".",
    "a_hook_of_audits": ".",
    "the_objects_of_the_process": ".",
    "the_limit_of_recursion": ".",
    "frames_of_the_process": ".",
    "functions_of_the_process": ".",
}
LIMITS = {"memory": 500}
BRIEF = (
    "its_descriptors_exchanged", "a_wrong_place_by_a_signal", "a_place_with_a_number_of_5000_digits",
    "a_place_that_steers_the_terminal", "threads_that_go_on", "frames_of_the_process", "functions_of_the_process",
    "no_modules", "a_reader_that_lies", "builtins_that_lie",
    "an_exception_that_is_slow_to_show",
)  # fmt: skip


def an_end_without_a_word():
    """Ends the process as if all were well."""
    os._exit(0)


def an_end_with_the_code_of_a_wrong_gradient():
    """Ends it with code 1."""
    os._exit(1)


def an_end_with_an_odd_code():
    """Ends it with the code -1."""
    os._exit(-1)


def an_end_that_says_right():
    """Prints a verdict before it."""
    print("right\nthe gradient is right", flush=True)
    os._exit(0)


def an_end_that_steers_the_terminal():
    """Prints marks for the terminal as its last line."""
    os.write(2, b"\x1b[2J\x1b]0;title\x07\xff\xfe\x00\xe2\x80\xae" * 20)
    os._exit(3)


def an_end_in_a_thread():
    """Ends it from a thread, while it answers."""
    threading.Thread(target=lambda: (time.sleep(0.02), os._exit(7))).start()
    time.sleep(1)


def an_exit():
    """Raises what ends a program."""
    sys.exit(1)


def an_exit_with_an_object():
    """Raises it with something that is no code."""
    sys.exit(type("Right", (), {"__str__": lambda self: "\x1b[2Jright" * 10**5})())


def a_wrong_address():
    """Reads what is not there."""
    ctypes.string_at(0)


def a_wrong_instruction():
    """Runs bytes that are no code."""
    import mmap

    memory = mmap.mmap(-1, 4096, prot=7)
    memory.write(b"\x0f\x0b" * 100)
    ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()


def an_abort():
    """Has the C library abort."""
    ctypes.CDLL(None).abort()


def a_signal_of_its_own():
    """Ends itself as the system does for lack of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def a_signal_without_a_name():
    """Ends itself with one of the signals that have a number only."""
    os.kill(os.getpid(), signal.SIGRTMIN + 5)
    time.sleep(1)


def all_descriptors_closed():
    """Closes its channel, and waits."""
    os.closerange(0, 1024)
    time.sleep(1)


def its_descriptors_exchanged():
    """Puts the ends of its channel in each other's place."""
    requests, replies = 200, 201
    kept = os.dup(requests)
    os.dup2(replies, requests)
    os.dup2(kept, replies)


def its_interpreter_taken_down():
    """Has the interpreter end while it runs."""
    ctypes.pythonapi.Py_FinalizeEx()


def _shows(text):
    """When it is asked where it is, say this."""
    faulthandler.unregister(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, lambda *_: os.write(2, text.encode()))
    while True:
        time.sleep(0.01)


def a_wrong_place_by_a_signal():
    """Says that it is at a line that is none."""
    _shows(f'  File "{__file__}", line 0 in right\n')


def a_place_with_a_number_of_5000_digits():
    """Says that it is at a line whose number no one reads."""
    _shows(f'  File "{__file__}", line {"9" * 5000} in f\n')


def a_place_that_steers_the_terminal():
    """Says that it is in a function whose name steers a terminal."""
    _shows(f'  File "{__file__}", line 1 in \x1b[2Jright\x07\u202e\n')


def builtins_that_lie():
    """Puts other functions in the place of those that everybody uses."""
    for name in ("len", "isinstance", "getattr", "print", "type", "zip", "max", "min", "sorted", "list"):
        setattr(builtins, name, lambda *_, **__: 1 / 0)


def a_reader_that_lies():
    """Puts others in the place of what reads and writes frames."""
    json.dumps = lambda *_, **__: "{" * 1000
    json.loads = lambda *_, **__: ["cost"]
    os.read, os.write = (lambda *_: b""), (lambda *_: 10**9)


def no_modules():
    """Takes all modules away."""
    for name in list(sys.modules):
        sys.modules[name] = None


def what_draws():
    """Sets what is drawn, and what draws it."""
    import numpy

    numpy.random.seed = random.seed = lambda *_: None
    numpy.random.default_rng = lambda *_: None


def warnings_and_errors_of_numpy():
    """Has every oddity of numbers raise an exception."""
    import warnings

    import numpy

    numpy.seterr(all="raise")
    warnings.simplefilter("error")


def what_watches():
    """Sets what is called for each line and each function."""
    sys.settrace(lambda *_: None)
    sys.setprofile(lambda *_: None)
    threading.settrace(lambda *_: None)


def a_hook_of_audits():
    """Raises an exception at whatever is done."""
    sys.addaudithook(lambda name, _: 1 / 0 if name in ("import", "compile", "open") else None)


def what_is_done_at_the_end():
    """Leaves functions and objects that are to be called when the process ends."""

    class Late:
        def __del__(self):
            time.sleep(100)

    builtins.kept = Late()
    atexit.register(time.sleep, 100)
    sys.excepthook = threading.excepthook = lambda *_: time.sleep(100)
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        signal.signal(getattr(signal, name), lambda *_: time.sleep(100))


def threads_that_go_on():
    """Leaves threads that compute while it answers."""
    for _ in range(4):
        threading.Thread(target=lambda: sum(iter(int, 1)), daemon=True).start()


def no_output():
    """Closes what is printed to."""
    sys.stdout.close()
    sys.stderr.close()
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None
    os.close(1)
    os.close(2)


def the_limit_of_recursion():
    """Sets it so low that nothing can be called."""
    sys.setrecursionlimit(len(__import__("traceback").extract_stack()) + 5)


def the_objects_of_the_process():
    """Looks for the session that answers, and puts other functions there."""
    for thing in gc.get_objects():
        if type(thing).__name__ == "_Session":
            type(thing).ask = lambda *_: "right"


def frames_of_the_process():
    """Goes up the frames, and empties what is there."""
    frame = sys._getframe()
    while frame := frame.f_back:
        for name, value in list(frame.f_globals.items()):
            if isinstance(value, types.FunctionType):
                frame.f_globals[name] = lambda *_, **__: "right"


def functions_of_the_process():
    """Exchanges the code of every function that it finds."""

    def right(*_, **__):
        return "right"

    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and "chainrule" in (thing.__module__ or ""):
            thing.__code__ = right.__code__


def a_module_that_gives_everything():
    """Has its module give something for every name."""
    globals()["__getattr__"] = lambda name: open
    sys.modules[__name__].__class__ = type(
        "Odd", (types.ModuleType,), {"__getattribute__": lambda self, n: None}
    )


def an_exception_that_is_slow_to_show():
    """Raises one with a text that takes for ever."""
    raise type("Odd", (Exception,), {"__str__": lambda self: sum(iter(int, 1))})


def an_exception_of_a_line_that_is_none():
    """Raises one that is about a line that is no number, of a file that is no text."""
    raise SyntaxError("x", (b"\xff", "nowhere", [], "text\x1b", None, None))


def an_exception_of_a_line_with_a_huge_number():
    """Raises one that is about lines far away."""
    raise SyntaxError("x", ("/etc/passwd", 10**4000, -(10**4000), "\x1b[2J", 10**30, 1))


def an_exception_of_a_module_with_a_huge_name():
    """Raises one that says a module is missing, whose name is 10 MB of marks."""
    raise ModuleNotFoundError("x", name="\x1b[2J; rm -rf ~ " * 10**6)


def an_exception_of_a_file_with_a_huge_name():
    """Raises one that is about a file whose name is 1 MB."""
    raise SyntaxError("x", ("/" + "\x1b" * 10**6, 1, 1, "x"))


def an_exception_whose_text_is_huge():
    """Raises one that gives 10 MB of text, when it is asked."""
    raise type("Odd", (Exception,), {"__str__": lambda self: "x" * 10**7})


def an_exception_of_10_mb():
    """Raises one that has 10 MB with it."""
    raise ValueError("x" * 10**7)


def an_exception_of_a_class_of_classes():
    """Raises one of a class whose name is asked of something odd."""

    class Meta(type):
        __name__ = property(lambda cls: 1 / 0)
        __module__ = property(lambda cls: 1 / 0)

        def __instancecheck__(cls, instance):
            raise ZeroDivisionError

    raise Meta("Odd", (Exception,), {})("x")


def an_interrupt():
    """Raises what the user sends to end the checker."""
    raise KeyboardInterrupt("nothing was written")
