"""Motion to Motion at the engine's rate: placing, joining, looping, retiming, blending."""
