"""Functions of each element, local response normalisation and products, for the second opinion (certificate_checker.py):
docs/progressive.md, "Curves", "Local response normalisation" and "Rules". Of numpy alone; so it is a check, not a proof."""

import math

import numpy as np

UNIT = 2.0**-53
erf = np.vectorize(math.erf, otypes=[float])


def sigmoid(x):
    e = np.exp(-abs(x))
    return np.where(x < 0, e, 1.0) / (1 + e)


class Curve:
    """f with f' and f''; `turns` are places beside 0 where f' or f'' turn, `kinks` those where f' jumps."""

    def __init__(self, f, slope, bend, turns=(), kinks=(), rises=True):
        self.f, self.slope, self.bend, self.rises = f, slope, bend, rises
        self.turns = sorted({0.0, *turns, *(-turn for turn in turns), *kinks})
        # Slopes on both sides of each turn, a hair away: those of a jump are told apart, others are the same.
        self.kinks = [(at, float(self.slope(np.float64(at + self.hair(at))) - self.slope(np.float64(at - self.hair(at))))) for at in kinks]

    @staticmethod
    def hair(at):
        return 1e-9 * (1 + abs(at))

    def between(self, low, high):
        """Least and greatest f', then f'', element by element: of ends and of turns inside."""
        found = []
        for of in (self.slope, self.bend):
            least, greatest = np.minimum(of(low), of(high)), np.maximum(of(low), of(high))
            for turn in self.turns:
                hair = self.hair(turn)
                inside = (low <= turn + hair) & (high >= turn - hair)
                for side in (turn - hair, turn, turn + hair):
                    there = float(of(np.float64(side)))
                    least = np.where(inside, np.minimum(least, there), least)
                    greatest = np.where(inside, np.maximum(greatest, there), greatest)
            found += [least - 1e-12, greatest + 1e-12]
        return found


def piecewise(*pieces):
    """The greatest piece that begins before x: pairs of a beginning and a function."""
    def value(x):
        out = pieces[0][1](x)
        for begin, function in pieces[1:]:
            out = np.where(x > begin, function(x), out)
        return out
    return value


def constant(number):
    return lambda x: np.full(np.shape(x), float(number)) if np.ndim(x) else np.float64(number)


def exponential(scale, rate, above):
    """scale (exp(rate x) - 1) below 0, above x over it."""
    below = lambda x: np.minimum(x, 0.0)
    return Curve(piecewise((None, lambda x: scale * np.expm1(rate * below(x))), (0, lambda x: above * x)),
                 piecewise((None, lambda x: scale * rate * np.exp(rate * below(x))), (0, constant(above))),
                 piecewise((None, lambda x: scale * rate * rate * np.exp(rate * below(x))), (0, constant(0))), kinks=(0.0,), rises=scale >= 0)


def gate(alpha, beta):
    low, high = -beta / alpha, (1 - beta) / alpha
    return Curve(lambda x: x * np.clip(alpha * x + beta, 0, 1),
                 piecewise((None, constant(0)), (low, lambda x: 2 * alpha * x + beta), (high, constant(1))),
                 piecewise((None, constant(0)), (low, constant(2 * alpha)), (high, constant(0))), kinks=(low, high), rises=False)


def hard_sigmoid(alpha, beta):
    low, high = -beta / alpha, (1 - beta) / alpha
    return Curve(lambda x: np.clip(alpha * x + beta, 0, 1), piecewise((None, constant(0)), (low, constant(alpha)), (high, constant(0))),
                 constant(0), kinks=(low, high))


def two_slopes(slope):
    return Curve(lambda x: np.where(x > 0, x, slope * x), piecewise((None, constant(slope)), (0, constant(1))), constant(0), kinks=(0.0,),
                 rises=slope >= 0)


def smooth():
    """The functions without attributes."""
    third = math.atanh(1 / math.sqrt(3))
    density = lambda x: np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    share = lambda x: (1 + erf(x / math.sqrt(2))) / 2
    rise = lambda x: sigmoid(x) * sigmoid(-x)
    error = lambda x: 2 / math.sqrt(math.pi) * np.exp(-x * x)
    return {
        "Tanh": Curve(np.tanh, lambda x: 1 - np.tanh(x)**2, lambda x: -2 * np.tanh(x) * (1 - np.tanh(x)**2), (third,)),
        "Sigmoid": Curve(sigmoid, rise, lambda x: -rise(x) * np.tanh(x / 2), (2 * third,)),
        "Softplus": Curve(lambda x: np.maximum(x, 0) + np.log1p(np.exp(-abs(x))), sigmoid, rise),
        "Softsign": Curve(lambda x: x / (1 + abs(x)), lambda x: (1 + abs(x))**-2.0, lambda x: -2 * np.sign(x) * (1 + abs(x))**-3.0),
        "Erf": Curve(erf, error, lambda x: -2 * x * error(x), (math.sqrt(0.5),)),
        "Gelu": Curve(lambda x: x * share(x), lambda x: share(x) + x * density(x), lambda x: density(x) * (2 - x * x), (math.sqrt(2), 2.0),
                      rises=False),
        "HardSwish": gate(1 / 6, 0.5),
        "Abs": two_slopes(-1.0),
    }


def silu():
    rise = lambda x: sigmoid(x) * sigmoid(-x)
    return Curve(lambda x: x * sigmoid(x), lambda x: sigmoid(x) + x * rise(x), lambda x: rise(x) * (2 - x * np.tanh(x / 2)),
                 (2.399357280515468, 3.435840993535111), rises=False)


def error_gate(rate):
    """x (1 + erf(rate x))."""
    error = lambda x: 2 * rate / math.sqrt(math.pi) * np.exp(-(rate * x)**2)
    return Curve(lambda x: x * (1 + erf(rate * x)), lambda x: 1 + erf(rate * x) + x * error(x),
                 lambda x: error(x) * (2 - 2 * (rate * x)**2), (1 / rate, math.sqrt(2) / rate), rises=False)


def curve_of(op, attributes):
    """The curve of an operator, or None."""
    alpha = attributes.get("alpha", {"LeakyRelu": float(np.float32(0.01)), "HardSigmoid": float(np.float32(0.2)),
                                     "Selu": 1.67326319217681884765625}.get(op, 1.0))
    if op == "LeakyRelu":
        return two_slopes(alpha)
    if op == "Elu":
        return exponential(alpha, 1.0, 1.0)
    if op == "Celu":
        return exponential(alpha, 1 / alpha, 1.0)
    if op == "Selu":
        gamma = attributes.get("gamma", 1.05070102214813232421875)
        return exponential(gamma * alpha, 1.0, gamma)
    if op == "HardSigmoid":
        return hard_sigmoid(alpha, attributes.get("beta", 0.5))
    if op == "Gelu" and attributes.get("approximate", "none") != "none":
        return None
    return smooth().get(op)


def times_x(op, attributes):
    """x times a function of x as one curve, or None."""
    if op == "Sigmoid":
        return silu()
    if op == "HardSigmoid":
        return gate(attributes.get("alpha", float(np.float32(0.2))), attributes.get("beta", 0.5))
    return None


def peak(slope, cost, e):
    """The greatest slope d - cost d^2 of 0 <= d <= e, element by element."""
    inside = np.minimum(e, slope / (2 * np.maximum(cost, 1e-300)))
    return np.where(cost > 0, slope * inside - cost * inside**2, slope * e - cost * e**2)


def bent_loss(slope, bend, jump, away, steep, most, e, rho):
    """The greatest sum of min(most, steep d, slope d + bend d^2 + jump (d - away)+) for ||d|| <= rho: "Bent losses"."""
    some = e > 0
    slope, bend, jump, away, steep, most, e = (np.broadcast_to(part, e.shape)[some] for part in (slope, bend, jump, away, steep, most, e))
    if not len(e) or rho == 0:
        return 0.0
    best = min(float(np.minimum(most, steep * e).sum()), float(np.linalg.norm(steep)) * rho)
    start = max(float(np.linalg.norm(steep)) / (2 * rho), float(bend.max()), 1e-280)
    for multiplier in [float(bend.max()) * (1 + 1e-12) + 1e-280, *(start * 2.0**-q for q in np.arange(0, 20, 0.25))]:
        bent = np.maximum(peak(slope, multiplier - bend, e), peak(slope + jump, multiplier - bend, e) - jump * away)
        each = np.minimum(np.minimum(bent, peak(steep, multiplier, e)), most)
        best = min(best, multiplier * rho**2 + float(np.maximum(each, 0).sum()))
    return best * (1 + 1e-9)


def applied(curves, x, near, whole):
    """Of a value x [C, positions] with its spreads: result, spreads, way back and cut. One curve, or one a channel."""
    rows = [(curves[0], slice(None))] if len(curves) == 1 else [(curve, slice(c, c + 1)) for c, curve in enumerate(curves)]
    moved = np.broadcast_to(near, x.shape)
    y, slope, steep, most, error = (np.zeros(x.shape) for _ in range(5))
    bounds = [np.zeros(x.shape) for _ in range(4)]
    for curve, row in rows:
        low, high = x[row] - moved[row], x[row] + moved[row]
        y[row], slope[row] = curve.f(x[row]), curve.slope(x[row])
        for bound, part in zip(bounds, curve.between(low, high)):
            bound[row] = part
        steep[row] = np.maximum(abs(bounds[0][row]), abs(bounds[1][row]))
        error[row] = 40 * UNIT * (abs(y[row]) + abs(x[row]))
        most[row] = steep[row] * moved[row]
        if curve.rises:
            most[row] = np.minimum(most[row], np.maximum(curve.f(high) - y[row], y[row] - curve.f(low)) + error[row])
    rounding = np.linalg.norm(error, axis=0)
    by_place = np.minimum(steep.max(axis=0) * near, np.linalg.norm(most, axis=0)) + rounding

    def losses(v, first):
        size = abs(v)
        against = np.maximum(0, np.where(v > 0, -bounds[2], bounds[3])) * size / 2
        jump, away = np.zeros(x.shape), np.full(x.shape, np.inf)
        for curve, row in rows:
            for at, change in curve.kinks:
                counts = (v[row] * change < 0) & (abs(x[row] - at) < moved[row])
                jump[row] += np.where(counts, abs(v[row] * change), 0)
                away[row] = np.where(counts, np.minimum(away[row], abs(x[row] - at)), away[row])
        away = np.where(jump > 0, np.maximum(away - 1e-9 * (1 + abs(x)), 0), 0)
        if first:
            return bent_loss(size * abs(slope), against, jump, away, size * steep, size * most, moved, whole)
        apart = np.maximum(bounds[1] - slope, slope - bounds[0])
        return bent_loss(size * 1e-12, against, jump, away, size * apart, np.inf, moved, whole)

    def back(v, _):
        return losses(v, False) + float(np.linalg.norm(v, axis=0) @ rounding), [v * slope]

    def cut(v):
        return losses(v, True) + float(np.linalg.norm(v, axis=0) @ rounding)

    return y, by_place, float(steep.max()) * whole + float(np.linalg.norm(rounding)), back, cut


def response(x, near, whole, shape, within, size, share, beta, bias):
    """Local response normalisation of x [C, positions]: result, spreads and way back."""
    channels, height, width = shape
    half = (size - 1) // 2
    around = size * size if within else size

    def sums(of):
        """Over what is around each element, and transposed: of what each is around of."""
        out, back = np.zeros(of.shape), np.zeros(of.shape)
        if within:
            planes = np.pad(of.reshape(len(of), height, width), ((0, 0), (half, half), (half, half)))
            out = sum(planes[:, i:i + height, j:j + width] for i in range(size) for j in range(size)).reshape(of.shape)
            return out, out
        for c in range(channels):
            first, last = max(c - half, 0), min(c + size // 2, channels - 1)
            out[c] = of[first:last + 1].sum(axis=0)
            back[first:last + 1] += of[c]
        return out, back

    squares = sums(x * x)[0]
    scale = bias + share * squares
    y = x * scale**-beta
    reach = np.minimum(np.sqrt(sums(near[None] ** 2)[0]), whole) if within else near[None]
    overlap = np.sqrt(min(around, height * width if within else channels))
    together = reach[0] if within else reach[0] * overlap
    norm = np.sqrt(squares)
    low, high = bias + share * np.maximum(0, norm - reach)**2, bias + share * (norm + reach)**2
    most, fewest, moved = low**-beta, high**-beta, abs(x) + reach
    others = 2 * beta * most * np.minimum(share * moved * (norm + reach) / low, share * (norm + reach)**2 / high)
    self_change = most - fewest
    change = 2 * beta * share * ((reach * most / low + abs(x) * (most / low - fewest / high)) * norm + moved * most / low * reach)
    others_change = np.minimum(change, 2 * others)
    rounding = 2 * (beta * (around + 8) + 16) * UNIT * np.linalg.norm(y, axis=0)
    by_place = most.max(axis=0) * near + others.max(axis=0) * together + rounding
    steepest = float((most.max(axis=0) + others.max(axis=0) * overlap).max())

    def back(v, _):
        factor = v * scale**-beta
        pulled = factor - x * sums(2 * beta * share * x * factor / scale)[1]
        own, mixed = v * self_change, v * others_change
        by_places = float(np.linalg.norm(own, axis=0) @ near + np.linalg.norm(mixed, axis=0) @ together)
        by_whole = (float(np.linalg.norm(own)) + float(np.linalg.norm(mixed)) * overlap) * whole
        pulling = (beta * (around + 8) + around + 32) * 2 * UNIT * steepest * float(np.linalg.norm(v)) * whole
        return min(by_places, by_whole) + pulling + float(np.linalg.norm(v, axis=0) @ rounding), [pulled]

    return y, by_place, steepest * whole + float(np.linalg.norm(rounding)), back


def product(a, b):
    """Of two values, b with one number a channel or as many as a: result, spreads and way back."""
    gate = np.broadcast_to(b.x, a.x.shape)
    by_channel = b.x.shape != a.x.shape
    y = a.x * gate
    near_b = np.full(a.near.shape, b.whole) if by_channel else b.near
    rounding = 4 * UNIT * np.linalg.norm(y, axis=0)
    by_place = abs(gate).max(axis=0) * a.near + (abs(a.x).max(axis=0) + a.near) * near_b + rounding
    reach = float(np.linalg.norm(a.x, axis=1).max()) if by_channel else float(abs(a.x).max())
    whole = float(abs(gate).max()) * a.whole + (reach + a.whole) * b.whole + float(np.linalg.norm(rounding))

    def back(v, _):
        of_v = float(np.linalg.norm(v, axis=1).max()) if by_channel else float(abs(v).max())
        both = min(of_v * a.whole * b.whole, float((abs(v).max(axis=0) * a.near * near_b).sum()))
        to_b = (v * a.x).sum(axis=1, keepdims=True) if by_channel else v * a.x
        pulling = 2 * (v.shape[1] + 8) * UNIT * float(abs(v * a.x).sum() * b.whole + np.linalg.norm(v * gate) * a.whole)
        return both + pulling + float(np.linalg.norm(v, axis=0) @ rounding), [v * gate, to_b]

    return y, by_place, whole, back
