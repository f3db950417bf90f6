"""Roles from the words in bone names, whatever the convention: LeftUpLeg, thigh.L, Bip01 L Calf."""

from __future__ import annotations

import re
from collections import defaultdict

from .rig import Bone, Rig
from .roles import CHAINS, FINGERS, REQUIRED, SIDES

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_LEFT, _RIGHT = {"left", "l", "lft", "lf"}, {"right", "r", "rgt", "rt"}
_DECORATION = {
    *("def", "deform", "bone", "bip", "j", "jnt", "joint", "c", "cc", "base", "mixamorig", "b"),
    *("bn", "skin", "sk", "rig", "m", "ct", "character", "armature", "bind", "x", "human"),
}
_HELPERS = {
    *("ik", "mch", "org", "ctrl", "control", "pole", "target", "tweak", "vis", "end", "tip", "nub"),
    *("twist", "roll", "helper", "leaf", "fk", "share", "volume", "corrective", "drv", "goal"),
}

_CENTRE = {
    "pelvis": {"pelvis", "hips", "hip"},
    "spine": {
        *("spine", "chest", "upperchest", "torso", "waist", "ribcage", "abdomen", "lowerback"),
        *("upperback", "thorax", "belly", "stomach", "spinelower", "spineupper", "spinemid"),
        *("abdomenlower", "abdomenupper", "chestlower", "chestupper", "body", "back"),
    },
    "neck": {"neck", "neckupper", "necklower"},
    "head": {"head"},
    "jaw": {"jaw", "lowerjaw"},
}
_SIDED = {
    "collar": {"collar", "clavicle", "collarbone", "clav", "shoulder", "scapula"},
    "shoulder": {"upperarm", "uparm", "arm", "armupper", "humerus", "shldr", "bicep", "shoulder"},
    "elbow": {"forearm", "lowerarm", "lowarm", "armlower", "elbow", "loarm", "forarm"},
    "wrist": {"hand", "wrist"},
    "hip": {"thigh", "upleg", "upperleg", "legupper", "femur", "hip", "leg"},
    "knee": {"shin", "calf", "lowerleg", "lowleg", "leglower", "knee", "leg", "loleg", "tibia"},
    "ankle": {"foot", "ankle"},
    "foot": {"toe", "toes", "toebase", "ball", "football", "toe0"},
    "eye": {"eye", "eyeball"},
}
_FINGER_WORDS = {
    "thumb": {"thumb"},
    "index": {"index", "pointer", "findex"},
    "middle": {"middle", "mid", "fmiddle"},
    "ring": {"ring", "fring"},
    "pinky": {"pinky", "little", "fpinky", "pinkie"},
}


def roles_by_words(rig: Rig) -> dict[str, tuple[str, ...]]:
    """Role to bones, as far as words tell; of several candidates the one nearest to the body."""
    found: dict[str, list[str]] = defaultdict(list)
    bones = [bone for bone in rig.bones if bone.deforms] or list(rig.bones)
    for bone in bones:
        for role in _roles_of(bone):
            found[role].append(bone.name)
    _settle_ambiguous(rig, found)
    result = {}
    for role, names in found.items():
        names = _one_line(rig, names)
        result[role] = tuple(names) if role in CHAINS else (names[0],)
    result |= _fingers(rig, bones)
    return result if _sides_lie_apart(rig, result) else {}


def _split(bone: Bone) -> tuple[str, str, str]:
    """Side ("left", "right" or ""), compact word and number of a bone's name."""
    words = [word.lower() for word in _WORDS.findall(bone.name)]
    side = number = ""
    rest = []
    for word in words:
        if word in _LEFT or word in _RIGHT:
            side = "left" if word in _LEFT else "right"
        elif word.isdigit():
            number = word
        elif word in _HELPERS:
            return "", "", ""
        elif word not in _DECORATION:
            rest.append(word)
    return side, "".join(rest), number


def _roles_of(bone: Bone) -> list[str]:
    side, word, _ = _split(bone)
    if not word:
        return []
    if not side:
        return [role for role, words in _CENTRE.items() if word in words]
    return [f"{side}_{joint}" for joint, words in _SIDED.items() if word in words]


def _settle_ambiguous(rig: Rig, found: dict[str, list[str]]) -> None:
    """ "Shoulder" is a collar where an arm hangs below it; "leg" is a shin where a thigh is above."""
    for side in SIDES:
        for upper, lower in (("collar", "shoulder"), ("hip", "knee")):
            upper, lower = f"{side}_{upper}", f"{side}_{lower}"
            both = [name for name in found[upper] if name in found[lower]]
            for name in both:
                alone = found[lower] == [name] if upper.endswith("collar") else False
                has_other = any(other != name for other in found[upper])
                if upper.endswith("collar"):
                    found[upper if alone else lower].remove(name)
                else:
                    found[upper if has_other else lower].remove(name)
    for role in [role for role, names in found.items() if not names]:
        del found[role]


def _one_line(rig: Rig, names: list[str]) -> list[str]:
    """The topmost of some bones, and those of them that hang below it, one below the other."""
    names = sorted(names, key=lambda name: len(rig.ancestors(name)))
    line = names[:1]
    for name in names[1:]:
        if rig.descends(name, line[-1]):
            line.append(name)
    return line


def _fingers(rig: Rig, bones: list[Bone]) -> dict[str, tuple[str, ...]]:
    """Finger bones in order below their hand: a metacarpal is left out where there are four."""
    found: dict[str, list[str]] = defaultdict(list)
    for bone in bones:
        side, word, _ = _split(bone)
        word = re.sub(r"(hand|finger|proximal|intermediate|distal|metacarpal)", "", word)
        for finger in FINGERS:
            if side and word in _FINGER_WORDS[finger]:
                found[f"{side}_{finger}"].append(bone.name)
    result = {}
    for finger, names in found.items():
        names = _one_line(rig, names)
        if len(names) > 3 and not finger.endswith("thumb"):
            names = names[1:]
        for number, name in enumerate(names[:3], start=1):
            result[f"{finger}{number}"] = (name,)
    return result


def _sides_lie_apart(rig: Rig, found: dict[str, tuple[str, ...]]) -> bool:
    """Left and right bones of one kind are different bones at different places."""
    for role in REQUIRED:
        if role.startswith("left_") and role in found:
            other = found.get(role.replace("left", "right"))
            if other and abs(rig[found[role][0]].head - rig[other[0]].head).max() < 1e-6:
                return False
    return True
