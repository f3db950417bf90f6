"""Pins met on the rig itself: its own channels are corrected until Blender's evaluation is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from motion_engine.edit.curves import smooth_step
from motion_engine.errors import LimberError
from motion_engine.finish.pins import FARTHEST_LEAN_M, Pin, pin_weights, spread
from motion_engine.foot_lock import spans
from motion_engine.retarget.alignment import align
from motion_engine.retarget.rig_motion import BoneTrack, channel_values

from .action import Channel, curves_in, scene_fps
from .armature import read_mapping, read_rig
from .holds import HeldRig, LimbHold, LookHold, limb_part
from .limb_modes import limb_mode
from .pins import PinAsked, place_of
from .posed_bones import PosedBones, posed_bones, trying
from .rig_action import Passage, fill_range
from .steps import Work

_NEAR_M, _ALLOWED_M = 0.0005, 0.01
_NEAR_RAD, _ALLOWED_RAD = np.radians([0.2, 3.0])
_PASSES, _LEANS, _SMALL_LEAN = 6, 3, 0.1
_FEET = ("left_foot", "right_foot")


@dataclass(frozen=True, eq=False)
class Held:
    """An Action in whose ``frames [F]`` (all of them, one after the other) pins hold on a rig;
    ``kept`` are frames of keys that stay as they are."""

    rig: bpy.types.Object
    action: bpy.types.Action
    slot: str
    frames: np.ndarray
    kept: tuple[float, ...] = ()


def hold_pins(held: Held, pins: Sequence[PinAsked]) -> Work[None]:
    """Change the Action, which may be played by nothing, so that the rig meets the pins.

    Only the limbs that are held are keyed anew, while they are and half a second before and after;
    where one is too short, the hips lean over and the feet stay. Raises LimberError for places out
    of reach and for rigs that do not get there.
    """
    if pins:
        yield from _Holding(held, pins).work()


def pin_modes(
    rig: bpy.types.Object, pins: Sequence[PinAsked], frames: np.ndarray
) -> dict[str, str]:
    """``fk`` or ``ik`` by effector, as the rig now plays; LimberError for limbs between the two."""
    mapping, fps = read_mapping(rig), scene_fps()
    found = {}
    for effector in {pin.effector for pin in pins} - {"head"}:
        seconds = _in_seconds([p for p in pins if p.effector == effector], int(frames[0]), fps)
        weights = pin_weights(seconds, len(frames), fps)
        touched = frames[np.any(np.array(weights) > 0.0, axis=0)]
        found[effector] = limb_mode(rig, mapping, limb_part(effector), touched)
    return found


class _Holding:
    """One Action's pins, pass by pass."""

    def __init__(self, held: Held, pins: Sequence[PinAsked]):
        self.held, self.pins = held, pins
        self.targets = [(pin.find_target(), pin.vertex) for pin in pins]
        rig = read_rig(held.rig)
        mapping = read_mapping(held.rig, rig)
        self.read = HeldRig(rig, mapping, align(rig, mapping))
        scale = bpy.context.scene.unit_settings.scale_length
        self.metres = rig.world_scale * scale
        self.holds, self.frames = [], held.frames
        weights = self._weights()
        touched = np.flatnonzero(np.any([w.any(0) for w in weights.values()], axis=0))
        window = slice(touched[0], touched[-1] + 1)
        self.frames = held.frames[window]
        self.holds = list(self._holds({name: w[:, window] for name, w in weights.items()}))

    def work(self) -> Work[None]:
        posed = yield from self._posed()
        for hold in self.holds:
            hold.aim(posed)
        is_leaning = yield from self._lean(posed)
        for done in range(_PASSES):
            posed = yield from self._posed()
            for hold in self.holds:
                hold.follow(posed)
            # Feet that stay while the hips lean do so as well as they can: nothing measures them.
            is_first = done < (2 if is_leaning else 1)
            open_holds = [h for h in self.holds if is_first or self._worst(h, posed)[0] > 1.0]
            if not open_holds:
                return
            for hold in (hold for hold in open_holds if hold.active.any()):
                yield from self._write(hold.tracks(posed), hold.active)
        posed = yield from self._posed()
        for hold in self.holds:
            self._check(hold, posed)

    def _limbs(self) -> list[LimbHold]:
        return [hold for hold in self.holds if isinstance(hold, LimbHold)]

    def _weights(self) -> dict[str, np.ndarray]:
        """For every effector, the weights ``[n, F]`` of its pins."""
        fps, first = scene_fps(), int(self.held.frames[0])
        kept = [(frame - first) / fps for frame in self.held.kept]
        found = {}
        for effector in dict.fromkeys(pin.effector for pin in self.pins):
            own = [pin for pin in self.pins if pin.effector == effector]
            seconds = _in_seconds(own, first, fps)
            found[effector] = np.array(pin_weights(seconds, len(self.held.frames), fps, kept))
        return found

    def _holds(self, weights: dict[str, np.ndarray]) -> Iterator[LimbHold | LookHold]:
        """What is held; feet that are not are there too, for the case that the hips will lean."""
        with trying(self.held.rig, self.held.action, self.held.slot):
            modes = pin_modes(self.held.rig, self.pins, self.held.frames)
        for effector, own in weights.items():
            places = tuple(i for i, pin in enumerate(self.pins) if pin.effector == effector)
            if effector == "head":
                yield LookHold(self.read, own, places)
            else:
                yield self._limb(effector, own, places, modes[effector])
        nowhere = np.zeros((0, len(self.frames)))
        for effector in (foot for foot in _FEET if foot not in weights):
            yield self._limb(effector, nowhere, (), "")

    def _limb(
        self, effector: str, weights: np.ndarray, places: tuple[int, ...], mode: str
    ) -> LimbHold:
        limb = self.read.mapping.controls.limbs.get(limb_part(effector))
        keyed = {c.data_path for c in curves_in(self.held.action, self.held.slot)}
        goal = limb.goal if limb is not None else ""
        also_goal = bool(goal) and _path(goal, "location") in keyed
        return LimbHold(self.read, effector, weights, places, mode, also_goal)

    def _posed(self) -> Work[PosedBones]:
        mover = self.read.mapping.controls.mover
        bones = sorted(set().union({mover}, *(hold.bones for hold in self.holds)))
        held = self.held
        return (
            yield from posed_bones(
                *(held.rig, held.action, held.slot, self.frames, bones),
                lambda: [place_of(*target) for target in self.targets],
            )
        )

    def _lean(self, posed: PosedBones) -> Work[bool]:
        """Move the hips towards what is out of a limb's reach, and let the feet stay; whether there
        was need."""
        shift = self._shift(posed)
        leaning = np.linalg.norm(shift, axis=-1) > 0.0
        if not leaning.any():
            return False
        for hold in self._feet():
            hold.stay(leaning)
            hold.mode = hold.mode or self._mode(hold.effector)
        mover = self.read.mapping.controls.mover
        yield from self._write([self.read.moved(posed, mover, shift)], leaning)
        return True

    def _shift(self, posed: PosedBones) -> np.ndarray:
        """How far ``[F, 3]`` the hips go: towards the places, and down as far as the feet need."""
        up, fps = self.read.alignment.up, scene_fps()
        farthest = FARTHEST_LEAN_M * self.read.alignment.units_per_metre
        shift = np.zeros((len(self.frames), 3))
        for done in range(_LEANS):
            for hold in self._limbs():
                missing, ways = hold.out_of_reach(posed, shift)
                for number, weight, beyond, way in zip(hold.places, hold.weights, missing, ways):
                    beyond = np.where(weight >= 1.0, np.maximum(beyond, 0.0), 0.0)
                    if beyond.max() > farthest:
                        self._refuse_reach(self.pins[number], beyond)
                    shift = shift + (weight * spread(beyond, fps))[:, None] * way
            if done == _LEANS - 1 or not shift.any():
                break
            share = smooth_step(np.linalg.norm(shift, axis=-1) / (_SMALL_LEAN * farthest))
            too_high = np.max([foot.too_high(posed, shift, up) for foot in self._feet()], axis=0)
            shift = shift - (share * spread(too_high, fps))[:, None] * up
        return shift

    def _feet(self) -> list[LimbHold]:
        return [hold for hold in self._limbs() if hold.effector in _FEET]

    def _mode(self, effector: str) -> str:
        with trying(self.held.rig, self.held.action, self.held.slot):
            return limb_mode(self.held.rig, self.read.mapping, limb_part(effector), self.frames)

    def _worst(self, hold: LimbHold | LookHold, posed: PosedBones) -> tuple[float, int, float]:
        """What is missing at most, against what counts as met; the frame's number; metres or
        radians."""
        missing = hold.missing(posed)
        near = _NEAR_RAD
        if isinstance(hold, LimbHold):
            missing, near = missing * self.metres, _NEAR_M
        at = int(np.argmax(missing))
        return float(missing[at] / near), at, float(missing[at])

    def _check(self, hold: LimbHold | LookHold, posed: PosedBones) -> None:
        _, at, missing = self._worst(hold, posed)
        frame = self.frames[at]
        if isinstance(hold, LookHold):
            if missing > _ALLOWED_RAD:
                raise LimberError(
                    f"The head of {self.held.rig.name} looks {np.degrees(missing):.0f} degrees past "
                    f"its target at frame {frame}; a lock or constraint holds neck or head back."
                )
        elif missing > _ALLOWED_M:
            raise LimberError(
                f"The {hold.effector.replace('_', ' ')} of {self.held.rig.name} stays "
                f"{100.0 * missing:.1f} cm away from its pin at frame {frame}; a lock, limit or "
                "constraint holds it back."
            )

    def _refuse_reach(self, pin: PinAsked, beyond: np.ndarray) -> None:
        at = int(np.argmax(beyond))
        raise LimberError(
            f"The pin {pin} is {beyond[at] * self.metres:.2f} m out of reach at frame "
            f"{self.frames[at]}; move it nearer, or lead the character there."
        )

    def _write(self, tracks: Iterable[BoneTrack], active: np.ndarray) -> Work[None]:
        """Write the tracks' channels into the Action, at active frames alone."""
        held = self.held
        curves = {(c.data_path, c.array_index): c for c in curves_in(held.action, held.slot)}
        written = [channel for track in tracks for channel in self._channels(track, curves)]
        for first, stop in spans(active):
            passage = Passage(
                self.frames[first:stop],
                np.ones(stop - first),
                is_first=self.frames[first] == held.frames[0],
                is_last=self.frames[stop - 1] == held.frames[-1],
            )
            cut = [_cut(channel, first, stop) for channel in written]
            yield from fill_range(held.action, held.slot, held.rig, cut, passage)

    def _channels(self, track: BoneTrack, curves: dict) -> Iterator[Channel]:
        if track.locations is not None:
            yield Channel(_path(track.bone, "location"), track.bone, track.locations)
        if track.rotations is not None:
            name, _ = channel_values(track.rotations[:1], track.rotation_mode)
            path = _path(track.bone, name)
            # Beside what was keyed before, an angle has the form that is nearest to it.
            curve = [curves.get((path, index)) for index in range(4 if "euler" not in name else 3)]
            near = None
            if "euler" in name and all(curve):
                near = np.array([c.evaluate(self.frames[0]) for c in curve])
            _, values = channel_values(track.rotations, track.rotation_mode, near)
            yield Channel(path, track.bone, values, track.rotation_mode)


def _cut(channel: Channel, first: int, stop: int) -> Channel:
    return Channel(channel.path, channel.group, channel.values[first:stop], channel.rotation_mode)


def _path(bone: str, name: str) -> str:
    return f'pose.bones["{bpy.utils.escape_identifier(bone)}"].{name}'


def _in_seconds(pins: Sequence[PinAsked], first: int, fps: float) -> list[Pin]:
    """The pins' times from the frame ``first`` on; their places are read later."""
    return [
        Pin(pin.effector, (pin.first - first) / fps, (pin.last - first) / fps, (0.0, 0.0, 0.0))
        for pin in pins
    ]
