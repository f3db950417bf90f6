"""Limber's engine: everything from a sentence to the motion of any rig. Never imports bpy."""

__version__ = "0.1.0"
