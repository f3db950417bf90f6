"""Quantizers against slow references that look at every code."""

import itertools

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from hypothesis import given
from hypothesis import strategies as st

from motion_engine.codecs.lookup_free_quantizer import LookupFreeQuantizer, entropy_penalty
from motion_engine.codecs.residual_quantizer import ResidualQuantizer
from motion_engine.codecs.scalar_quantizer import ScalarQuantizer

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("own_codebooks", [False, True])
def test_residual_codes_are_the_nearest_of_each_layer(own_codebooks):
    torch.manual_seed(0)
    quantizer = ResidualQuantizer(2, 3, 16, 4, own_codebooks).eval()
    quantizer.gains.uniform_(0.3, 2.0)
    latents = torch.randn(1, 5, 2, 4)
    found = quantizer(latents)
    for frame, part in itertools.product(range(5), range(2)):
        residual = latents[0, frame, part].clone()
        for layer in range(3):
            first = 16 * layer if own_codebooks else 0
            codes = quantizer.gains[part, layer] * quantizer.codebook[first : first + 16]
            distances = [float((residual - code).square().sum()) for code in codes]
            assert int(found.codes[0, frame, part, layer]) == int(np.argmin(distances))
            residual = residual - codes[int(np.argmin(distances))]
    torch.testing.assert_close(quantizer.dequantize(found.codes), found.latents)


def test_own_codebooks_learn_each_from_their_own_layer():
    torch.manual_seed(0)
    quantizer = ResidualQuantizer(1, 2, 8, 2, own_codebooks=True)
    before = quantizer.codebook.clone()
    quantizer(torch.randn(4, 32, 1, 2), layers=1)
    assert not torch.equal(quantizer.codebook[:8], before[:8])
    torch.testing.assert_close(quantizer.codebook[8:], before[8:])


@given(st.lists(st.integers(2, 8), min_size=1, max_size=5), st.integers(0, 10_000))
def test_scalar_codes_are_the_nearest_points_of_the_grid(levels, seed):
    quantizer = ScalarQuantizer(tuple(levels)).eval()
    latents = torch.randn(1, 7, 2, len(levels), generator=torch.Generator().manual_seed(seed))
    found = quantizer(latents)
    assert quantizer.cardinality == np.prod(levels)
    for value, code in zip(latents.flatten(0, 2), found.codes.flatten()):
        squashed, rest = np.tanh(value.numpy()), int(code)
        for x, count in zip(squashed, levels):
            grid = np.linspace(-1.0, 1.0, count)
            chosen, rest = rest % count, rest // count
            assert np.abs(grid - x).min() == pytest.approx(abs(grid[chosen] - x), abs=1e-6)
    torch.testing.assert_close(quantizer.dequantize(found.codes), found.latents)


def test_every_scalar_code_is_reachable():
    quantizer = ScalarQuantizer((7, 5, 5, 5, 5)).eval()
    codes = torch.arange(quantizer.cardinality)[None, :, None, None]
    inside = torch.atanh(quantizer.dequantize(codes).clamp(-0.999, 0.999))
    torch.testing.assert_close(quantizer(inside).codes, codes)


def test_lookup_free_codes_spell_the_signs():
    quantizer = LookupFreeQuantizer(14)
    codes = torch.randint(2**14, (2, 5, 3, 1))
    signs = quantizer.dequantize(codes)
    assert set(signs.unique().tolist()) == {-1.0, 1.0}
    magnitude = torch.rand_like(signs) + 0.1
    torch.testing.assert_close(quantizer(signs * magnitude).codes, codes)
    bits = [(int(codes[0, 0, 0, 0]) >> i) & 1 for i in range(14)]
    assert bits == [int(sign > 0) for sign in signs[0, 0, 0]]


def test_the_entropy_penalty_is_that_of_a_softmax_over_all_codes():
    latents = 0.3 * torch.randn(40, 6, dtype=torch.float64)
    corners = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=6)), dtype=torch.float64)
    chances = (-torch.cdist(latents, corners).square()).softmax(-1)
    single = -(chances * chances.log()).sum(-1).mean()
    mean = chances.mean(0)
    wanted = (single + (mean * mean.log()).sum()) / 6
    torch.testing.assert_close(entropy_penalty(latents), wanted, atol=1e-6, rtol=1e-5)


def test_the_entropy_penalty_wants_clear_decisions_and_all_codes():
    clear = 2.0 * torch.randint(2, (4096, 14)).float() - 1.0
    assert entropy_penalty(clear) < -0.5
    assert entropy_penalty(torch.zeros(64, 14)).abs() < 1e-5
    assert entropy_penalty(torch.ones(64, 14)).abs() < 0.1


@pytest.mark.parametrize(
    "quantizer",
    [ResidualQuantizer(1, 2, 16, 3), ScalarQuantizer((5, 5, 5)).eval(), LookupFreeQuantizer(3)],
)
def test_gradients_pass_straight_through(quantizer):
    latents = torch.randn(1, 4, 1, 3, requires_grad=True)
    quantizer(latents).latents.sum().backward()
    assert (latents.grad > 0).all()


@pytest.mark.parametrize("scale, offset", [(1e-3, 0.0), (50.0, 3.0)])
def test_scalar_codes_are_in_use_whatever_the_encoder_starts_with(scale, offset):
    torch.manual_seed(0)
    quantizer = ScalarQuantizer((5, 5))
    codes = quantizer(scale * torch.randn(4, 200, 1, 2) + offset).codes
    assert len(codes.unique()) == 25
