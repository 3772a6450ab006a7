"""Makes the system's calls in other ways, and those that no computation takes."""

import ctypes
import mmap
import os

from support.hostile.kernel import X86_64, call

_CRASHED = "crashed outside of Python"
ENDS = dict.fromkeys(
    ("by_negative_numbers", "by_other_numbers", "by_the_calls_of_32_bits", "by_a_jump_to_32_bits"), _CRASHED
)

# Names in the order of their numbers would say no more: none of these has a place in a computation.
OTHER_CALLS = (
    29, 30, 31, 40 + 1, 42, 43, 49, 50, 53, 57, 58, 59, 62 + 7, 68, 69, 70, 71, 101, 103, 105, 106, 109, 112, 113, 114,
    116, 117, 119, 122, 123, 126, 129, 133, 134, 135, 136, 139, 141, 142, 144, 149, 151, 153, 154, 155, 156, 159, 160,
    161, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 175, 176, 179, 188, 197, 200, 203, 205, 206, 209, 212,
    216, 222, 237, 238, 239, 240, 246, 248, 249, 250, 251, 253, 256, 259, 272, 275, 276, 278, 279, 282, 288, 294, 298,
    300, 301, 303, 304, 305, 308, 310, 311, 312, 313, 314, 317, 319, 320, 321, 322, 323, 329, 330, 331, 424, 425, 426,
    427, 428, 429, 430, 431, 432, 433, 434, 435, 437, 438, 440, 442, 443, 446, 447, 448, 450, 451, 453, 457, 458, 459,
    460, 461, 462,
)  # fmt: skip
REFUSED = (1, 38, 95)


def all_others():
    """Makes each call that has no place in a computation, with arguments that mean nothing."""
    reached = []
    for number in OTHER_CALLS:
        try:
            call(number, -1, -1, -1, -1, -1, -1)
        except OSError as error:
            if error.errno not in REFUSED:
                reached.append((number, error.errno))
        else:
            reached.append(number)
    return X86_64 and reached


def unknown_ones():
    """Makes calls by numbers that no kernel knows yet."""
    reached = []
    for number in (463, 500, 547, 548, 1000):
        try:
            reached.append(call(number, 0, 0, 0))
        except OSError as error:
            reached += [] if error.errno in REFUSED else [number]
    return reached


def by_negative_numbers():
    """Makes calls by numbers below and above all that there are."""
    if not X86_64:
        os.abort()
    reached = []
    for number in (2**31 - 1, -1, -2):
        try:
            reached.append(call(number, 0, 0, 0))
        except OSError as error:
            reached += [] if error.errno in REFUSED else [number]
    return reached


def by_other_numbers(secret):
    """Makes the calls of another way of counting them, where a number has another bit."""
    if not X86_64:
        os.abort()
    for number, arguments in ((57, ()), (2, (os.fsencode(secret), 0)), (41, (2, 1, 0)), (512, (0, 0))):
        try:
            if call(0x40000000 | number, *arguments) == 0:
                os._exit(0)
        except OSError:
            continue
        return number
    return None


def _executed(code):
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()


def by_its_own_code():
    """Writes machine code that makes the call fork, past all libraries."""
    if not X86_64:
        return None
    process = _executed(b"\xb8\x39\x00\x00\x00\x0f\x05\xc3")
    if process == 0:
        os._exit(0)
    return process > 0


def by_the_calls_of_32_bits():
    """Writes machine code that makes a call in the way of 32 bits: socketcall, of which filters know another number."""
    if not X86_64:
        os.abort()
    return _executed(b"\x53\xb8\x66\x00\x00\x00\x31\xdb\x31\xc9\xcd\x80\x5b\xc3")


def by_a_jump_to_32_bits():
    """Jumps into code of 32 bits, and makes the call there."""
    if not X86_64:
        os.abort()
    library = ctypes.CDLL(None)
    library.mmap.restype = ctypes.c_void_p
    low = library.mmap(None, 4096, 7, 0x62, -1, 0)
    # mov eax, 2; int 0x80; hlt
    ctypes.memmove(low, b"\xb8\x02\x00\x00\x00\xcd\x80\xf4", 8)
    # push 0x23; push low; retfq
    return _executed(b"\x6a\x23\x68" + (low & 0xFFFFFFFF).to_bytes(4, "little") + b"\x48\xcb")
