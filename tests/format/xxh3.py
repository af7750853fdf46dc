"""XXH3-64 with seed 0, from the published algorithm (github.com/Cyan4973/xxHash, doc/xxhash_spec.md). Slow and plain."""

import struct

_M64 = (1 << 64) - 1
_P32 = (2654435761, 2246822519, 3266489917)
_P64 = (11400714785074694791, 14029467366897019727, 1609587929392839161, 9650029242287828579, 2870177450012600261)
_SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248e"
    "e03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d"
    "8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc"
    "8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")


def _u32(data, at):
    return int.from_bytes(data[at:at + 4], "little")


def _u64(data, at):
    return int.from_bytes(data[at:at + 8], "little")


def _fold(a, b):
    product = a * b
    return (product & _M64) ^ (product >> 64)


def _avalanche(h):
    h ^= h >> 37
    h = h * 0x165667919E3779F9 & _M64
    return h ^ (h >> 32)


def _avalanche64(h):
    h ^= h >> 33
    h = h * _P64[1] & _M64
    h ^= h >> 29
    h = h * _P64[2] & _M64
    return h ^ (h >> 32)


def _swap64(value):
    return int.from_bytes(value.to_bytes(8, "little"), "big")


def _up_to_16(data):
    n = len(data)
    if n == 0:
        return _avalanche64(_u64(_SECRET, 56) ^ _u64(_SECRET, 64))
    if n < 4:
        combined = data[0] << 16 | data[n >> 1] << 24 | data[n - 1] | n << 8
        return _avalanche64(combined ^ _u32(_SECRET, 0) ^ _u32(_SECRET, 4))
    if n <= 8:
        keyed = _u64(_SECRET, 8) ^ _u64(_SECRET, 16) ^ (_u32(data, n - 4) + (_u32(data, 0) << 32))
        keyed ^= (keyed << 49 | keyed >> 15) & _M64 ^ (keyed << 24 | keyed >> 40) & _M64
        keyed = keyed * 0x9FB21C651E98DF25 & _M64
        keyed ^= (keyed >> 35) + n
        keyed = keyed * 0x9FB21C651E98DF25 & _M64
        return keyed ^ keyed >> 28
    low = _u64(_SECRET, 24) ^ _u64(_SECRET, 32) ^ _u64(data, 0)
    high = _u64(_SECRET, 40) ^ _u64(_SECRET, 48) ^ _u64(data, n - 8)
    return _avalanche(n + _swap64(low) + high + _fold(low, high) & _M64)


def _mix16(data, at, secret):
    return _fold(_u64(data, at) ^ _u64(_SECRET, secret), _u64(data, at + 8) ^ _u64(_SECRET, secret + 8))


def _up_to_240(data):
    n = len(data)
    total = n * _P64[0]
    if n <= 128:
        for i in range((n - 1) // 32, -1, -1):
            total += _mix16(data, 16 * i, 32 * i) + _mix16(data, n - 16 * (i + 1), 32 * i + 16)
        return _avalanche(total & _M64)
    for i in range(8):
        total += _mix16(data, 16 * i, 16 * i)
    total = _avalanche(total & _M64)
    for i in range(8, n // 16):
        total += _mix16(data, 16 * i, 16 * (i - 8) + 3)
    return _avalanche(total + _mix16(data, n - 16, 136 - 17) & _M64)


def _accumulate(lanes, words, keys):
    for i in range(8):
        word = words[i]
        keyed = word ^ keys[i]
        lanes[i ^ 1] = lanes[i ^ 1] + word & _M64
        lanes[i] = lanes[i] + (keyed & 0xFFFFFFFF) * (keyed >> 32) & _M64


def _long(data):
    lanes = [_P32[2], _P64[0], _P64[1], _P64[2], _P64[3], _P32[1], _P64[4], _P32[0]]
    stripes_per_block = (len(_SECRET) - 64) // 8
    keys = [struct.unpack_from("<8Q", _SECRET, 8 * i) for i in range(stripes_per_block)]
    scramble = struct.unpack_from("<8Q", _SECRET, len(_SECRET) - 64)
    stripes = (len(data) - 1) // 64
    for stripe in range(stripes):
        _accumulate(lanes, struct.unpack_from("<8Q", data, 64 * stripe), keys[stripe % stripes_per_block])
        if (stripe + 1) % stripes_per_block == 0:
            for i in range(8):
                lane = lanes[i] ^ lanes[i] >> 47 ^ scramble[i]
                lanes[i] = lane * _P32[0] & _M64
    _accumulate(lanes, struct.unpack_from("<8Q", data, len(data) - 64),
                struct.unpack_from("<8Q", _SECRET, len(_SECRET) - 64 - 7))
    total = len(data) * _P64[0]
    for i in range(4):
        total += _fold(lanes[2 * i] ^ _u64(_SECRET, 11 + 16 * i), lanes[2 * i + 1] ^ _u64(_SECRET, 19 + 16 * i))
    return _avalanche(total & _M64)


def xxh3(data):
    """XXH3-64 of bytes, as an int."""
    data = bytes(data)
    if len(data) <= 16:
        return _up_to_16(data)
    return _up_to_240(data) if len(data) <= 240 else _long(data)
