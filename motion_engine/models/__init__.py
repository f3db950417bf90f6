"""Models: their folders and weights, and what runs them, with numpy or with torch."""
