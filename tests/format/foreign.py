"""zstd through the system's libzstd, and LZ4 blocks in plain Python: the two compressors that the documents name but do not describe."""

import ctypes
import ctypes.util

_MAX_WINDOW_LOG = 100  # ZSTD_d_windowLogMax


def _library():
    library = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    library.ZSTD_createDCtx.restype = ctypes.c_void_p
    library.ZSTD_decompressDCtx.restype = ctypes.c_size_t
    library.ZSTD_decompressDCtx.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    library.ZSTD_DCtx_refPrefix.restype = ctypes.c_size_t
    library.ZSTD_DCtx_refPrefix.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.ZSTD_DCtx_setParameter.restype = ctypes.c_size_t
    library.ZSTD_DCtx_setParameter.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    library.ZSTD_freeDCtx.argtypes = [ctypes.c_void_p]
    library.ZSTD_isError.argtypes = [ctypes.c_size_t]
    return library


_ZSTD = _library()


def zstd_decode(coded, size, prefix=b""):
    """Decodes one zstd frame of exactly `size` bytes, with `prefix` as ZSTD_DCtx_refPrefix takes it."""
    context = _ZSTD.ZSTD_createDCtx()
    try:
        _ZSTD.ZSTD_DCtx_setParameter(context, _MAX_WINDOW_LOG, 31)
        if prefix:
            _ZSTD.ZSTD_DCtx_refPrefix(context, prefix, len(prefix))
        out = ctypes.create_string_buffer(max(size, 1))
        got = _ZSTD.ZSTD_decompressDCtx(context, out, size, coded, len(coded))
        if _ZSTD.ZSTD_isError(got) or got != size:
            raise ValueError(f"zstd frame does not hold {size} bytes")
        return out.raw[:size]
    finally:
        _ZSTD.ZSTD_freeDCtx(context)


def lz4_decode(coded, size):
    """Decodes one LZ4 block (lz4_Block_format.md) of exactly `size` bytes."""
    def length(at, start):
        total = start
        while start == 15:
            byte = coded[at]
            at += 1
            total += byte
            start = 15 if byte == 255 else 0
        return at, total

    out, at = bytearray(), 0
    while at < len(coded):
        token = coded[at]
        at, literals = length(at + 1, token >> 4)
        out += coded[at:at + literals]
        at += literals
        if at >= len(coded):
            break
        offset = coded[at] | coded[at + 1] << 8
        at, match = length(at + 2, token & 15)
        if not 0 < offset <= len(out):
            raise ValueError("LZ4 match before the beginning")
        for _ in range(match + 4):
            out.append(out[-offset])
    if len(out) != size:
        raise ValueError(f"LZ4 block holds {len(out)} bytes, want {size}")
    return bytes(out)
