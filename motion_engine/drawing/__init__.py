"""Pictures of motion: a mannequin, a rasterizer, and sheets of frames."""
