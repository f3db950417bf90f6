"""The low-pass filter against sines, SciPy and its own promises."""

import numpy as np
import pytest
from scipy import signal

from motion_engine.smoothing import SEAM_SECONDS, low_pass, seams_smoothed

FPS = 30.0
SECONDS = np.arange(120) / FPS


def gain(hertz: float) -> float:
    wave = np.sin(2 * np.pi * hertz * SECONDS)[:, None]
    inner = slice(20, -20)
    return float(np.std(low_pass(wave, FPS)[inner]) / np.std(wave[inner]))


def test_slow_movements_pass_and_the_shaking_of_seams_does_not():
    assert gain(1.0) == pytest.approx(1.0, abs=0.01) and gain(3.0) > 0.95
    assert gain(7.5) < 0.35 and gain(11.0) < 0.02 and gain(14.0) < 0.02


def test_nothing_is_delayed_and_the_ends_stay():
    rng = np.random.default_rng(0)
    values = np.cumsum(rng.normal(size=(60, 3)), axis=0)
    smooth = low_pass(values, FPS)
    np.testing.assert_allclose(smooth[[0, -1]], values[[0, -1]], atol=1e-9)
    np.testing.assert_allclose(low_pass(values[::-1], FPS)[::-1], smooth, atol=1e-9)
    line = np.linspace(0.0, 5.0, 40)[:, None] * [1.0, -2.0]
    np.testing.assert_allclose(low_pass(line, FPS), line, atol=1e-9)


def test_it_agrees_with_scipys_window_design():
    values = np.random.default_rng(1).normal(size=(80, 2))
    reach = 7
    window = signal.windows.hann(2 * reach + 3)[1:-1]
    ideal = np.sinc(2 * 6.0 / FPS * np.arange(-reach, reach + 1)) * window
    expected = signal.oaconvolve(values, (ideal / ideal.sum())[:, None], mode="same", axes=0)
    np.testing.assert_allclose(low_pass(values, FPS)[10:-10], expected[10:-10], atol=1e-9)


@pytest.mark.parametrize("frames", [1, 2, 3, 8])
def test_short_clips_keep_their_length(frames):
    values = np.random.default_rng(2).normal(size=(frames, 4))
    smooth = low_pass(values, FPS)
    assert smooth.shape == values.shape and np.isfinite(smooth).all()
    np.testing.assert_allclose(smooth[[0, -1]], values[[0, -1]], atol=1e-9)


def test_a_jump_at_a_seam_becomes_a_movement_and_the_rest_stays():
    values = np.zeros((120, 2))
    values[62:, 0] = 1.0
    values[:, 1] = np.sin(np.arange(120))
    jump, smooth = low_pass(values, FPS), seams_smoothed(low_pass(values, FPS), FPS, [62])
    fastest = [np.abs(np.diff(v[:, 0], n=2)).max() for v in (jump, smooth)]
    assert fastest[1] < 0.5 * fastest[0]
    far = np.abs(np.arange(120) - 61.5) / FPS > SEAM_SECONDS
    np.testing.assert_array_equal(smooth[far], jump[far])


def test_without_seams_nothing_is_smoothed():
    values = np.random.default_rng(3).normal(size=(40, 3))
    np.testing.assert_array_equal(seams_smoothed(values, FPS, []), values)
