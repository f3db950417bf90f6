"""Motion onto any humanoid rig: read it, map it, align rest poses, transfer, lock the feet.

Everything here works on plain values (`Rig`) and needs numpy alone; `blender_addon` reads rigs
into these values and writes the results back.
"""
