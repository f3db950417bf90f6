"""Which bone plays which role: name tables, then readable names, then topology and geometry."""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, replace

from ..errors import LimberError
from .control_families import AUTO_RIG_PRO, CLOUDRIG, RIGIFY, RIGIFY_METARIG
from .controls import Controls, controls_of, follow_constraints
from .families import (
    CHARACTER_CREATOR,
    DAZ,
    DAZ_9,
    MIXAMO,
    SMPL_X,
    UNREAL,
    VRM,
    VROID,
    Family,
    plain,
)
from .geometry import roles_by_geometry
from .readable_names import roles_by_words
from .rig import Rig, checked
from .roles import CHAINS, REQUIRED, ROLES, SIDES, TWISTS

FAMILIES = (
    *(RIGIFY, AUTO_RIG_PRO, CLOUDRIG, RIGIFY_METARIG),
    *(MIXAMO, UNREAL, VROID, VRM, CHARACTER_CREATOR, DAZ, DAZ_9, SMPL_X),
)
TABLE, WORDS, GEOMETRY, BY_HAND = 1.0, 0.85, 0.6, 1.0
PROFILE_VERSION = 1
_BY_HAND_REASON = "set by hand"
_ENOUGH_OF_A_TABLE = 0.7


@dataclass(frozen=True)
class Match:
    """The bones of one role (several for chains), how sure that is (0..1), and why."""

    bones: tuple[str, ...]
    confidence: float
    reason: str


@dataclass(frozen=True)
class Mapping:
    """Roles of a rig's bones. ``matches`` name the bones that deform; ``controls`` what is keyed."""

    rig: str
    family: str
    matches: MappingType[str, Match]
    controls: Controls

    @property
    def confidence(self) -> float:
        """That of the least sure required role; 0 where one is missing."""
        return min(
            (self.matches[role].confidence if role in self.matches else 0.0) for role in REQUIRED
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """Required roles without a bone."""
        return tuple(role for role in REQUIRED if role not in self.matches)

    @property
    def looks_human(self) -> bool:
        """Whether at least half of the required roles have a bone."""
        return len(self.missing) <= len(REQUIRED) // 2

    def bone(self, role: str) -> str:
        """The first bone of a role."""
        return self.matches[role].bones[0]

    def __contains__(self, role: str) -> bool:
        return role in self.matches

    def with_bone(self, rig: Rig, role: str, *bones: str) -> Mapping:
        """The mapping with one role set by hand; no bones take the role away."""
        if role not in ROLES:
            raise LimberError(f"There is no role {role}; choose from {', '.join(ROLES)}.")
        for bone in bones:
            if bone not in rig:
                raise LimberError(f"{rig.name} has no bone {bone}; choose one of its own.")
        found = {name: match.bones for name, match in self.matches.items() if name != role}
        matches = {name: match for name, match in self.matches.items() if name != role}
        if bones:
            found[role] = bones
            matches[role] = Match(bones, BY_HAND, _BY_HAND_REASON)
        return replace(self, matches=matches, controls=_controls(rig, matches, self.family))


def map_rig(rig: Rig, given: MappingType[str, str] | None = None) -> Mapping:
    """Find the humanoid in a rig; ``given`` are bones that the user has chosen (`with_chosen`).

    Raises LimberError, naming role and cure, where bones are missing or two fit equally.
    """
    mapping = with_chosen(rig, find_roles(rig), given or {})
    check_usable(rig, mapping)
    return mapping


def find_roles(rig: Rig) -> Mapping:
    """What can be read of the humanoid in a rig, be it complete or not."""
    checked(rig)
    family, matches = _as_declared(rig) or _by_table(rig)
    for roles, confidence, reason in (
        (roles_by_words, WORDS, "by the words in its name"),
        (roles_by_geometry, GEOMETRY, "by place and shape"),
    ):
        if all(role in matches for role in REQUIRED):
            break
        found = roles(rig)
        if matches and not _agree(matches, found):
            family, matches = "", {}
        for role, bones in found.items():
            taken = {bone for match in matches.values() for bone in match.bones}
            if role not in matches and not taken & set(bones):
                matches[role] = Match(bones, confidence, reason)
        if not _plausible(rig, matches):
            family, matches = "", {}
    if not any(f.name == family and f.controls for f in FAMILIES):
        _add_what_words_tell(rig, matches)
    return Mapping(rig.name, family or "unknown", matches, _controls(rig, matches, family))


def check_usable(rig: Rig, mapping: Mapping) -> None:
    """Raises LimberError where required roles have no bone, or where two bones fit one."""
    _refuse_twins(rig, mapping)
    missing = mapping.missing
    if not mapping.looks_human:
        raise LimberError(
            f"{rig.name} does not look like a humanoid (no bones for {', '.join(missing[:4])}...); "
            "choose a two-legged character, or set its roles by hand."
        )
    if missing:
        raise LimberError(
            f"{rig.name}: no bone found for {', '.join(missing)}; set the role by hand, "
            "with --role ROLE=BONE or in the panel."
        )


def with_chosen(rig: Rig, mapping: Mapping, chosen: MappingType[str, str]) -> Mapping:
    """The mapping with bones that the user names, by role; those of a chain with commas between."""
    for role, text in chosen.items():
        names = [text] if text in rig else [name.strip() for name in text.split(",")]
        mapping = mapping.with_bone(rig, role, *names)
    return mapping


def _add_what_words_tell(rig: Rig, matches: dict[str, Match]) -> None:
    """Roles beside the required ones, and a longer spine, that a table did not know."""
    reason = "by the words in its name"
    for role, bones in roles_by_words(rig).items():
        taken = {bone for name, match in matches.items() if name != role for bone in match.bones}
        if taken & set(bones):
            continue
        known = matches.get(role)
        if known is None or role in CHAINS and set(known.bones) < set(bones):
            matches[role] = Match(bones, WORDS, reason)


def to_profile(mapping: Mapping) -> str:
    """The mapping as JSON, to be saved on the armature or shared as a file."""
    roles = {
        role: {"bones": list(match.bones), "confidence": match.confidence, "reason": match.reason}
        for role, match in mapping.matches.items()
    }
    profile = {"limber_profile": PROFILE_VERSION, "family": mapping.family, "roles": roles}
    return json.dumps(profile, indent=1)


def profile_matches(text: str) -> tuple[str, dict[str, Match]]:
    """Family and matches by role that a profile holds, whatever the rig."""
    try:
        profile = json.loads(text)
        version, family = profile["limber_profile"], str(profile["family"])
        matches = {
            str(role): Match(
                tuple(map(str, match["bones"])), float(match["confidence"]), str(match["reason"])
            )
            for role, match in profile["roles"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LimberError("This is no Limber profile; save one from a mapped rig.") from error
    if version != PROFILE_VERSION:
        raise LimberError(f"The profile has version {version}; save it again with this Limber.")
    for role, match in matches.items():
        if role not in ROLES or not match.bones:
            raise LimberError(f"The profile names an unknown role {role}; save it again.")
    return family, matches


def from_profile(rig: Rig, text: str) -> Mapping:
    """The mapping that a profile holds, for a rig with those bones."""
    family, matches = profile_matches(text)
    absent = [bone for match in matches.values() for bone in match.bones if bone not in rig]
    if absent:
        raise LimberError(f"{rig.name} lacks the profile's bone {absent[0]}; map the rig anew.")
    return Mapping(rig.name, family, matches, _controls(rig, matches, family))


def _as_declared(rig: Rig) -> tuple[str, dict[str, Match]] | None:
    """What a VRM file says of itself, where that is complete."""
    declared = {plain(name).replace("_", ""): bone for name, bone in rig.human_bones}
    found = _look_up(declared, VRM.names(VRM.bones, VRM.fingers))
    if any(role not in found for role in REQUIRED):
        return None
    reason = "declared in the file"
    return VRM.name, {role: Match(bones, TABLE, reason) for role, bones in found.items()}


def _by_table(rig: Rig) -> tuple[str, dict[str, Match]]:
    """The table that knows most of the rig's required bones, and what it says."""
    names = _plain_names(rig)
    best: tuple[float, str, dict[str, tuple[str, ...]]] = (0.0, "", {})
    for family in FAMILIES:
        found = _look_up(names, family.names(family.bones, family.fingers))
        score = sum(role in found for role in REQUIRED) / len(REQUIRED)
        if score > best[0] and _hangs_together(rig, names, family, found):
            best = score, family.name, found
    score, family_name, found = best
    if score < _ENOUGH_OF_A_TABLE:
        return "", {}
    reason = f"named so in {family_name} rigs"
    return family_name, {role: Match(bones, TABLE, reason) for role, bones in found.items()}


def _plain_names(rig: Rig) -> dict[str, str]:
    """Plain name to bone; of two bones of one plain name the deforming one, else neither."""
    found: dict[str, str] = {}
    for bone in sorted(rig.bones, key=lambda bone: not bone.deforms):
        name = plain(bone.name)
        if name not in found:
            found[name] = bone.name
    return found


def _look_up(
    names: dict[str, str], table: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Role to the first of its candidates that there is, or, for chains, all of them."""
    found = {}
    for role, candidates in table.items():
        bones = [names[name] for name in candidates if name in names]
        if bones:
            found[role] = tuple(bones if role in CHAINS + TWISTS else bones[:1])
    for role in [role for role in TWISTS if role in found]:
        limb = found.get(role.removesuffix("_twist"), ())
        found[role] = tuple(bone for bone in found[role] if bone not in limb)
    if "pelvis" not in found and len(found.get("spine", ())) > 1:
        found["pelvis"], found["spine"] = found["spine"][:1], found["spine"][1:]
    return {role: bones for role, bones in found.items() if bones}


def _hangs_together(
    rig: Rig, names: dict[str, str], family: Family, found: dict[str, tuple[str, ...]]
) -> bool:
    """Whether the limbs of a family hang together, by their own bones or by their controls."""
    controls = _look_up(names, family.names(family.controls, family.control_fingers))
    has_controls = all(role in controls for role in REQUIRED)
    return _chains_hang_together(rig, found) or (
        has_controls and _chains_hang_together(rig, controls)
    )


def _chains_hang_together(rig: Rig, found: dict[str, tuple[str, ...]]) -> bool:
    """Whether limbs that were found hang below one another as limbs do."""
    for side in SIDES:
        for start, end in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow")):
            a, b = found.get(f"{side}_{start}"), found.get(f"{side}_{end}")
            if a and b and not rig.descends(b[0], a[0]):
                return False
    return True


def _plausible(rig: Rig, matches: dict[str, Match]) -> bool:
    return _chains_hang_together(rig, {role: match.bones for role, match in matches.items()})


def _agree(matches: dict[str, Match], found: dict[str, tuple[str, ...]]) -> bool:
    """Whether a second opinion names the same bones for at least half of what both know."""
    both = [role for role in found if role in matches and role in REQUIRED]
    same = sum(found[role][0] in matches[role].bones for role in both)
    return not both or same * 2 >= len(both)


def _controls(rig: Rig, matches: dict[str, Match], family_name: str) -> Controls:
    """What is keyed: the family's controls, but bones chosen by hand where these are controls."""
    bones = {role: match.bones for role, match in matches.items()}
    family: Family | None = next((f for f in FAMILIES if f.name == family_name), None)
    if family is None or not family.controls:
        return follow_constraints(rig, bones)
    names = _plain_names(rig)
    table = _look_up(names, family.names(family.controls, family.control_fingers))
    if any(role not in table for role in REQUIRED):
        return follow_constraints(rig, bones)
    chosen = {
        role: match.bones
        for role, match in matches.items()
        if match.reason == _BY_HAND_REASON and not any(rig[bone].deforms for bone in match.bones)
    }
    return controls_of(rig, family, table | chosen, names)


def _refuse_twins(rig: Rig, mapping: Mapping) -> None:
    """Two deforming bones whose names differ in decoration alone cannot be told apart."""
    for role in REQUIRED:
        match = mapping.matches.get(role)
        if match is None or match.reason == _BY_HAND_REASON or role in CHAINS:
            continue
        name = plain(match.bones[0])
        twins = [bone.name for bone in rig.bones if bone.deforms and plain(bone.name) == name]
        if len(twins) > 1:
            raise LimberError(
                f"{rig.name}: {' and '.join(twins[:2])} could both be {role}; choose one, "
                f"with --role {role}=BONE or in the panel."
            )
